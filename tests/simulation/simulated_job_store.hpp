#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "persistence/job_store.hpp"

namespace darkroom::simulation {

/// A job store that knows what of it is synced: a crash takes the rest away. As LevelDB's
/// FaultInjectionTestEnv does, and one level up: of whole batches.
///
/// What it simulates: commits refused for a while, with nothing applied, as on a full disk; a crash
/// in the middle of a commit, after which the batch is there whole or not at all.
class SimulatedJobStore final : public persistence::JobStore {
 public:
  /// When what is acknowledged is synced.
  enum class Syncing : std::uint8_t {
    always,       ///< As the interface demands.
    later,        ///< Only at sync(): the weakness `sync`.
    not_a_start,  ///< What begins an attempt with what ends it: the weakness `start`.
  };
  /// A batch applied, change by change, and whether a crash cannot undo it any more.
  using Observer = std::function<void(const persistence::JobChange&)>;
  /// Asked before each commit: does the machine crash in it, and is the batch kept?
  enum class Fate : std::uint8_t { normal, crash_and_keep, crash_and_lose };

  explicit SimulatedJobStore(Syncing syncing);

  std::function<Fate()> fate = [] { return Fate::normal; };
  Observer applied = [](const persistence::JobChange&) {};
  Observer undone = [](const persistence::JobChange&) {};  ///< By a crash; latest first.

  /// The same of batches and deliveries, behind the jobs of their commit.
  std::function<void(const persistence::RecordChange&)> record_applied =
      [](const persistence::RecordChange&) {};
  std::function<void(const persistence::RecordChange&)> record_undone =
      [](const persistence::RecordChange&) {};
  std::function<void()> committed = [] {};  ///< All of it was told.

  void fail_with(std::optional<persistence::StoreError> error) { error_ = std::move(error); }
  void sync() {
    unsynced_.clear();
    unsynced_records_.clear();
  }
  /// What is not synced is gone.
  void crash();

  using JobStore::commit;
  tl::expected<void, persistence::StoreError> commit(const persistence::WriteSet& changes) override;
  tl::expected<std::optional<jobs::Job>, persistence::StoreError> get(
      const jobs::JobId& id) const override {
    return inner_->get(id);
  }
  tl::expected<persistence::FoundJobs, persistence::StoreError> list(
      const std::optional<jobs::JobId>& before, std::size_t limit) const override {
    return inner_->list(before, limit);
  }
  tl::expected<persistence::FoundPage, persistence::StoreError> find(
      const persistence::JobFilter& filter, const std::optional<jobs::JobId>& before,
      std::size_t limit) const override {
    return inner_->find(filter, before, limit);
  }
  tl::expected<persistence::FoundJobs, persistence::StoreError> finished_since(
      std::uint64_t revision, std::size_t limit) const override {
    return inner_->finished_since(revision, limit);
  }
  tl::expected<std::uint64_t, persistence::StoreError> last_revision() const override {
    return inner_->last_revision();
  }
  tl::expected<std::optional<std::string>, persistence::StoreError> record(
      persistence::Record kind, const jobs::JobId& id) const override {
    return inner_->record(kind, id);
  }
  tl::expected<std::vector<jobs::Delivery>, persistence::StoreError> deliveries_of(
      const jobs::JobId& subject, std::size_t limit) const override {
    return inner_->deliveries_of(subject, limit);
  }
  tl::expected<persistence::DueDeliveries, persistence::StoreError> due_deliveries(
      jobs::Timestamp now, const std::optional<persistence::DuePlace>& behind,
      std::size_t limit) const override {
    return inner_->due_deliveries(now, behind, limit);
  }
  tl::expected<void, persistence::StoreError> for_each_pending_delivery(
      const std::function<void(const jobs::JobId&)>& visit) const override {
    return inner_->for_each_pending_delivery(visit);
  }
  tl::expected<std::vector<persistence::RecordChange>, persistence::StoreError> expired_records(
      persistence::Record kind, jobs::Timestamp now, std::size_t limit) const override {
    return inner_->expired_records(kind, now, limit);
  }
  tl::expected<std::vector<jobs::JobId>, persistence::StoreError> open_batches() const override {
    return inner_->open_batches();
  }
  tl::expected<persistence::Damage, persistence::StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    return inner_->for_each_unfinished(visit);
  }
  tl::expected<persistence::FoundJobs, persistence::StoreError> expired(
      jobs::Timestamp now, std::size_t limit) const override {
    return inner_->expired(now, limit);
  }
  tl::expected<persistence::FoundJobs, persistence::StoreError> failed(
      const std::optional<jobs::JobId>& after, std::size_t limit) const override {
    return inner_->failed(after, limit);
  }
  tl::expected<std::optional<jobs::Job>, persistence::StoreError> with_idempotency_key(
      std::string_view tenant, std::string_view key) const override {
    return inner_->with_idempotency_key(tenant, key);
  }
  tl::expected<std::optional<jobs::Job>, persistence::StoreError> with_results_for(
      const jobs::Job& wish) const override {
    return inner_->with_results_for(wish);
  }
  tl::expected<std::string, persistence::StoreError> text(std::string_view name) const override {
    return inner_->text(name);
  }
  tl::expected<void, persistence::StoreError> put_text(std::string_view name,
                                                       std::string_view text) override;
  tl::expected<void, persistence::StoreError> check_writable() override;

 private:
  tl::expected<void, persistence::StoreError> apply(const persistence::WriteSet& changes);
  void note_unsynced(const persistence::JobChange& change);

  Syncing syncing_;
  std::unique_ptr<persistence::JobStore> inner_;
  std::optional<persistence::StoreError> error_;
  std::vector<persistence::JobChange> unsynced_;             ///< Oldest first.
  std::vector<persistence::RecordChange> unsynced_records_;  ///< Likewise.
};

}  // namespace darkroom::simulation
