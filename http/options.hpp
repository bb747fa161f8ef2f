#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom::http {

/// What one client may ask for within a while; each is a key of [limits] in config.toml.
struct RateLimits {
  std::uint64_t requests = 0;  ///< In one window, of any kind; 0: without limit.
  std::uint64_t uploads = 0;   ///< The same of uploads alone.
  std::chrono::milliseconds window{60'000};
};

/// When the addresses of files carry a signature, without which the file is not to be had.
enum class SignedUrls : std::uint8_t {
  automatic,  ///< Where the service has API keys; then who shows one needs no signature.
  always,
};

/// "unknown" for a value outside the enumeration.
[[nodiscard]] std::string_view to_string(SignedUrls choice);

/// Settings of the HTTP server; each but `rates` is a key of [http] in config.toml.
struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;  ///< 0: any free port.
  /// Names and addresses, separated by commas, that requests may call the service by; "*" is any.
  /// "auto" is those of this machine where `host` is a loopback address, else any.
  std::string allowed_hosts = "auto";
  std::uint64_t max_upload_bytes = std::uint64_t{64} << 20U;  ///< Of the picture itself.
  std::size_t max_batch_files = 100;  ///< Of one request; at most actors::most_batch_jobs.
  std::uint64_t max_batch_bytes = std::uint64_t{256} << 20U;  ///< Of all its files together.
  std::size_t max_connections = 2'048;                        ///< See ConnectionThreads.
  std::size_t max_uploads = 1'024;                            ///< Being received at once.
  std::chrono::milliseconds read_timeout{15'000};             ///< Without a byte from the client.
  std::chrono::milliseconds write_timeout{15'000};            ///< Without a byte taken by it.
  std::chrono::milliseconds keep_alive_timeout{5'000};        ///< Idle between two requests.
  std::chrono::milliseconds request_timeout{300'000};         ///< For one whole request.
  std::size_t max_streams = 512;    ///< Clients that follow events, or wait for the end of a job.
  std::size_t max_replay = 10'000;  ///< Of jobs that had ended before, to one who follows events.
  std::chrono::milliseconds max_wait{60'000};  ///< As `Prefer: wait` may ask for.
  /// What clients call the service by, "https://pictures.example"; empty: addresses are relative.
  std::string public_url = {};
  std::chrono::milliseconds url_expiry{std::chrono::hours{1}};  ///< Of signed addresses.
  SignedUrls signed_urls = SignedUrls::automatic;
  std::uint64_t min_rate = 1'024;  ///< See RateFloor; bytes a second of a client, 0 for any.
  std::chrono::milliseconds rate_grace{10'000};  ///< See RateFloor.
  std::string trusted_proxies;                   ///< As TrustedProxies reads it.
  RateLimits rates;
  std::string dialects = "django, upload, fastapi";  ///< As Dialects reads it.
  /// Both PEM; see ServerCertificate. Empty: HTTP without TLS.
  std::filesystem::path tls_certificate = {};
  std::filesystem::path tls_key = {};
  std::string cors_origins = {};  ///< As CrossOrigins reads it.
  bool access_log = false;        ///< A line for each request.
};

/// What is wrong with the choice of files for TLS: one is given and one is missing. A sentence.
[[nodiscard]] std::optional<std::string> tls_fault(const Options& options);

}  // namespace darkroom::http
