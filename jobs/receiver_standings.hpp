#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// What is to be expected of a receiver.
enum class Standing : std::uint8_t {
  proven,   ///< It answered promptly the last time, and that is not long ago.
  unknown,  ///< It was not heard from.
  silent,   ///< It did not answer the last time, or slowly.
};
inline constexpr std::size_t standings = 3;

/// The standings of receivers. Those are forgotten first that were not sent to for longest.
class ReceiverStandings {
 public:
  /// How long an answer proves anything.
  static constexpr std::chrono::hours lasting{24};
  /// Kept of those that answered, and as many of those that did not.
  static constexpr std::size_t most = 10'000;

  void note(const std::string& receiver, bool prompt, SteadyTime now);
  [[nodiscard]] Standing of(const std::string& receiver, SteadyTime now) const;
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  using Order = std::list<std::string>;  ///< The one heard of last is the last.

  struct Known {
    bool prompt = false;
    SteadyTime at;
    Order::iterator place;
  };

  [[nodiscard]] Order& order_of(bool prompt) { return orders_.at(prompt ? 1 : 0); }

  std::unordered_map<std::string, Known> known_;
  std::array<Order, 2> orders_;
};

}  // namespace darkroom::jobs
