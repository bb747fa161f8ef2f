#pragma once

#include <chrono>
#include <cstdint>

namespace darkroom::persistence {

/// How blobs travel between nodes; keys of [transfer] in config.toml but where it says otherwise.
struct TransferOptions {
  std::uint32_t attempts = 15;                              ///< In all, while the failure may pass.
  std::chrono::milliseconds connect_timeout{5'000};         ///< For the connection alone.
  std::chrono::milliseconds stall_timeout{15'000};          ///< Without a byte in either direction.
  std::chrono::milliseconds timeout{60'000};                ///< For one blob, with all attempts.
  std::chrono::milliseconds url_expiry{3'600'000};          ///< How long a signed URL is good for.
  std::uint64_t max_rendition = std::uint64_t{256} << 20U;  ///< Bytes of one, as a worker sends it.
  /// Between attempts: the first wait, each further one twice as long up to the second, and up to
  /// half as much again by chance. Not keys of the configuration.
  std::chrono::milliseconds first_wait{200};
  std::chrono::milliseconds longest_wait{5'000};
};

}  // namespace darkroom::persistence
