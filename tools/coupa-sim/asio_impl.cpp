// The compiled parts of Asio and Beast, for programs that do not get them from pofetch.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
