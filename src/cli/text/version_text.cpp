#include "cli/text/help.hpp"

#include <pofetch/version.hpp>

#include <boost/version.hpp>
#include <fmt/format.h>
#include <libxml/xmlversion.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

namespace pofetch::cli {

namespace {

#if defined(__clang__)
constexpr const char* compiler = "clang " __clang_version__;
#elif defined(__GNUC__)
constexpr const char* compiler = "GCC " __VERSION__;
#else
constexpr const char* compiler = "unknown compiler";
#endif

}  // namespace

std::string version_text() {
  // Where a library tells, this is the version that is loaded, not that of the build.
  return fmt::format("pofetch {}\nCompiler: {}\nBoost: {}.{}.{}\nOpenSSL: {}\nSQLite: {}\nlibxml2: {}\n",
                     pofetch::version, compiler, BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                     BOOST_VERSION % 100, OpenSSL_version(OPENSSL_VERSION_STRING), sqlite3_libversion(),
                     LIBXML_DOTTED_VERSION);
}

}  // namespace pofetch::cli
