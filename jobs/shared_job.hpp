#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "jobs/job.hpp"

namespace darkroom::jobs {

/// A job that changes no more, or none: what std::optional<const Job> is, but a copy shares the job
/// instead of copying it. The table, what is staged and what is committed hold the same one.
class SharedJob {
 public:
  SharedJob() = default;
  // Implicit, so that it takes what an std::optional<Job> takes.
  SharedJob(std::nullopt_t /*none*/) {}
  SharedJob(Job job) : job_(std::make_shared<const Job>(std::move(job))) {}
  SharedJob(std::optional<Job> job)
      : job_(job ? std::make_shared<const Job>(std::move(*job)) : nullptr) {}

  [[nodiscard]] explicit operator bool() const { return job_ != nullptr; }
  [[nodiscard]] const Job& operator*() const { return *job_; }
  [[nodiscard]] const Job* operator->() const { return job_.get(); }
  /// Null for none.
  [[nodiscard]] const Job* get() const { return job_.get(); }

  /// By value, as jobs are compared.
  friend bool operator==(const SharedJob& a, const SharedJob& b) {
    return a.job_ == b.job_ || (a && b && *a == *b);
  }

 private:
  std::shared_ptr<const Job> job_;
};

}  // namespace darkroom::jobs
