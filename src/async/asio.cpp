// The one translation unit that compiles Asio (BOOST_ASIO_SEPARATE_COMPILATION): as inline functions, all of which are
// kept. A program that uses the library may compile Asio again, by its headers alone; inline functions and their static
// variables (the signals that are waited for, say) are then one in the program, where plain ones would be two.
#define BOOST_ASIO_DECL inline __attribute__((used))
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
