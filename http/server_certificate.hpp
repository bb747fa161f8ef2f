#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/options.hpp"
#include "jobs/timestamp.hpp"
#include "tls/file_stamp.hpp"
#include "tls/openssl_handles.hpp"

namespace darkroom::http {

/// The names of the settings, for whoever speaks of them.
inline constexpr std::string_view tls_certificate_setting = "http.tls_certificate";
inline constexpr std::string_view tls_key_setting = "http.tls_key";

/// What the HTTP port proves itself with, kept up with its files: a certificate is renewed without
/// a restart.
class ServerCertificate {
 public:
  /// Null where the options name no files. The error is a sentence with the setting and the file:
  /// one of the two is missing, it cannot be read or is not PEM, others can read the key, the
  /// certificate is another key's, has expired or is not valid yet.
  [[nodiscard]] static tl::expected<std::unique_ptr<ServerCertificate>, std::string> load(
      const Options& options);

  /// A new connection's state by the files in force: TLS 1.2 or newer, HTTP/1.1, no certificate of
  /// the client. Null where there is no memory for it. From any thread.
  [[nodiscard]] tls::Handle<ssl_st> new_session() const;

  /// Once a second at most, looks at the files, and loads them once they have changed and then
  /// rested for a look: they are seldom written in one step. Files that are wrong are logged, once,
  /// and those before stay. Logs a warning, once a day, where the certificate ends within two
  /// weeks. For one thread.
  void keep_up(jobs::SteadyTime now);

 private:
  using Stamps = std::array<tls::FileStamp, 2>;

  explicit ServerCertificate(const Options& options)
      : certificate_(options.tls_certificate), key_(options.tls_key) {}

  [[nodiscard]] Stamps stamps() const;
  [[nodiscard]] tl::expected<void, std::string> load_now();
  void warn_of_end(jobs::SteadyTime now);

  std::filesystem::path certificate_;
  std::filesystem::path key_;
  Stamps loaded_{};  ///< Of the last try to load, whether it went well or not.
  Stamps seen_{};
  std::chrono::sys_seconds expires_{};
  std::optional<jobs::SteadyTime> looked_;
  std::optional<jobs::SteadyTime> warned_;
  mutable std::mutex mutex_;  ///< Of `context_`.
  tls::Handle<ssl_ctx_st> context_;
};

}  // namespace darkroom::http
