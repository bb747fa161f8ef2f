#include "tests/simulation/job_words.hpp"

#include <fmt/format.h>

namespace darkroom::simulation {

std::string describe(const jobs::SharedJob& job) {
  if (!job) return "gone";
  std::string text{jobs::to_string(job->status)};
  if (!job->attempts.empty()) {
    const auto& last = job->attempts.back();
    text += fmt::format(", attempt {} of {} {}", last.number, last.worker,
                        jobs::to_string(last.outcome));
    if (last.error) text += fmt::format(" ({})", *last.error);
  }
  return text;
}

}  // namespace darkroom::simulation
