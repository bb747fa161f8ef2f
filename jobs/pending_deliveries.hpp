#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "jobs/job_id.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// How many deliveries are pending, and since when. Small however many there are: their times are
/// kept to ten seconds, which their ids tell.
class PendingDeliveries {
 public:
  void add(const JobId& id);
  /// One that was added.
  void remove(const JobId& id);

  [[nodiscard]] std::size_t size() const { return size_; }
  /// When the oldest was made, less than ten seconds later than it was; none where there is none.
  [[nodiscard]] std::optional<Timestamp> oldest() const;

 private:
  using Period = std::chrono::duration<std::int64_t, std::ratio<10>>;

  static Period period_of(const JobId& id);

  std::map<Period, std::size_t> made_;  ///< How many in each period; none is 0.
  std::size_t size_ = 0;
};

}  // namespace darkroom::jobs
