#include "http/client_identity.hpp"

#include "coupa-sim/certificates.hpp"
#include "support/encrypted_key.hpp"
#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <string>
#include <vector>

namespace pofetch::http {
namespace {

/// A folder with certificates and keys in all forms.
struct identity_files {
  identity_files() {
    coupa_sim::certificate_wish wish;
    wish.for_client = true;
    const coupa_sim::key_pair mine = authority.issue(wish);
    const coupa_sim::key_pair other = authority.issue(wish);
    test::write_file(folder / "cert.pem", mine.certificate);
    test::write_file(folder / "chain.pem", mine.certificate + authority.pem());
    test::write_file(folder / "key.pem", mine.key);
    test::write_file(folder / "both.pem", mine.certificate + mine.key);
    test::write_file(folder / "locked.pem", test::encrypted_key(mine.key, "open sesame"));
    test::write_file(folder / "other-key.pem", other.key);
    test::write_file(folder / "text.pem", "no PEM at all\n");
  }
  [[nodiscard]] std::string path(std::string_view name) const {
    return name.empty() ? std::string() : (folder / name).string();
  }
  coupa_sim::certificate_authority authority;
  test::temp_dir folder;
};

TEST_CASE("client identity: every usable form of certificate and key can be shown") {
  const identity_files files;
  struct row {
    const char* certificate;
    const char* key;
    const char* passphrase;
  };
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  for (const row& r :
       {row{"cert.pem", "key.pem", ""}, row{"both.pem", "", ""}, row{"chain.pem", "key.pem", ""},
        row{"cert.pem", "locked.pem", "open sesame"}, row{"cert.pem", "both.pem", "not needed"}}) {
    CAPTURE(r.certificate);
    CAPTURE(r.key);
    const auto loaded = client_identity::load({files.path(r.certificate), files.path(r.key), r.passphrase});
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    SSL* connection = SSL_new(context);
    CHECK((*loaded)->use_on(connection));
    CHECK(SSL_get_certificate(connection) != nullptr);
    SSL_free(connection);
  }
  SSL_CTX_free(context);
}

TEST_CASE("client identity: what cannot be used, one sentence with option and file, never the passphrase") {
  const identity_files files;
  struct row {
    const char* certificate;
    const char* key;
    const char* passphrase;
    const char* option;
    const char* words;
  };
  const std::vector<row> rows{
      {"missing.pem", "key.pem", "", "client_cert", "cannot be read: No such file"},
      {"cert.pem", "missing.pem", "", "client_key", "cannot be read: No such file"},
      {"text.pem", "key.pem", "", "client_cert", "no certificate in PEM"},
      {"key.pem", "key.pem", "", "client_cert", "no certificate in PEM"},
      {"cert.pem", "text.pem", "", "client_key", "no private key in PEM"},
      {"cert.pem", "cert.pem", "", "client_key", "no private key in PEM"},
      {"cert.pem", "", "", "client_cert", "name the one that has it with client_key"},
      {"cert.pem", "locked.pem", "", "client_key", "give it in the variable POFETCH_CLIENT_KEY_PASSWORD"},
      {"cert.pem", "locked.pem", "SECRET", "client_key", "POFETCH_CLIENT_KEY_PASSWORD does not open"},
      {"cert.pem", "other-key.pem", "", "client_cert", "belongs to another certificate"},
  };
  for (const row& r : rows) {
    CAPTURE(r.certificate);
    CAPTURE(r.key);
    const auto loaded = client_identity::load({files.path(r.certificate), files.path(r.key), r.passphrase});
    REQUIRE_FALSE(loaded);
    const std::string& said = loaded.error().message;
    CAPTURE(said);
    CHECK(loaded.error().code == errc::config);
    CHECK(said.starts_with(r.option));
    CHECK(said.find(r.words) != std::string::npos);
    CHECK(said.find(files.folder.path().string()) != std::string::npos);
    CHECK(said.find("SECRET") == std::string::npos);
  }
}

}  // namespace
}  // namespace pofetch::http
