#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "tls/file_stamp.hpp"
#include "tls/openssl_handles.hpp"
#include "tunnel/options.hpp"
#include "tunnel/tls_files.hpp"

namespace darkroom::tunnel {

/// What a node proves itself with and checks others by, kept up with its files: certificates are
/// rotated and revoked without a restart. All but expires() is for one thread.
class TlsIdentity {
 public:
  [[nodiscard]] static tl::expected<std::unique_ptr<TlsIdentity>, std::string> load(TlsFiles files,
                                                                                    TlsRole role);

  /// A new connection's state, by the files as they are now: TLS 1.3, and the peer must prove that
  /// it is of the cluster. Null where there is no memory for it.
  [[nodiscard]] tls::Handle<ssl_st> new_session() const;

  /// Looks at the files, and loads them once they have changed and then rested until the next call:
  /// they are seldom written in one step. To be called about once a second. True where new ones are
  /// in force; files that are wrong are logged, once, and those before stay.
  bool refresh();

  /// Whether the peer of a connection has been revoked since it was made.
  [[nodiscard]] bool is_revoked(const ssl_st& session) const;

  /// Logs a warning, once a day, where the certificate ends within two weeks.
  void warn_of_end();

  /// The common name of this node's certificate; empty where it has none.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// When this node's certificate ends. From any thread.
  [[nodiscard]] std::chrono::sys_seconds expires() const {
    return std::chrono::sys_seconds{std::chrono::seconds{expires_.load()}};
  }

 private:
  using Stamps = std::array<tls::FileStamp, 4>;

  TlsIdentity(TlsFiles files, TlsRole role) : files_(std::move(files)), role_(role) {}

  [[nodiscard]] Stamps stamps() const;
  [[nodiscard]] tl::expected<void, std::string> load_now();

  TlsFiles files_;
  TlsRole role_;
  Stamps loaded_{};  ///< Of the last try to load, whether it went well or not.
  Stamps seen_{};
  TlsMaterial material_;
  std::string name_;
  tls::Handle<ssl_ctx_st> context_;
  std::atomic<std::int64_t> expires_{0};  ///< Seconds since 1970.
  std::optional<std::chrono::steady_clock::time_point> warned_;
};

}  // namespace darkroom::tunnel
