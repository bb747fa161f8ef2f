#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tools/latencies.hpp"
#include "tools/sized_photo.hpp"

namespace darkroom::tools {

struct AcceptLoadOptions {
  std::uint16_t port = 0;
  std::uint32_t connections = 1;         ///< Each sends its next upload when the last was answered.
  std::chrono::milliseconds warm_up{0};  ///< Not counted.
  std::chrono::milliseconds time{1'000};  ///< Counted: what was answered in it.
};

struct AcceptLoadResult {
  double per_second = 0;
  Latencies::Summary answer;  ///< From the first byte sent to the answer's last.
  std::uint64_t error_count = 0;
  std::string error;  ///< The first one.
};

/// The header of an upload of so many bytes of JPEG.
[[nodiscard]] std::string upload_header(std::uint16_t port, std::size_t bytes);

/// Uploads photographs, each another file, to a server on this machine as fast as it answers them.
[[nodiscard]] AcceptLoadResult run_accept_load(const AcceptLoadOptions& options,
                                               const SizedPhoto& photo);

}  // namespace darkroom::tools
