#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "persistence/job_store.hpp"

namespace darkroom::persistence {

/// A job store whose commits fail on demand, as they do on a full disk: nothing of a failed commit
/// is applied, and reads go on working. Thread-safe where the store inside is.
class FaultyJobStore final : public JobStore {
 public:
  explicit FaultyJobStore(std::unique_ptr<JobStore> inner) : inner_(std::move(inner)) {}

  /// The `n`-th commit from now (1: the next) fails with `error`, and so do all later ones and
  /// check_writable(), until heal().
  void fail_from(std::size_t n, StoreError error) {
    const std::scoped_lock lock{mutex_};
    commits_left_ = n - 1;
    error_ = std::move(error);
  }

  void heal() {
    const std::scoped_lock lock{mutex_};
    error_.reset();
  }

  /// How many commits were asked for, failed ones included.
  [[nodiscard]] std::size_t commits() const {
    const std::scoped_lock lock{mutex_};
    return commits_;
  }

  tl::expected<void, StoreError> commit(std::span<const JobChange> changes) override {
    const std::scoped_lock lock{mutex_};
    ++commits_;
    if (error_ && commits_left_ == 0) return tl::unexpected{*error_};
    if (error_) --commits_left_;
    return inner_->commit(changes);
  }

  tl::expected<std::optional<jobs::Job>, StoreError> get(const jobs::JobId& id) const override {
    return inner_->get(id);
  }

  tl::expected<void, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    return inner_->for_each_unfinished(visit);
  }

  tl::expected<std::vector<jobs::Job>, StoreError> expired(jobs::Timestamp now,
                                                           std::size_t limit) const override {
    return inner_->expired(now, limit);
  }

  tl::expected<void, StoreError> check_writable() override {
    const std::scoped_lock lock{mutex_};
    if (error_ && commits_left_ == 0) return tl::unexpected{*error_};
    return inner_->check_writable();
  }

 private:
  std::unique_ptr<JobStore> inner_;
  mutable std::mutex mutex_;
  std::optional<StoreError> error_;
  std::size_t commits_left_ = 0;  ///< Good ones before `error_`.
  std::size_t commits_ = 0;
};

}  // namespace darkroom::persistence
