#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "jobs/job.hpp"

namespace darkroom::jobs {

/// The queues that a worker takes jobs of, and how far each has come in the time of all workers
/// that take the same ones. Made by QueueOrder::subscribe().
class Subscription {
 public:
  explicit Subscription(std::vector<std::string> queues);

  /// In order, each once; none: all there are.
  [[nodiscard]] const std::vector<std::string>& queues() const { return queues_; }
  [[nodiscard]] bool takes(std::string_view queue) const;

 private:
  friend class QueueOrder;

  using Pass = std::uint64_t;

  std::vector<std::string> queues_;
  Pass virtual_time_ = 0;  ///< The pass of whoever was served last.
  /// The queues that wait for their turn, by number. One that has run empty stays until its pass
  /// comes up, so that running empty for a moment gains it nothing.
  std::set<std::pair<Pass, std::uint32_t>> line_;
  std::unordered_map<std::uint32_t, Pass> passes_;  ///< Of those in line_.
};

/// The order in which jobs run that may run now.
///
/// Between queues by weight: stride scheduling (C. A. Waldspurger, W. E. Weihl, "Stride Scheduling:
/// Deterministic Proportional-Share Resource Management", MIT/LCS/TM-528, 1995). The queue with the
/// smallest pass is served, and its pass grows by a stride that is inverse to its weight. A queue
/// that had no jobs begins at the pass that was served last, as in start-time fair queueing
/// (P. Goyal, H. M. Vin, H. Cheng, SIGCOMM 1996), so that nobody saves up turns while idle. Passes
/// are kept for each set of workers that take the same queues: those share their time by weight,
/// whatever other workers do for the same queues.
///
/// Within a queue a job of priority 0 runs before one of 1, before one of 2; within a priority the
/// tenants that have jobs take turns; within a tenant goes what was to run first. Jobs that must
/// run alone wait in a line of their own in each queue, without turns.
///
/// Whose turn it is follows from what was served before, not from the jobs: taking a job out and
/// putting it back leaves it a turn further. That is harmless, and no part of what the table of
/// jobs promises to undo.
///
/// Each call takes time that grows with the logarithm of jobs, queues and tenants; what makes a
/// queue's first job ready, and what looks for one that must run alone, with the number of
/// different subscriptions as well. Plain, not thread-safe.
class QueueOrder {
 public:
  static constexpr std::uint32_t most_weight = 1'000;

  /// A job that must run alone, first of its queue.
  struct AloneHead {
    std::uint8_t priority = 0;
    Timestamp run_at;
    JobId id;
    std::uint32_t queue = 0;  ///< See name_of().
    friend auto operator<=>(const AloneHead&, const AloneHead&) = default;
  };

  /// What is known of one queue.
  struct Figures {
    std::string_view name;
    std::uint32_t weight = 1;
    bool paused = false;
    std::size_t ready = 0;  ///< Those that must run alone among them.
    std::optional<Timestamp> oldest = {};
  };

  /// Between 1 and most_weight; 1 for a queue of which nothing was said.
  void set_weight(std::string_view queue, std::uint32_t weight);

  /// No job of a paused queue is ever next.
  void set_paused(std::string_view queue, bool paused);
  [[nodiscard]] bool is_paused(std::string_view queue) const;

  /// The one of all workers that take these queues (none: all there are). It is forgotten when
  /// nobody holds it any more.
  [[nodiscard]] std::shared_ptr<Subscription> subscribe(std::vector<std::string> queues);

  /// A job that is not here; and one that is.
  void insert(const Job& job);
  void erase(const Job& job);

  /// The job that a worker with this subscription gets next.
  [[nodiscard]] std::optional<JobId> next(Subscription& subscription) const;
  /// That job is about to go to such a worker. Call before erase().
  void take_turn(Subscription& subscription, const Job& job);

  /// Of each queue that is not paused, the first job that must run alone, by priority and time.
  [[nodiscard]] const std::set<AloneHead>& alone_heads() const { return alone_heads_; }
  [[nodiscard]] const std::string& name_of(std::uint32_t queue) const {
    return queues_[queue].name;
  }

  /// How many jobs wait here that must run alone.
  [[nodiscard]] std::size_t alone() const { return alone_; }

  /// Jobs that a worker with such queues (none: all there are) could get now.
  [[nodiscard]] std::size_t ready_for(const std::vector<std::string>& queues) const;

  /// Of each queue that was ever named. Looks at every tenant that has jobs.
  [[nodiscard]] std::vector<Figures> figures() const;

 private:
  struct Place {
    Timestamp run_at;
    JobId id;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Tenant {
    std::string name;
    std::set<Place> places;
  };
  /// The tenants that have jobs of one priority; the first is next.
  struct Level {
    std::list<Tenant> ring;
    std::unordered_map<std::string_view, std::list<Tenant>::iterator> by_name;
  };
  struct Queue {
    std::string name;
    std::uint32_t weight = 1;
    bool paused = false;
    std::size_t together = 0;              ///< Jobs in `levels`.
    std::map<std::uint8_t, Level> levels;  ///< By priority; none is empty.
    std::set<AloneHead> alone;             ///< All that must run alone.
    std::optional<AloneHead> head = {};    ///< As it stands in alone_heads_.
    std::vector<std::weak_ptr<Subscription>> subscribers = {};
  };

  [[nodiscard]] std::uint32_t number_of(std::string_view name);
  [[nodiscard]] const Queue* find(std::string_view name) const;
  /// The queue has jobs to give, and had none before.
  void wake(std::uint32_t number);
  static void enter(Subscription& subscription, std::uint32_t number);
  void note_alone_head(Queue& queue);
  [[nodiscard]] static std::optional<Timestamp> oldest_of(const Queue& queue);

  std::deque<Queue> queues_;  ///< By number; none ever goes.
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::map<std::vector<std::string>, std::weak_ptr<Subscription>> subscriptions_;
  std::set<AloneHead> alone_heads_;
  std::size_t alone_ = 0;
};

}  // namespace darkroom::jobs
