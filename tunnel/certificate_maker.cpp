#include "tunnel/certificate_maker.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tls/certificate_text.hpp"

namespace darkroom::tunnel {
namespace {

/// Version 3 certificates and version 2 lists are written one lower (RFC 5280, sections 4.1, 5.1).
constexpr long certificate_version = 2;
constexpr long list_version = 1;
constexpr int serial_bits = 128;

struct FreeMaker {
  // Numbers and times, too.
  void operator()(ASN1_STRING* string) const { ::ASN1_STRING_free(string); }
  void operator()(BIGNUM* number) const { ::BN_free(number); }
  void operator()(BIO* bio) const { ::BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { ::X509_EXTENSION_free(extension); }
  void operator()(X509_REVOKED* entry) const { ::X509_REVOKED_free(entry); }
};
template <class Object>
using Made = std::unique_ptr<Object, FreeMaker>;

void require(bool done, std::string_view what) {
  if (!done) throw std::runtime_error(fmt::format("cannot {}: {}", what, tls::openssl_error()));
}

/// Random, so that nothing can be told from it (RFC 5280, section 4.1.2.2; at most 20 bytes).
void set_serial(X509& certificate) {
  const Made<BIGNUM> number{::BN_new()};
  require(number && ::BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1,
          "make a serial number");
  require(::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(&certificate)) != nullptr,
          "set the serial number");
}

void set_times(X509& certificate, const ValidTimes& times) {
  const auto set = [](ASN1_TIME* field, std::chrono::sys_seconds time) {
    require(::ASN1_TIME_set(field, time.time_since_epoch().count()) != nullptr, "set a time");
  };
  set(X509_getm_notBefore(&certificate), times.begin);
  set(X509_getm_notAfter(&certificate), times.end);
}

void set_name(X509& certificate, const std::string& common_name) {
  X509_NAME* const name = ::X509_get_subject_name(&certificate);
  const auto* const text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  require(::X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, text,
                                       static_cast<int>(common_name.size()), -1, 0) == 1,
          "set the name");
}

void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Made<X509_EXTENSION> extension{
      ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  require(extension && ::X509_add_ext(&certificate, extension.get(), -1) == 1,
          "add an extension to the certificate");
}

tls::Handle<x509_st> begin_certificate(const std::string& name, EVP_PKEY& key,
                                       const ValidTimes& times) {
  tls::Handle<x509_st> certificate{::X509_new()};
  require(certificate != nullptr, "make a certificate");
  require(::X509_set_version(certificate.get(), certificate_version) == 1, "set the version");
  set_serial(*certificate);
  set_times(*certificate, times);
  set_name(*certificate, name);
  require(::X509_set_pubkey(certificate.get(), &key) == 1, "set the key");
  return certificate;
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& issuer_key) {
  require(::X509_set_issuer_name(&certificate, ::X509_get_subject_name(&issuer)) == 1 &&
              ::X509_sign(&certificate, &issuer_key, ::EVP_sha256()) > 0,
          "sign the certificate");
}

template <class Write>
std::string written(Write write) {
  const Made<BIO> bio{::BIO_new(::BIO_s_mem())};
  require(bio && write(bio.get()) == 1, "write PEM");
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  std::string pem{text, static_cast<std::size_t>(length)};
  return pem;
}

void add_revoked(X509_CRL& list, const IssuedCertificate& certificate) {
  BIGNUM* parsed = nullptr;
  require(::BN_hex2bn(&parsed, certificate.serial.c_str()) > 0, "read a serial number");
  const Made<BIGNUM> number{parsed};
  const Made<ASN1_INTEGER> serial{::BN_to_ASN1_INTEGER(number.get(), nullptr)};
  const Made<ASN1_TIME> time{
      ::ASN1_TIME_set(nullptr, certificate.revoked->time_since_epoch().count())};
  Made<X509_REVOKED> entry{::X509_REVOKED_new()};
  require(serial && time && entry && ::X509_REVOKED_set_serialNumber(entry.get(), serial.get()) &&
              ::X509_REVOKED_set_revocationDate(entry.get(), time.get()) &&
              ::X509_CRL_add0_revoked(&list, entry.get()) == 1,
          "revoke a certificate");
  // The list owns it now.
  static_cast<void>(entry.release());
}

void set_list_times(X509_CRL& list) {
  const Made<ASN1_TIME> made{
      ::ASN1_TIME_set(nullptr, tls::now_in_seconds().time_since_epoch().count())};
  const Made<ASN1_TIME> next{::ASN1_TIME_new()};
  require(made && next && ::ASN1_TIME_set_string(next.get(), "99991231235959Z") == 1 &&
              ::X509_CRL_set1_lastUpdate(&list, made.get()) == 1 &&
              ::X509_CRL_set1_nextUpdate(&list, next.get()) == 1,
          "set the list's times");
}

void set_list_number(X509_CRL& list) {
  const Made<ASN1_INTEGER> number{::ASN1_INTEGER_new()};
  require(number &&
              ::ASN1_INTEGER_set_int64(number.get(),
                                       tls::now_in_seconds().time_since_epoch().count()) &&
              ::X509_CRL_add1_ext_i2d(&list, NID_crl_number, number.get(), 0, 0) == 1,
          "number the list");
}

}  // namespace

