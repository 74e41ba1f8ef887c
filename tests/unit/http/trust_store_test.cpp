#include "http/trust_store.hpp"

#include "coupa-sim/certificates.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cstdlib>
#include <memory>
#include <string>

using namespace pofetch;

namespace {

/// A machine whose bundle is the file that is given; no authority stands in its folder.
class machine {
 public:
  explicit machine(const std::string& bundle) {
    test::write_file(dir_ / "bundle.pem", bundle);
    ::setenv("SSL_CERT_FILE", (dir_ / "bundle.pem").c_str(), 1);
    ::setenv("SSL_CERT_DIR", (dir_ / "none").c_str(), 1);
  }
  ~machine() {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
  }

  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;

  /// As for --cacert.
  std::string own(const std::string& pem) const {
    test::write_file(dir_ / "own.pem", pem);
    return dir_ / "own.pem";
  }

 private:
  test::temp_dir dir_;
};

X509_STORE* load(http::trust_store& trust, const std::string& own) {
  const auto store = trust.load(own);
  REQUIRE(store);
  return *store;
}

/// X509_V_OK, or why not.
int judge(X509_STORE* store, const coupa_sim::key_pair& server) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(server.certificate.data(), -1),
                                                       &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> leaf(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free);
  REQUIRE(leaf);
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> verification(X509_STORE_CTX_new(),
                                                                                     &X509_STORE_CTX_free);
  REQUIRE(X509_STORE_CTX_init(verification.get(), store, leaf.get(), nullptr) == 1);
  static_cast<void>(X509_verify_cert(verification.get()));
  return X509_STORE_CTX_get_error(verification.get());
}

int known(X509_STORE* store) { return sk_X509_OBJECT_num(X509_STORE_get0_objects(store)); }

}  // namespace

TEST_CASE("trust store: authorities of the machine and of --cacert count alike, others do not") {
  // They all have the same name.
  const coupa_sim::certificate_authority system;
  const coupa_sim::certificate_authority company;
  const coupa_sim::certificate_authority stranger;
  const machine here(system.pem());
  for (const bool with_own : {false, true}) {
    CAPTURE(with_own);
    http::trust_store trust;
    X509_STORE* store = load(trust, with_own ? here.own(company.pem()) : std::string());
    CHECK(judge(store, stranger.issue()) != X509_V_OK);
    CHECK(judge(store, system.issue()) == X509_V_OK);
    CHECK((judge(store, company.issue()) == X509_V_OK) == with_own);
    CHECK(judge(store, system.issue({.expired = true})) == X509_V_ERR_CERT_HAS_EXPIRED);
    CHECK(judge(store, system.issue({.self_signed = true})) != X509_V_OK);
  }
}

TEST_CASE("trust store: the first chain that needs the machine's authorities finds them beside a namesake") {
  const coupa_sim::certificate_authority system;
  const coupa_sim::certificate_authority company;
  const machine here(system.pem());
  http::trust_store trust;
  X509_STORE* store = load(trust, here.own(company.pem()));
  CHECK(judge(store, system.issue()) == X509_V_OK);
  CHECK(judge(store, company.issue()) == X509_V_OK);
}

TEST_CASE("trust store: a certificate that the machine trusts by itself is its own authority") {
  const coupa_sim::certificate_authority nobody;
  const auto server = nobody.issue({.self_signed = true});
  const machine here(server.certificate);
  http::trust_store trust;
  CHECK(judge(load(trust, {}), server) == X509_V_OK);
}

TEST_CASE("trust store: the machine's authorities are read when --cacert does not do") {
  const coupa_sim::certificate_authority system;
  const coupa_sim::certificate_authority company;
  const machine here(system.pem());
  http::trust_store trust;
  X509_STORE* store = load(trust, here.own(company.pem()));
  CHECK(judge(store, company.issue()) == X509_V_OK);
  CHECK(known(store) == 1);
  CHECK(judge(store, system.issue()) == X509_V_OK);
  CHECK(known(store) == 2);
}

TEST_CASE("trust store: without a bundle those of --cacert count, and nothing else") {
  const coupa_sim::certificate_authority company;
  const coupa_sim::certificate_authority stranger;
  const machine here("");
  ::setenv("SSL_CERT_FILE", "/none/at/all", 1);
  http::trust_store trust;
  X509_STORE* store = load(trust, here.own(company.pem()));
  CHECK(judge(store, company.issue()) == X509_V_OK);
  CHECK(judge(store, stranger.issue()) != X509_V_OK);
}
