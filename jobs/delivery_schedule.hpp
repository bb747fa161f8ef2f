#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "jobs/job_id.hpp"
#include "jobs/receiver_standings.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// A delivery that is to be sent now, as far as it matters when its turn comes.
struct DueDelivery {
  JobId id;
  std::string tenant = {};  ///< As in Job.
  std::string receiver = {};
  Timestamp due_at = {};
};

/// What a try told of the receiver.
enum class Heard : std::uint8_t {
  prompt,   ///< It answered soon, whatever it said.
  silence,  ///< It did not, or kept a sender for long.
  nothing,  ///< It was not asked.
};

/// Which of the deliveries that are due is sent next, so that nobody's receivers delay the
/// deliveries of others, however many they are and however long they say nothing.
///
/// Tenants take turns, and so do the receivers of each; a receiver gets one delivery at a time,
/// whosever it is. Of the senders a quarter is kept for receivers that are proven, and another one
/// from those that are silent. A tenant leaves a quarter to the others, and has half of them at
/// most for receivers that are not proven. Who has no tenant has no such bounds: without API keys
/// there is nobody else.
///
/// What has no room here is refused, and is to be offered again once wants_more() says so. The
/// more is taken the less room there is for each, so that there always is some for newcomers.
class DeliverySchedule {
 public:
  struct Limits {
    std::size_t senders = 32;         ///< Deliveries that are sent at once.
    std::size_t of_receiver = 1'000;  ///< Of a tenant, waiting for one receiver;
    std::size_t waiting = 20'000;     ///< and all that wait.
  };

  explicit DeliverySchedule(Limits limits) : limits_(limits) {}

  /// The delivery is due. Harmless for one that waits here or is being sent; one that is due anew
  /// while it is being sent waits again after that. False: no room.
  bool offer(const DueDelivery& due, SteadyTime now);

  /// The next one; it counts as being sent from then on. None where nobody may be sent anything.
  [[nodiscard]] std::optional<JobId> next();

  /// It was sent, and what came of it is known.
  void done(const JobId& id, Heard heard, SteadyTime now);

  /// Whether some were refused for which there is room by now. Asking takes the answer back.
  [[nodiscard]] bool wants_more();

  /// Whether there is no room for anybody.
  [[nodiscard]] bool is_full() const { return waiting_ >= limits_.waiting; }

  [[nodiscard]] std::size_t sending() const { return sending_.size(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  /// Receivers that may be sent something, in the order of their turns.
  using Turns = std::list<std::string>;

  /// What a tenant has for a receiver.
  struct Lane {
    std::deque<JobId> waiting = {};
    bool refused = false;               ///< There was no room for more.
    std::optional<Standing> turn = {};  ///< In whose turns it is; none while the receiver is busy.
    Turns::iterator place = {};
  };

  struct Tenant {
    std::map<std::string, Lane> lanes = {};  ///< Those with something waiting, by receiver.
    std::array<Turns, standings> turns = {};
    std::size_t next_turn = 0;
    std::size_t waiting = 0;
    std::size_t sending = 0;
    std::size_t unproven = 0;                     ///< Of those being sent.
    bool refused = false;                         ///< It had no room for more.
    std::list<std::string>::iterator place = {};  ///< In turns_, while something waits.
  };

  struct Receiver {
    bool busy = false;                   ///< Something is being sent to it.
    std::set<std::string> tenants = {};  ///< Who has something waiting for it.
    /// When each tenant had it last, counted in deliveries.
    std::map<std::string, std::uint64_t> served = {};
  };

  struct Sending {
    std::string tenant;
    std::string receiver;
    Standing standing = Standing::unknown;
    std::optional<Timestamp> again = {};  ///< It is due anew, by then.
  };

  [[nodiscard]] bool has_room(const DueDelivery& due, Standing standing);
  [[nodiscard]] std::size_t most_in_lane(Standing standing, std::size_t free) const;
  void enter(const DueDelivery& due, Standing standing);
  void line_up(Tenant& tenant, const std::string& receiver, Standing standing);
  [[nodiscard]] std::optional<Standing> turn_of(const std::string& name,
                                                const Tenant& tenant) const;
  [[nodiscard]] bool may_send(const std::string& name, const Tenant& tenant,
                              Standing standing) const;
  /// Which tenant gets the receiver whose turn it is with `name`: who has waited for it longest.
  /// The turns of tenants alone would give it to one of them for ever, who has nothing else to
  /// send.
  [[nodiscard]] std::string heir_of(const std::string& name, const std::string& receiver) const;
  JobId take(const std::string& name, const std::string& receiver);
  void occupy(const std::string& receiver);
  void note_room(Tenant& tenant, Lane& lane, Standing standing);
  void forget(const std::string& tenant, const std::string& receiver);

  Limits limits_;
  ReceiverStandings standings_;
  std::map<std::string, Tenant> tenants_;
  std::list<std::string> turns_;  ///< Tenants that have something waiting, as they take turns.
  std::map<std::string, Receiver> receivers_;
  std::unordered_map<JobId, Timestamp> known_;  ///< Waiting or being sent, with when it was due.
  std::unordered_map<JobId, Sending> sending_;
  std::array<std::size_t, standings> sent_to_{};  ///< Of those being sent.
  std::size_t waiting_ = 0;
  std::uint64_t taken_ = 0;  ///< Since the beginning.
  bool refused_ = false;     ///< For want of room in all.
  bool wants_more_ = false;
};

}  // namespace darkroom::jobs
