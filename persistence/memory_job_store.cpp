#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

#include "persistence/index_keys.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::persistence {
namespace {

using ReadyEntry = std::tuple<std::string, std::uint8_t, jobs::Timestamp, jobs::JobId>;
using ExpiryEntry = std::pair<jobs::Timestamp, jobs::JobId>;

class MemoryJobStore final : public JobStore {
 public:
  tl::expected<void, StoreError> commit(std::span<const JobChange> changes) override {
    if (auto checked = check_changes(changes); !checked) return checked;
    const std::unique_lock lock{mutex_};
    const auto net = net_changes(changes);
    for (const auto& change : net)
      if (change.before) erase(*change.before);
    for (const auto& change : net)
      if (change.after) insert(*change.after);
    return {};
  }

  tl::expected<std::optional<jobs::Job>, StoreError> get(const jobs::JobId& id) const override {
    const std::shared_lock lock{mutex_};
    const auto found = jobs_.find(id);
    return found == jobs_.end() ? std::nullopt : std::optional{found->second};
  }

  tl::expected<FoundJobs, StoreError> list(const std::optional<jobs::JobId>& before,
                                           std::size_t limit) const override {
    const std::shared_lock lock{mutex_};
    FoundJobs found;
    auto next = before ? jobs_.lower_bound(*before) : jobs_.end();
    while (next != jobs_.begin() && found.jobs.size() < limit)
      found.jobs.push_back((--next)->second);
    return found;
  }

  // Copies first, so that `visit` may call the store.
  tl::expected<Damage, StoreError> for_each_unfinished(
      const std::function<void(jobs::Job)>& visit) const override {
    for (auto& job : unfinished())
      visit(std::move(job));
    return Damage{};
  }

  tl::expected<FoundJobs, StoreError> expired(jobs::Timestamp now,
                                              std::size_t limit) const override {
    const std::shared_lock lock{mutex_};
    FoundJobs due;
    for (const auto& [expires_at, id] : expiry_) {
      if (expires_at > now || due.jobs.size() == limit) break;
      due.jobs.push_back(jobs_.at(id));
    }
    return due;
  }

  tl::expected<FoundJobs, StoreError> failed(const std::optional<jobs::JobId>& after,
                                             std::size_t limit) const override {
    const std::shared_lock lock{mutex_};
    FoundJobs found;
    for (auto id = after ? failed_.upper_bound(*after) : failed_.begin();
         id != failed_.end() && found.jobs.size() < limit; ++id) {
      found.jobs.push_back(jobs_.at(*id));
    }
    return found;
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_idempotency_key(
      std::string_view key) const override {
    const std::shared_lock lock{mutex_};
    const auto found = idempotency_.find(key);
    if (found == idempotency_.end()) return std::nullopt;
    return jobs_.at(found->second);
  }

  tl::expected<std::optional<jobs::Job>, StoreError> with_results_for(
      const jobs::Job& wish) const override {
    const std::shared_lock lock{mutex_};
    const auto hash = results_hash(wish);
    auto behind = results_.upper_bound(hash + std::string(16, '\xff'));
    if (behind == results_.begin() || !(--behind)->first.starts_with(hash)) return std::nullopt;
    return jobs_.at(behind->second);
  }

  tl::expected<std::string, StoreError> operator_state() const override {
    const std::shared_lock lock{mutex_};
    return operator_state_;
  }

  tl::expected<void, StoreError> put_operator_state(std::string_view text) override {
    const std::unique_lock lock{mutex_};
    operator_state_ = text;
    return {};
  }

  tl::expected<void, StoreError> check_writable() override { return {}; }

 private:
  std::vector<jobs::Job> unfinished() const {
    const std::shared_lock lock{mutex_};
    std::vector<jobs::Job> found;
    found.reserve(ready_.size());
    for (const auto& entry : ready_)
      found.push_back(jobs_.at(std::get<jobs::JobId>(entry)));
    return found;
  }

  void erase(const jobs::Job& job) {
    jobs_.erase(job.id);
    ready_.erase({job.queue, job.priority, job.run_at, job.id});
    expiry_.erase({job.expires_at, job.id});
    failed_.erase(job.id);
    if (const auto key = idempotency_key(&job)) idempotency_.erase(*key);
    if (const auto key = results_key(&job)) results_.erase(*key);
  }

  void insert(const jobs::Job& job) {
    jobs_.insert_or_assign(job.id, job);
    if (!is_final(job.status)) ready_.emplace(job.queue, job.priority, job.run_at, job.id);
    expiry_.emplace(job.expires_at, job.id);
    if (failed_key(&job)) failed_.insert(job.id);
    if (const auto key = idempotency_key(&job)) idempotency_.insert_or_assign(*key, job.id);
    if (const auto key = results_key(&job)) results_.insert_or_assign(*key, job.id);
  }

  mutable std::shared_mutex mutex_;
  std::map<jobs::JobId, jobs::Job> jobs_;
  std::set<ReadyEntry> ready_;
  std::set<ExpiryEntry> expiry_;
  std::set<jobs::JobId> failed_;
  std::map<std::string, jobs::JobId, std::less<>> idempotency_;
  std::map<std::string, jobs::JobId, std::less<>> results_;
  std::string operator_state_;
};

}  // namespace

std::unique_ptr<JobStore> make_memory_job_store() {
  return std::make_unique<MemoryJobStore>();
}

}  // namespace darkroom::persistence
