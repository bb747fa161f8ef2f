#pragma once

#include <chrono>
#include <cstdint>

#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// How slow a client may be while the server waits for it.
struct RateFloor {
  std::uint64_t bytes_per_second = 0;  ///< 0: as slow as it likes.
  std::chrono::milliseconds grace{};   ///< So much waiting is allowed beyond it.
};

/// Whether a client keeps up in one direction of one message. Its patience is `grace` at first;
/// waiting uses it up, and each byte gives back what it may take at the floor, up to `grace`. So a
/// client that has kept up may pause for as long as one that has only begun, and one that trickles
/// is found out after `grace`, whatever it sent before. Only time spent waiting for the client
/// counts: a disk of ours that is slow does not.
class ClientPace {
 public:
  using Duration = jobs::SteadyTime::duration;

  explicit ClientPace(RateFloor floor) : floor_(floor) { restart(); }

  /// A new message begins.
  void restart() { patience_ = floor_.grace; }

  void waited(Duration time);
  void moved(std::uint64_t bytes);

  /// How much longer may be waited for the next byte; Duration::max() without a floor.
  [[nodiscard]] Duration patience() const;

 private:
  RateFloor floor_;
  Duration patience_{};
};

}  // namespace darkroom::http
