#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/job_id.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::simulation {

/// What happened in one run, in order, and a hash over all of it: two runs of one seed must agree.
class Trace {
 public:
  struct Event {
    jobs::SteadyTime at;
    std::optional<jobs::JobId> job;  ///< None: it concerns all jobs, as a crash does.
    std::string text;
  };

  /// The virtual time that the next events carry.
  void set_time(jobs::SteadyTime now) { now_ = now; }

  void note(std::string text);
  void note(const jobs::JobId& job, std::string text);

  /// Takes a number into the hash that is worth no line of its own.
  void mix(std::uint64_t number);

  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] std::uint64_t hash() const { return hash_; }

  /// A line for each event of the job, and for those that concern all jobs; of every event where
  /// there is no job. Times are seconds since the run began.
  [[nodiscard]] std::string lines(const std::optional<jobs::JobId>& job) const;

 private:
  void add(Event event);

  std::vector<Event> events_;
  jobs::SteadyTime now_;
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

}  // namespace darkroom::simulation
