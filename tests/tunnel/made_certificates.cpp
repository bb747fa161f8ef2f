#include "tests/tunnel/made_certificates.hpp"

#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/pem.h>

#include "tunnel/certificate_maker.hpp"
#include "tunnel/private_file.hpp"

namespace darkroom::tunnel::tests {
namespace {

template <class Value>
Value required(tl::expected<Value, std::string> value) {
  if (!value) throw std::runtime_error(value.error());
  return *std::move(value);
}

template <class Object, class Read>
tls::Handle<Object> read_pem(const std::filesystem::path& file, Read read) {
  BIO* const bio = ::BIO_new_file(file.c_str(), "r");
  tls::Handle<Object> object{read(bio, nullptr, nullptr, nullptr)};
  ::BIO_free(bio);
  if (!object) throw std::runtime_error("cannot read " + file.string());
  return object;
}

}  // namespace

MadeCertificates::MadeCertificates()
    : authority_(required(CertificateAuthority::init(folder_.path()))) {}

TlsFiles MadeCertificates::node(const std::string& name) {
  required(authority_.issue(name));
  return files_of(name);
}

TlsFiles MadeCertificates::node(const std::string& name, std::chrono::sys_seconds begin,
                                std::chrono::sys_seconds end) {
  const auto files = CertificateAuthority::files_in(folder());
  const auto ca = read_pem<x509_st>(files.ca, ::PEM_read_bio_X509);
  const auto ca_key = read_pem<evp_pkey_st>(files.ca_key, ::PEM_read_bio_PrivateKey);
  const auto key = make_key();
  const auto certificate =
      make_node_certificate(name, *key, {.begin = begin, .end = end}, *ca, *ca_key);
  const TlsFiles made = files_of(name);
  if (!write_whole_file(made.key, to_pem(*key), 0600) ||
      !write_whole_file(made.certificate, to_pem(*certificate), 0644)) {
    throw std::runtime_error("cannot write " + made.key.string());
  }
  return made;
}

void MadeCertificates::revoke(const std::string& name) {
  required(authority_.revoke(name));
}

TlsFiles MadeCertificates::files_of(const std::string& name) const {
  return {.ca = folder() / "ca.pem",
          .certificate = folder() / (name + ".pem"),
          .key = folder() / (name + ".key"),
          .revocations = folder() / "revoked.pem"};
}

}  // namespace darkroom::tunnel::tests
