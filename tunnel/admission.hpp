#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>

namespace darkroom::tunnel {

/// Who may try to prove themselves: bounds the connections that have not done so yet, fairly among
/// addresses, and how often one address may fail. Takes the time as an argument.
class Admission {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Id = std::uint64_t;

  /// Attempts that one address may fail at once, and how soon it may fail once more. A node with a
  /// wrong certificate, which tries about once a second, never comes near it.
  static constexpr double failures_at_once = 32;
  static constexpr std::chrono::milliseconds time_per_failure{125};

  /// What is not yet proven after so long yields to a newcomer; a handshake takes a few
  /// milliseconds and three times the way there and back.
  static constexpr std::chrono::milliseconds patience{750};

  struct Limits {
    std::size_t all = 0;       ///< Connections, with the proven ones.
    std::size_t unproven = 0;  ///< Of them, those not yet proven.
  };

  /// What becomes of a new connection.
  struct Verdict {
    bool admitted = false;
    /// The connection that has to go for it: the oldest of its own address, where that has reached
    /// its limit, or of the one that has more than its share.
    std::optional<Id> evicted = {};
    std::string_view reason = {};  ///< Why it was not admitted.
  };

  explicit Admission(Limits limits) : limits_(limits) {}

  /// For connection `id` from `owner` (Address::owner()). An evicted one counts no longer.
  [[nodiscard]] Verdict enter(Id id, const std::string& owner, std::size_t proven, Time now);

  /// The connection is proven, or gone without having failed.
  void leave(Id id, const std::string& owner);
  /// The connection is gone, and its address is to blame.
  void fail(Id id, const std::string& owner, Time now);

  [[nodiscard]] std::size_t unproven() const { return unproven_; }

 private:
  struct Entry {
    Id id = 0;
    Time since{};
  };
  struct Owner {
    std::list<Entry> unproven;  ///< Oldest first.
    double failures = 0;        ///< As of `counted`.
    Time counted{};
  };

  [[nodiscard]] static double failures_by(const Owner& owner, Time now);
  [[nodiscard]] std::optional<Id> evict_oldest(Owner& owner, Time now);
  [[nodiscard]] Owner* greediest_but(const std::string& newcomer);
  void forget_calm_ones(Time now);

  Limits limits_;
  std::size_t unproven_ = 0;
  std::map<std::string, Owner, std::less<>> owners_;
  std::size_t last_cleaning_ = 0;  ///< How many owners were left by it.
};

}  // namespace darkroom::tunnel
