#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>

#include "jobs/shared_job.hpp"

namespace darkroom::jobs {

/// The unfinished jobs, in memory, in the order in which they are to run. Indexes follow from the
/// jobs themselves, so putting back an older copy of a job undoes a change entirely. Plain, not
/// thread-safe.
class JobTable {
 public:
  /// Inserts the job or replaces the one of its id; a job in a final state is dropped.
  void put(SharedJob job);

  void erase(const JobId& id);

  /// Null where there is none. The pointer holds until the next put or erase.
  [[nodiscard]] const Job* find(const JobId& id) const;

  /// The same to keep; none where there is none.
  [[nodiscard]] SharedJob share(const JobId& id) const;

  /// Among the jobs that may run at `now`, the one of the first priority that has waited longest;
  /// null where there is none. Leaves out those that must run alone.
  [[nodiscard]] const Job* next_ready(Timestamp now) const { return next_of(together_, now); }

  /// The same among those that must run alone.
  [[nodiscard]] const Job* next_alone(Timestamp now) const { return next_of(alone_, now); }

  [[nodiscard]] std::size_t size() const { return jobs_.size(); }
  /// Among all jobs that may run at `now`, the one that has waited longest; null where none may.
  [[nodiscard]] const Job* oldest_ready(Timestamp now) const;

  [[nodiscard]] std::size_t waiting() const { return length_of(together_) + length_of(alone_); }
  [[nodiscard]] std::size_t waiting_alone() const { return length_of(alone_); }
  [[nodiscard]] std::size_t processing() const { return size() - waiting(); }

 private:
  struct Place {
    Timestamp run_at;
    JobId id;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  using Line = std::map<std::uint8_t, std::set<Place>>;  ///< pending and retrying, by priority

  [[nodiscard]] static std::size_t length_of(const Line& line);
  [[nodiscard]] const Job* next_of(const Line& line, Timestamp now) const;
  [[nodiscard]] Line& line_of(const Job& job) { return job.alone ? alone_ : together_; }

  std::unordered_map<JobId, SharedJob> jobs_;
  Line together_;
  Line alone_;
};

}  // namespace darkroom::jobs
