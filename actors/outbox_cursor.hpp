#pragma once

#include <chrono>
#include <optional>

#include "jobs/timestamp.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// From where the outbox is read. What falls due is read once, from where the last look ended. All
/// of it is gone through again, from the beginning, where there was no room for some, and now and
/// then anyway; seldom, because that costs the more the more is due, which is much where receivers
/// are dead.
class OutboxCursor {
 public:
  /// A commit may take so long; so what it brings may be due before a look that did not see it.
  static constexpr std::chrono::milliseconds overlap{5'000};
  /// The shortest time between the end of a round and the begin of the next.
  static constexpr std::chrono::milliseconds pause{10'000};
  /// A round comes after this time though nobody wants one.
  static constexpr std::chrono::milliseconds interval{60'000};

  explicit OutboxCursor(jobs::SteadyTime now) : round_ended_(now) {}

  /// A look begins: behind which place; none: at the beginning.
  [[nodiscard]] std::optional<persistence::DuePlace> begin_look();
  /// It read a page at this moment, up to this place, and goes on.
  void looked_at(const persistence::DuePlace& place, jobs::Timestamp moment);
  /// It read its last page, of what was due by this moment.
  void looked_upto(jobs::Timestamp moment);

  /// There is something to be read again.
  void want_round() { wanted_ = true; }
  /// Whether a round is to begin now, or to go on. One that was begun goes on until end_round().
  [[nodiscard]] bool begin_round(jobs::SteadyTime now);
  /// Behind which it goes on; none: at the beginning.
  [[nodiscard]] const std::optional<persistence::DuePlace>& round_from() const { return round_; }
  void round_at(const persistence::DuePlace& place) { round_ = place; }
  void end_round(jobs::SteadyTime now);

 private:
  std::optional<persistence::DuePlace> seen_;  ///< What is due before that was seen.
  /// When the look under way read its first page. What is due later may have come behind its back,
  /// at a place that it had passed.
  std::optional<jobs::Timestamp> looking_since_;
  std::optional<persistence::DuePlace> round_;
  bool wanted_ = false;
  bool in_round_ = false;
  jobs::SteadyTime round_ended_;
};

}  // namespace darkroom::actors
