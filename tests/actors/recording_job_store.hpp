#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// A store in memory that counts its commits and fails while told to.
class RecordingJobStore final : public persistence::JobStore {
 public:
  std::optional<persistence::StoreError> fail_with;  ///< While set, nothing can be written.
  std::size_t commits = 0;

  tl::expected<void, persistence::StoreError> commit(
      std::span<const persistence::JobChange> changes) override {
    if (fail_with) return tl::unexpected(*fail_with);
    ++commits;
    return store_->commit(changes);
  }

  tl::expected<std::optional<jobs::Job>, persistence::StoreError> get(
      const jobs::JobId& id) const override {
    return store_->get(id);
  }

  tl::expected<void, persistence::StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    return store_->for_each_unfinished(visit);
  }

  tl::expected<std::vector<jobs::Job>, persistence::StoreError> expired(
      jobs::Timestamp now, std::size_t limit) const override {
    return store_->expired(now, limit);
  }

  tl::expected<void, persistence::StoreError> check_writable() override {
    if (fail_with) return tl::unexpected(*fail_with);
    return store_->check_writable();
  }

 private:
  std::unique_ptr<persistence::JobStore> store_ = persistence::make_memory_job_store();
};

}  // namespace darkroom::actors