tls::Handle<evp_pkey_st> make_key() {
  tls::Handle<evp_pkey_st> key{EVP_EC_gen("P-256")};
  require(key != nullptr, "make a key");
  return key;
}

tls::Handle<x509_st> make_ca_certificate(evp_pkey_st& key, const ValidTimes& times) {
  // Two CAs can be told apart by name, too.
  const Made<BIGNUM> random{::BN_new()};
  require(random && ::BN_rand(random.get(), 32, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1,
          "make a random number");
  const auto name = fmt::format("Darkroom cluster CA {:08x}", ::BN_get_word(random.get()));
  auto certificate = begin_certificate(name, key, times);
  add_extension(*certificate, *certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*certificate, *certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(*certificate, *certificate, NID_subject_key_identifier, "hash");
  sign(*certificate, *certificate, key);
  return certificate;
}

tls::Handle<x509_st> make_node_certificate(const std::string& name, evp_pkey_st& key,
                                           const ValidTimes& times, x509_st& issuer,
                                           evp_pkey_st& issuer_key) {
  auto certificate = begin_certificate(name, key, times);
  add_extension(*certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*certificate, issuer, NID_key_usage, "critical,digitalSignature");
  add_extension(*certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  add_extension(*certificate, issuer, NID_subject_alt_name, "DNS:" + name);
  add_extension(*certificate, issuer, NID_subject_key_identifier, "hash");
  add_extension(*certificate, issuer, NID_authority_key_identifier, "keyid:always");
  sign(*certificate, issuer, issuer_key);
  return certificate;
}

tls::Handle<X509_crl_st> make_revocations(std::span<const IssuedCertificate> certificates,
                                          x509_st& issuer, evp_pkey_st& issuer_key) {
  tls::Handle<X509_crl_st> list{::X509_CRL_new()};
  require(list && ::X509_CRL_set_version(list.get(), list_version) == 1 &&
              ::X509_CRL_set_issuer_name(list.get(), ::X509_get_subject_name(&issuer)) == 1,
          "make a list of revocations");
  set_list_times(*list);
  set_list_number(*list);
  for (const IssuedCertificate& certificate : certificates) {
    if (certificate.revoked) add_revoked(*list, certificate);
  }
  require(::X509_CRL_sort(list.get()) == 1 &&
              ::X509_CRL_sign(list.get(), &issuer_key, ::EVP_sha256()) > 0,
          "sign the list of revocations");
  return list;
}

std::string to_pem(x509_st& certificate) {
  return written([&](BIO* bio) { return ::PEM_write_bio_X509(bio, &certificate); });
}

std::string to_pem(X509_crl_st& list) {
  return written([&](BIO* bio) { return ::PEM_write_bio_X509_CRL(bio, &list); });
}

std::string to_pem(evp_pkey_st& key) {
  return written([&](BIO* bio) {
    return ::PEM_write_bio_PKCS8PrivateKey(bio, &key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace darkroom::tunnel
