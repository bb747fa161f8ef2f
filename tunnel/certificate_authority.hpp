#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "tls/openssl_handles.hpp"
#include "tunnel/issued_certificates.hpp"

namespace darkroom::tunnel {

/// A cluster's own CA, kept in a folder: its key and certificate, the certificates and keys of
/// nodes that it has made, a record of them, and the list of revoked ones. All of it is as small as
/// a cluster is: files are read and written whole. Errors are whole sentences.
class CertificateAuthority {
 public:
  using Days = std::chrono::duration<int, std::ratio<86'400>>;

  static constexpr Days ca_days{3'650};
  static constexpr Days node_days{825};
  /// So that a node whose clock is slow takes a new certificate.
  static constexpr std::chrono::hours backdated{1};

  /// The names of its files.
  struct Files {
    std::filesystem::path ca;
    std::filesystem::path ca_key;
    std::filesystem::path revocations;
    std::filesystem::path record;
  };
  [[nodiscard]] static Files files_in(const std::filesystem::path& folder);

  struct Issued {
    IssuedCertificate certificate;
    std::filesystem::path certificate_file;
    std::filesystem::path key_file;
    bool cut_short = false;   ///< To the end of the CA's own certificate.
    std::size_t earlier = 0;  ///< Certificates of that name which are still good.
  };

  /// Makes a new one in `folder`, which is made too; refuses where there is one already.
  [[nodiscard]] static tl::expected<CertificateAuthority, std::string> init(
      const std::filesystem::path& folder, Days days = ca_days);
  [[nodiscard]] static tl::expected<CertificateAuthority, std::string> open(
      const std::filesystem::path& folder);

  /// Makes a key and a certificate for a node; in place of those that are there, which stay good
  /// until they expire or are revoked.
  [[nodiscard]] tl::expected<Issued, std::string> issue(const std::string& name,
                                                        Days days = node_days);

  /// Revokes all certificates of that name; gives those that were still good.
  [[nodiscard]] tl::expected<std::vector<IssuedCertificate>, std::string> revoke(
      const std::string& name);

  /// All that were made, oldest first.
  [[nodiscard]] tl::expected<std::vector<IssuedCertificate>, std::string> list() const;

  /// When the CA's own certificate ends.
  [[nodiscard]] std::chrono::sys_seconds expires() const;

 private:
  CertificateAuthority(std::filesystem::path folder, tls::Handle<x509_st> certificate,
                       tls::Handle<evp_pkey_st> key)
      : folder_(std::move(folder)), certificate_(std::move(certificate)), key_(std::move(key)) {}

  [[nodiscard]] tl::expected<void, std::string> write_revocations(
      const std::vector<IssuedCertificate>& certificates) const;

  std::filesystem::path folder_;
  tls::Handle<x509_st> certificate_;
  tls::Handle<evp_pkey_st> key_;
};

}  // namespace darkroom::tunnel
