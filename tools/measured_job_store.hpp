#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "persistence/job_store.hpp"
#include "tools/latencies.hpp"

namespace darkroom::tools {

/// A job store that counts what is committed to the one inside. To be read once nobody commits any
/// more.
class MeasuredJobStore final : public persistence::JobStore {
 public:
  struct Commits {
    std::uint64_t changes = 0;
    std::uint64_t largest = 0;  ///< Changes in one commit.
    Latencies times;
  };

  explicit MeasuredJobStore(std::unique_ptr<persistence::JobStore> inner)
      : inner_(std::move(inner)) {}

  /// What was committed since the last call.
  [[nodiscard]] Commits take_commits() { return std::exchange(commits_, {}); }

  tl::expected<void, persistence::StoreError> commit(
      std::span<const persistence::JobChange> changes) override {
    const auto start = std::chrono::steady_clock::now();
    auto written = inner_->commit(changes);
    commits_.times.add(std::chrono::steady_clock::now() - start);
    commits_.changes += changes.size();
    commits_.largest = std::max<std::uint64_t>(commits_.largest, changes.size());
    return written;
  }

  tl::expected<std::optional<jobs::Job>, persistence::StoreError> get(
      const jobs::JobId& id) const override {
    return inner_->get(id);
  }

  tl::expected<persistence::Damage, persistence::StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    return inner_->for_each_unfinished(visit);
  }

  tl::expected<persistence::ExpiredJobs, persistence::StoreError> expired(
      jobs::Timestamp now, std::size_t limit) const override {
    return inner_->expired(now, limit);
  }

  tl::expected<void, persistence::StoreError> check_writable() override {
    return inner_->check_writable();
  }

 private:
  std::unique_ptr<persistence::JobStore> inner_;
  Commits commits_;
};

}  // namespace darkroom::tools
