#include "tunnel/tls_files.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "tunnel/certificate_text.hpp"

namespace darkroom::tunnel {
namespace {

namespace fs = std::filesystem;
using Fault = tl::unexpected<std::string>;

/// Many times what certificates take.
constexpr std::uintmax_t max_file_size = std::uintmax_t{1} << 20U;

Fault fault(std::string_view setting, const fs::path& file, std::string_view what) {
  return Fault{fmt::format("node.{}: {} {}", setting, file.string(), what)};
}

tl::expected<std::string, std::string> read_text(std::string_view setting, const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error)) {
    return fault(setting, file, "is a folder; name the file in it");
  }
  const auto size = fs::file_size(file, error);
  if (error) return fault(setting, file, fmt::format("cannot be read: {}", error.message()));
  if (size > max_file_size) return fault(setting, file, "is too large for a PEM file");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.is_open() || stream.bad()) {
    const std::string why = std::generic_category().message(errno != 0 ? errno : EIO);
    return fault(setting, file, fmt::format("cannot be read: {}", why));
  }
  return text;
}

struct FreeBio {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
};

std::unique_ptr<BIO, FreeBio> reader(const std::string& text) {
  return std::unique_ptr<BIO, FreeBio>{
      ::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// In place of asking the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*own*/) {
  return -1;
}

tl::expected<std::vector<Handle<x509_st>>, std::string> read_certificates(std::string_view setting,
                                                                          const fs::path& file) {
  const auto text = read_text(setting, file);
  if (!text) return Fault{text.error()};
  const auto bio = reader(*text);
  std::vector<Handle<x509_st>> found;
  while (X509* const next = ::PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr))
    found.emplace_back(next);
  const bool ended = ERR_GET_REASON(::ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string why = openssl_error();
  if (!ended) return fault(setting, file, fmt::format("holds a damaged certificate: {}", why));
  if (found.empty()) return fault(setting, file, "holds no certificate in PEM form");
  return found;
}

/// The key must be readable by its owner and at most its group.
tl::expected<Handle<evp_pkey_st>, std::string> read_key(const fs::path& file) {
  struct stat status {};
  constexpr mode_t allowed = 0640;
  if (::stat(file.c_str(), &status) == 0 && !S_ISDIR(status.st_mode) &&
      (status.st_mode & 0777U & ~allowed) != 0) {
    return fault(
        "key", file,
        fmt::format("has mode {:04o}, so that others can read or change this node's key; "
                    "`chmod 600` it, and issue a new certificate where others have seen it",
                    status.st_mode & 0777U));
  }
  const auto text = read_text("key", file);
  if (!text) return Fault{text.error()};
  const auto bio = reader(*text);
  Handle<evp_pkey_st> key{::PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)};
  if (key) return key;
  const int reason = ERR_GET_REASON(::ERR_peek_last_error());
  const std::string why = openssl_error();
  if (reason == PEM_R_BAD_PASSWORD_READ || text->find("ENCRYPTED") != std::string::npos) {
    return fault("key", file, "is encrypted; a node needs its key without a passphrase");
  }
  if (text->find("PRIVATE KEY-----") == std::string::npos)
    return fault("key", file, "holds no key in PEM form");
  return fault("key", file, fmt::format("holds a damaged key: {}", why));
}

/// The certificate of the CA whose signature the list carries.
const X509* signer_of(X509_CRL& list, const std::vector<Handle<x509_st>>& ca) {
  for (const Handle<x509_st>& candidate : ca) {
    if (::X509_NAME_cmp(::X509_CRL_get_issuer(&list), ::X509_get_subject_name(candidate.get())) !=
        0) {
      continue;
    }
    EVP_PKEY* const key = ::X509_get0_pubkey(candidate.get());
    if (key != nullptr && ::X509_CRL_verify(&list, key) == 1) return candidate.get();
  }
  return nullptr;
}

tl::expected<Handle<X509_crl_st>, std::string> read_revocations(
    const fs::path& file, const std::vector<Handle<x509_st>>& ca) {
  const auto text = read_text("revocations", file);
  if (!text) return Fault{text.error()};
  const auto bio = reader(*text);
  Handle<X509_crl_st> list{::PEM_read_bio_X509_CRL(bio.get(), nullptr, no_passphrase, nullptr)};
  ::ERR_clear_error();
  if (!list) return fault("revocations", file, "holds no list of revocations (CRL) in PEM form");
  const X509* const signer = signer_of(*list, ca);
  ::ERR_clear_error();
  if (signer == nullptr) return fault("revocations", file, "was not signed by the CA of node.ca");
  const ASN1_TIME* const next = ::X509_CRL_get0_nextUpdate(list.get());
  if (next != nullptr && ::X509_cmp_current_time(next) < 0) {
    return fault("revocations", file,
                 "is out of date: its CA has promised a new one by now; put that in its place");
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
  for (const Handle<x509_st>& ca : material.ca)
    ::X509_STORE_add_cert(store.get(), ca.get());
  for (const Handle<x509_st>& link : material.chain)
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
  const bool matches = ::X509_check_private_key(&material.own(), material.key.get()) == 1;
  ::ERR_clear_error();
  if (!matches) {
    return fault("key", files.key,
                 fmt::format("is not the key of the certificate {}", files.certificate.string()))
        .value();
  }
  const auto now = now_in_seconds();
  for (const Handle<x509_st>& ca : material.ca) {
    if (const std::string why = time_fault(*ca, now); !why.empty()) {
      return fault("ca", files.ca, why).value();
    }
  }
  const auto of_certificate = [&](std::string_view what) {
    return fault("certificate", files.certificate, what).value();
  };
  if (const std::string why = time_fault(material.own(), now); !why.empty()) {
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
  auto ca = read_certificates("ca", files.ca);
  if (!ca) return Fault{ca.error()};
  auto chain = read_certificates("certificate", files.certificate);
  if (!chain) return Fault{chain.error()};
  auto key = read_key(files.key);
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
  const auto chain = read_certificates("certificate", files.certificate);
  if (!chain) return std::nullopt;
  auto name = common_name(*chain->front());
  if (name.empty()) return std::nullopt;
  return name;
}

}  // namespace darkroom::tunnel
