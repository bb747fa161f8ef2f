#include "tunnel/tls_files.hpp"

#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tls/certificate_text.hpp"
#include "tls/pem_files.hpp"

namespace darkroom::tunnel {
namespace {

namespace fs = std::filesystem;
using Fault = tl::unexpected<std::string>;
using tls::PemFile;

constexpr std::string_view ca_setting = "node.ca";
constexpr std::string_view certificate_setting = "node.certificate";
constexpr std::string_view key_setting = "node.key";

struct FreeBio {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
};

/// The certificate of the CA whose signature the list carries.
const X509* signer_of(X509_CRL& list, const std::vector<tls::Handle<x509_st>>& ca) {
  for (const tls::Handle<x509_st>& candidate : ca) {
    if (::X509_NAME_cmp(::X509_CRL_get_issuer(&list), ::X509_get_subject_name(candidate.get())) !=
        0) {
      continue;
    }
    EVP_PKEY* const key = ::X509_get0_pubkey(candidate.get());
    if (key != nullptr && ::X509_CRL_verify(&list, key) == 1) return candidate.get();
  }
  return nullptr;
}

tl::expected<tls::Handle<X509_crl_st>, std::string> read_revocations(
    const fs::path& path, const std::vector<tls::Handle<x509_st>>& ca) {
  const PemFile file{"node.revocations", path};
  const auto fault = [&file](std::string_view what) { return Fault{file_fault(file, what)}; };
  const auto text = read_pem_text(file);
  if (!text) return Fault{text.error()};
  const std::unique_ptr<BIO, FreeBio> bio{
      ::BIO_new_mem_buf(text->data(), static_cast<int>(text->size()))};
  tls::Handle<X509_crl_st> list{
      ::PEM_read_bio_X509_CRL(bio.get(), nullptr, tls::no_passphrase, nullptr)};
  ::ERR_clear_error();
  if (!list) return fault("holds no list of revocations (CRL) in PEM form");
  const X509* const signer = signer_of(*list, ca);
  ::ERR_clear_error();
  if (signer == nullptr) return fault("was not signed by the CA of node.ca");
  const ASN1_TIME* const next = ::X509_CRL_get0_nextUpdate(list.get());
  if (next != nullptr && ::X509_cmp_current_time(next) < 0) {
    return fault("is out of date: its CA has promised a new one by now; put that in its place");
  }
  return list;
}

struct FreeVerification {
  void operator()(X509_STORE* store) const { ::X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { ::X509_STORE_CTX_free(context); }
  // Its elements belong to the material.
  void operator()(STACK_OF(X509) * chain) const { sk_X509_free(chain); }
};

/// 0, or an X509_V_ERR_... Times are checked apart, to be named.
int verify_own(const TlsMaterial& material, TlsRole role) {
  const std::unique_ptr<X509_STORE, FreeVerification> store{::X509_STORE_new()};
  const std::unique_ptr<X509_STORE_CTX, FreeVerification> context{::X509_STORE_CTX_new()};
  const std::unique_ptr<STACK_OF(X509), FreeVerification> chain{sk_X509_new_null()};
  if (!store || !context || !chain) return X509_V_ERR_OUT_OF_MEM;
  for (const tls::Handle<x509_st>& ca : material.ca)
    ::X509_STORE_add_cert(store.get(), ca.get());
  for (const tls::Handle<x509_st>& link : material.chain)
    sk_X509_push(chain.get(), link.get());
  ::X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  ::X509_STORE_CTX_init(context.get(), store.get(), material.chain.front().get(), chain.get());
  ::X509_STORE_CTX_set_purpose(
      context.get(), role == TlsRole::front ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT);
  const bool good = ::X509_verify_cert(context.get()) == 1;
  ::ERR_clear_error();
  return good ? X509_V_OK : ::X509_STORE_CTX_get_error(context.get());
}

std::optional<std::string> certificate_fault(const TlsMaterial& material, const TlsFiles& files,
                                             TlsRole role) {
  const PemFile certificate{certificate_setting, files.certificate};
  if (auto why = match_fault({key_setting, files.key}, *material.key, certificate, material.own());
      !why.empty()) {
    return why;
  }
  const auto now = tls::now_in_seconds();
  for (const tls::Handle<x509_st>& ca : material.ca) {
    if (const std::string why = tls::time_fault(*ca, now); !why.empty()) {
      return tls::file_fault({ca_setting, files.ca}, why);
    }
  }
  const auto of_certificate = [&](std::string_view what) { return file_fault(certificate, what); };
  if (const std::string why = tls::time_fault(material.own(), now); !why.empty()) {
    return of_certificate(why + "; issue a new one with `darkroom certs issue`");
  }
  const int error = verify_own(material, role);
  if (error == X509_V_ERR_INVALID_PURPOSE) {
    return of_certificate(
        fmt::format("is not for a TLS {}; one of `darkroom certs issue` is (extended key usage)",
                    role == TlsRole::front ? "server" : "client"));
  }
  if (error != X509_V_OK) {
    return of_certificate(fmt::format("was not issued by the CA of {} ({})", files.ca.string(),
                                      ::X509_verify_cert_error_string(error)));
  }
  X509_REVOKED* entry = nullptr;
  if (material.revocations && ::X509_CRL_get0_by_cert(material.revocations.get(), &entry,
                                                      material.chain.front().get()) == 1) {
    return of_certificate("is revoked; issue a new one with `darkroom certs issue`");
  }
  return std::nullopt;
}

}  // namespace

tl::expected<TlsMaterial, std::string> read_tls_files(const TlsFiles& files, TlsRole role) {
  if (auto missing = tls_fault(files)) return Fault{*std::move(missing)};
  ::ERR_clear_error();
  TlsMaterial material;
  auto ca = tls::read_certificates({ca_setting, files.ca});
  if (!ca) return Fault{ca.error()};
  auto chain = tls::read_certificates({certificate_setting, files.certificate});
  if (!chain) return Fault{chain.error()};
  auto key = tls::read_key({key_setting, files.key});
  if (!key) return Fault{key.error()};
  material.ca = *std::move(ca);
  material.chain = *std::move(chain);
  material.key = *std::move(key);
  if (!files.revocations.empty()) {
    auto list = read_revocations(files.revocations, material.ca);
    if (!list) return Fault{list.error()};
    material.revocations = *std::move(list);
  }
  if (auto why = certificate_fault(material, files, role)) return Fault{*std::move(why)};
  return material;
}

std::optional<std::string> certificate_name(const TlsFiles& files) {
  if (files.certificate.empty()) return std::nullopt;
  ::ERR_clear_error();
  const auto chain = tls::read_certificates({certificate_setting, files.certificate});
  if (!chain) return std::nullopt;
  auto name = tls::common_name(*chain->front());
  if (name.empty()) return std::nullopt;
  return name;
}

}  // namespace darkroom::tunnel
