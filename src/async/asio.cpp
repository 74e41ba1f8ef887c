// The one translation unit that compiles Asio (BOOST_ASIO_SEPARATE_COMPILATION).
//
// As inline functions, all of which are kept: a program that uses the library may compile Asio again, by its
// headers alone. Inline functions and their static variables (the signals that are waited for, say) are then
// one in the program, where plain ones would be two. clang keeps only half of a constructor that way; built
// with clang, the library asks its users for the definition instead (src/CMakeLists.txt).
#ifndef __clang__
#define BOOST_ASIO_DECL inline __attribute__((used))
#endif
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
