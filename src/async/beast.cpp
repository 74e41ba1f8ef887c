// The one translation unit that compiles Beast (BOOST_BEAST_SEPARATE_COMPILATION), as asio.cpp does Asio.
#include <boost/beast/core/detail/config.hpp>
#ifndef __clang__
#undef BOOST_BEAST_DECL
#define BOOST_BEAST_DECL inline __attribute__((used))
#endif
#include <boost/beast/src.hpp>
