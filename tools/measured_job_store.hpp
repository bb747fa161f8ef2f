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
  using StoreError = persistence::StoreError;

  struct Commits {
    std::uint64_t changes = 0;
    std::uint64_t largest = 0;  ///< Changes in one commit.
    Latencies times;
  };

  explicit MeasuredJobStore(std::unique_ptr<persistence::JobStore> inner)
      : inner_(std::move(inner)) {}

  /// What was committed since the last call.
  [[nodiscard]] Commits take_commits() { return std::exchange(commits_, {}); }

  using JobStore::commit;
  tl::expected<void, StoreError> commit(const persistence::WriteSet& changes) override {
    const auto start = std::chrono::steady_clock::now();
    auto written = inner_->commit(changes);
    commits_.times.add(std::chrono::steady_clock::now() - start);
    commits_.changes += changes.jobs.size();
    commits_.largest = std::max<std::uint64_t>(commits_.largest, changes.jobs.size());
    return written;
  }

  tl::expected<std::optional<jobs::Job>, StoreError> get(const jobs::JobId& id) const override {
    return inner_->get(id);
  }

  tl::expected<persistence::FoundJobs, StoreError> list(const std::optional<jobs::JobId>& before,
                                                        std::size_t limit) const override {
    return inner_->list(before, limit);
  }

  tl::expected<persistence::FoundPage, StoreError> find(const persistence::JobFilter& filter,
                                                        const std::optional<jobs::JobId>& before,
                                                        std::size_t limit) const override {
    return inner_->find(filter, before, limit);
  }
  tl::expected<persistence::FoundJobs, StoreError> finished_since(
      std::uint64_t revision, std::size_t limit) const override {
    return inner_->finished_since(revision, limit);
  }
  tl::expected<std::uint64_t, StoreError> last_revision() const override {
    return inner_->last_revision();
  }
  tl::expected<std::optional<std::string>, StoreError> record(
      persistence::Record kind, const jobs::JobId& id) const override {
    return inner_->record(kind, id);
  }
  tl::expected<std::vector<jobs::Delivery>, StoreError> deliveries_of(
      const jobs::JobId& subject, std::size_t limit) const override {
    return inner_->deliveries_of(subject, limit);
  }
  tl::expected<persistence::DueDeliveries, StoreError> due_deliveries(
      jobs::Timestamp now, const std::optional<persistence::DuePlace>& behind,
      std::size_t limit) const override {
    return inner_->due_deliveries(now, behind, limit);
  }
  tl::expected<void, persistence::StoreError> for_each_pending_delivery(
      const std::function<void(const jobs::JobId&)>& visit) const override {
    return inner_->for_each_pending_delivery(visit);
  }
  tl::expected<std::vector<persistence::RecordChange>, StoreError> expired_records(
      persistence::Record kind, jobs::Timestamp now, std::size_t limit) const override {
    return inner_->expired_records(kind, now, limit);
  }
  tl::expected<std::vector<jobs::JobId>, StoreError> open_batches() const override {
    return inner_->open_batches();
  }

  tl::expected<persistence::Damage, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    return inner_->for_each_unfinished(visit);
  }

  tl::expected<persistence::FoundJobs, StoreError> expired(jobs::Timestamp now,
                                                           std::size_t limit) const override {
    return inner_->expired(now, limit);
  }

  tl::expected<persistence::FoundJobs, StoreError> failed(const std::optional<jobs::JobId>& after,
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
    return inner_->put_text(name, text);
  }

  tl::expected<void, StoreError> check_writable() override { return inner_->check_writable(); }

 private:
  std::unique_ptr<persistence::JobStore> inner_;
  Commits commits_;
};

}  // namespace darkroom::tools
