#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace darkroom::outbound {

/// Whether a body comes too slowly: for `grace` at fewer than `least` bytes a second, looked at
/// each second. Counts from its first byte, since a server may take its time before that.
class BodyPace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  BodyPace(std::uint64_t least, std::chrono::seconds grace) : least_(least), grace_(grace) {}

  /// `bytes` have come in all; to be asked once a second or more often.
  [[nodiscard]] bool too_slow(std::uint64_t bytes, Time now);

 private:
  std::uint64_t least_;
  std::chrono::seconds grace_;
  std::optional<Time> slow_since_;  ///< None until there was a byte.
  Time looked_at_;
  std::uint64_t seen_ = 0;
};

}  // namespace darkroom::outbound
