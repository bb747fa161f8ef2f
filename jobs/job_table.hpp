#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jobs/queue_order.hpp"
#include "jobs/shared_job.hpp"

namespace darkroom::jobs {

/// The unfinished jobs, in memory, and among them those that may run, in the order in which they
/// are to. All of it follows from the jobs themselves, so putting back an older copy of a job
/// undoes a change entirely; but for whose turn it is, see QueueOrder. Plain, not thread-safe.
class JobTable {
 public:
  /// How many jobs of a queue stand where.
  struct Figures {
    std::string name;
    std::uint32_t weight = 1;
    bool paused = false;
    std::size_t ready = 0;  ///< They wait, and may run.
    std::size_t later = 0;  ///< They wait, and may not run yet.
    std::size_t processing = 0;
    std::size_t to_fetch = 0;  ///< Of those that are ready, the ones without their pictures yet.
    std::size_t fetching = 0;  ///< Of those in process, the ones whose pictures are being fetched.
    std::optional<Timestamp> oldest = {};  ///< Since when the one waits that is ready longest.
  };

  /// Inserts the job or replaces the one of its id; a job in a final state is dropped.
  void put(SharedJob job);

  void erase(const JobId& id);

  /// Null where there is none. The pointer holds until the next put or erase.
  [[nodiscard]] const Job* find(const JobId& id) const;

  /// The same to keep; none where there is none.
  [[nodiscard]] SharedJob share(const JobId& id) const;

  /// It is `now`: jobs whose time has come may run. One that may run does so also after the clock
  /// was set back.
  void advance(Timestamp now);

  /// Between 1 and QueueOrder::most_weight; 1 for a queue of which nothing was said.
  void set_weight(std::string_view queue, std::uint32_t weight);
  /// No job of a paused queue is next.
  void set_paused(std::string_view queue, bool paused);

  /// Those that may run and have their pictures.
  [[nodiscard]] QueueOrder& order() { return order_; }
  [[nodiscard]] const QueueOrder& order() const { return order_; }
  /// Those that may run and have theirs fetched first. An order of its own, since others do not
  /// wait for that; each queue has the same weight in both.
  [[nodiscard]] QueueOrder& fetches() { return fetches_; }
  [[nodiscard]] const QueueOrder& fetches() const { return fetches_; }
  /// The one of them that the job belongs to.
  [[nodiscard]] QueueOrder& order_of(const Job& job) { return must_fetch(job) ? fetches_ : order_; }

  [[nodiscard]] std::size_t size() const { return jobs_.size(); }
  /// Among all jobs that may run, since when the one waits that has waited longest.
  [[nodiscard]] std::optional<Timestamp> oldest_ready() const;
  [[nodiscard]] std::size_t waiting() const { return size() - processing_; }
  [[nodiscard]] std::size_t waiting_alone() const { return order_.alone() + later_alone_; }
  [[nodiscard]] std::size_t processing() const { return processing_; }

  /// Of every queue that has jobs, or a weight, by name.
  [[nodiscard]] std::vector<Figures> figures() const;

 private:
  enum class Where : std::uint8_t { processing, later, ready };
  struct Entry {
    SharedJob job;
    Where where = Where::ready;
  };
  struct Place {
    Timestamp run_at;
    JobId id;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Counts {
    std::size_t later = 0;
    std::size_t processing = 0;
    std::size_t fetching = 0;
  };

  [[nodiscard]] Counts& counts_of(const std::string& queue) { return counts_[queue]; }

  std::unordered_map<JobId, Entry> jobs_;
  Timestamp now_;
  QueueOrder order_;
  QueueOrder fetches_;
  std::set<Place> later_;  ///< The other ones that wait.
  std::size_t later_alone_ = 0;
  std::size_t processing_ = 0;
  std::unordered_map<std::string, Counts> counts_;  ///< By queue.
};

}  // namespace darkroom::jobs
