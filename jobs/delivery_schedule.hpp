#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "jobs/job_id.hpp"

namespace darkroom::jobs {

/// Which of the deliveries that are due is sent next, so that no receiver delays another.
///
/// Each receiver gets one delivery at a time, and they take turns. Those that did not answer the
/// last time, and may take as long to say nothing again, leave a quarter of the senders to the
/// others, one at least. What has
/// no room here is refused, and is to be offered again once wants_more() says so.
class DeliverySchedule {
 public:
  struct Limits {
    std::size_t senders = 32;       ///< Deliveries that are sent at once.
    std::size_t of_receiver = 100;  ///< Waiting for one receiver;
    std::size_t waiting = 20'000;   ///< and for all of them.
  };

  explicit DeliverySchedule(Limits limits) : limits_(limits) {}

  /// The delivery is due. Harmless for one that waits here or is being sent. False: no room.
  bool offer(const JobId& id, const std::string& receiver);

  /// The next one; it counts as being sent from then on. None where nobody may be sent anything.
  [[nodiscard]] std::optional<JobId> next();

  /// It was sent, and what came of it is known. `answered`: the receiver said something, whatever.
  void done(const JobId& id, bool answered);

  /// Whether some were refused for which there is room by now. Asking takes the answer back.
  [[nodiscard]] bool wants_more();

  [[nodiscard]] std::size_t sending() const { return sending_.size(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  struct Receiver {
    std::deque<JobId> waiting = {};
    bool busy = false;     ///< Something is being sent to it.
    bool silent = false;   ///< It did not answer the last time.
    bool refused = false;  ///< There was no room for more.
  };

  /// Receivers that may be sent something, in the order of their turns.
  using Turns = std::list<std::string>;

  [[nodiscard]] Turns& turns_of(const Receiver& receiver) {
    return receiver.silent ? silent_ : answering_;
  }
  /// Senders that those who did not answer leave to the others.
  [[nodiscard]] std::size_t for_others() const {
    return std::max<std::size_t>(1, limits_.senders / 4);
  }
  [[nodiscard]] std::optional<JobId> take(Turns& turns);
  void make_room(Receiver& receiver);

  Limits limits_;
  std::map<std::string, Receiver> receivers_;
  Turns answering_;
  Turns silent_;
  std::set<JobId> known_;                           ///< Waiting or being sent.
  std::unordered_map<JobId, std::string> sending_;  ///< With their receivers.
  std::size_t waiting_ = 0;
  std::size_t to_silent_ = 0;  ///< Of those being sent.
  bool refused_ = false;       ///< For want of room in all.
  bool wants_more_ = false;
  bool turn_of_silent_ = false;
};

}  // namespace darkroom::jobs
