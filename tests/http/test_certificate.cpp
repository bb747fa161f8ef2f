#include "tests/http/test_certificate.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "jobs/random.hpp"
#include "tls/openssl_handles.hpp"

namespace darkroom::http {
namespace {

namespace fs = std::filesystem;

void require(bool done) {
  if (!done) throw std::runtime_error{tls::openssl_error()};
}

struct FreeBio {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
};

void add_name(X509& certificate) {
  X509_NAME* const name = ::X509_get_subject_name(&certificate);
  const std::array<unsigned char, 9> text{'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'};
  require(::X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, text.data(),
                                       static_cast<int>(text.size()), -1, 0) == 1);
  require(::X509_set_issuer_name(&certificate, name) == 1);
  X509_EXTENSION* const extension =
      ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  require(extension != nullptr && ::X509_add_ext(&certificate, extension, -1) == 1);
  ::X509_EXTENSION_free(extension);
}

tls::Handle<x509_st> make_certificate(EVP_PKEY& key, TestCertificate::Validity validity) {
  tls::Handle<x509_st> certificate{::X509_new()};
  require(certificate && ::X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  ::ASN1_INTEGER_set_uint64(::X509_get_serialNumber(certificate.get()), jobs::random_u64() >> 1U);
  const auto seconds = [](std::chrono::hours time) {
    return static_cast<long>(std::chrono::seconds{time}.count());
  };
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), seconds(validity.begin));
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), seconds(validity.end));
  require(::X509_set_pubkey(certificate.get(), &key) == 1);
  add_name(*certificate);
  require(::X509_sign(certificate.get(), &key, ::EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

TestCertificate::TestCertificate(Validity validity) {
  renew(validity);
}

void TestCertificate::renew(Validity validity) {
  const tls::Handle<evp_pkey_st> made{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  require(made != nullptr);
  const auto certificate_made = make_certificate(*made, validity);
  const std::unique_ptr<BIO, FreeBio> key_file{::BIO_new_file(key().c_str(), "w")};
  fs::permissions(key(), fs::perms::owner_read | fs::perms::owner_write);
  require(::PEM_write_bio_PrivateKey(key_file.get(), made.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr) == 1);
  const std::unique_ptr<BIO, FreeBio> file{::BIO_new_file(certificate().c_str(), "w")};
  require(::PEM_write_bio_X509(file.get(), certificate_made.get()) == 1);
}

Options TestCertificate::in(Options options) const {
  options.tls_certificate = certificate();
  options.tls_key = key();
  return options;
}

}  // namespace darkroom::http
