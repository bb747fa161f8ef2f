#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "persistence/job_store.hpp"

namespace darkroom::persistence {

/// A job store whose commits fail on demand, as they do on a full disk: nothing of a failed commit
/// is applied, and reads go on working. Records can be made to look damaged. Thread-safe where the
/// store inside is.
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

  /// From now on these records are found damaged beside the jobs that are there.
  void set_damage(Damage damage) {
    const std::scoped_lock lock{mutex_};
    damage_ = std::move(damage);
  }

  /// Whether batches and deliveries can be read one by one.
  void fail_records(bool fail) {
    const std::scoped_lock lock{mutex_};
    records_fail_ = fail;
  }

  /// Has `hook` called at the begin of each commit, which goes on once that has returned. To be set
  /// before the store is used.
  void at_commit(std::function<void()> hook) { hook_ = std::move(hook); }

  /// How many commits were asked for, failed ones included.
  [[nodiscard]] std::size_t commits() const {
    const std::scoped_lock lock{mutex_};
    return commits_;
  }

  /// How many deliveries were read because they were due.
  [[nodiscard]] std::size_t due_read() const {
    const std::scoped_lock lock{mutex_};
    return due_read_;
  }

  using JobStore::commit;
  tl::expected<void, StoreError> commit(const WriteSet& changes) override {
    if (hook_) hook_();
    const std::scoped_lock lock{mutex_};
    ++commits_;
    if (error_ && commits_left_ == 0) return tl::unexpected{*error_};
    if (error_) --commits_left_;
    return inner_->commit(changes);
  }

  tl::expected<std::optional<jobs::Job>, StoreError> get(const jobs::JobId& id) const override {
    const std::scoped_lock lock{mutex_};
    for (const auto& record : damage_) {
      if (record.id != id) continue;
      return tl::unexpected{StoreError{.code = StoreErrorCode::corrupt, .message = record.message}};
    }
    return inner_->get(id);
  }

  tl::expected<FoundJobs, StoreError> list(const std::optional<jobs::JobId>& before,
                                           std::size_t limit) const override {
    return inner_->list(before, limit);
  }

  tl::expected<FoundPage, StoreError> find(const JobFilter& filter,
                                           const std::optional<jobs::JobId>& before,
                                           std::size_t limit) const override {
    return inner_->find(filter, before, limit);
  }
  tl::expected<FoundJobs, StoreError> finished_since(std::uint64_t revision,
                                                     std::size_t limit) const override {
    return inner_->finished_since(revision, limit);
  }
  tl::expected<std::uint64_t, StoreError> last_revision() const override {
    return inner_->last_revision();
  }
  tl::expected<std::optional<std::string>, StoreError> record(
      Record kind, const jobs::JobId& id) const override {
    const std::scoped_lock lock{mutex_};
    if (records_fail_) {
      return tl::unexpected{
          StoreError{.code = StoreErrorCode::unwritable, .message = "the disk is busy"}};
    }
    return inner_->record(kind, id);
  }
  tl::expected<std::vector<jobs::Delivery>, StoreError> deliveries_of(
      const jobs::JobId& subject, std::size_t limit) const override {
    return inner_->deliveries_of(subject, limit);
  }
  tl::expected<persistence::DueDeliveries, StoreError> due_deliveries(
      jobs::Timestamp now, const std::optional<persistence::DuePlace>& behind,
      std::size_t limit) const override {
    auto due = inner_->due_deliveries(now, behind, limit);
    const std::scoped_lock lock{mutex_};
    if (due) due_read_ += due->deliveries.size();
    return due;
  }
  tl::expected<void, StoreError> for_each_pending_delivery(
      const std::function<void(const jobs::JobId&)>& visit) const override {
    return inner_->for_each_pending_delivery(visit);
  }
  tl::expected<std::vector<RecordChange>, StoreError> expired_records(
      Record kind, jobs::Timestamp now, std::size_t limit) const override {
    return inner_->expired_records(kind, now, limit);
  }
  tl::expected<std::vector<jobs::JobId>, StoreError> open_batches() const override {
    return inner_->open_batches();
  }

  tl::expected<Damage, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    auto found = inner_->for_each_unfinished(visit);
    const std::scoped_lock lock{mutex_};
    if (found) found->insert(found->end(), damage_.begin(), damage_.end());
    return found;
  }

  tl::expected<FoundJobs, StoreError> expired(jobs::Timestamp now,
                                              std::size_t limit) const override {
    auto due = inner_->expired(now, limit);
    const std::scoped_lock lock{mutex_};
    if (due) due->damaged.insert(due->damaged.end(), damage_.begin(), damage_.end());
    return due;
  }

  tl::expected<FoundJobs, StoreError> failed(const std::optional<jobs::JobId>& after,
                                             std::size_t limit) const override {
    return inner_->failed(after, limit);
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_idempotency_key(
      std::string_view tenant, std::string_view key) const override {
    return inner_->with_idempotency_key(tenant, key);
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_results_for(
      const jobs::Job& wish) const override {
    return inner_->with_results_for(wish);
  }

  tl::expected<std::string, StoreError> text(std::string_view name) const override {
    return inner_->text(name);
  }

  tl::expected<void, StoreError> put_text(std::string_view name, std::string_view text) override {
    const std::scoped_lock lock{mutex_};
    if (error_ && commits_left_ == 0) return tl::unexpected{*error_};
    return inner_->put_text(name, text);
  }

  tl::expected<void, StoreError> check_writable() override {
    const std::scoped_lock lock{mutex_};
    if (error_ && commits_left_ == 0) return tl::unexpected{*error_};
    return inner_->check_writable();
  }

 private:
  std::unique_ptr<JobStore> inner_;
  std::function<void()> hook_;
  mutable std::mutex mutex_;
  std::optional<StoreError> error_;
  bool records_fail_ = false;
  Damage damage_;
  std::size_t commits_left_ = 0;  ///< Good ones before `error_`.
  std::size_t commits_ = 0;
  mutable std::size_t due_read_ = 0;
};

}  // namespace darkroom::persistence
