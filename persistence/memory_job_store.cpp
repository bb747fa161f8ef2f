#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

#include "persistence/index_keys.hpp"
#include "persistence/job_store.hpp"
#include "persistence/packed_batch.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/record_keys.hpp"

namespace darkroom::persistence {
namespace {

using ReadyEntry = std::tuple<std::string, std::uint8_t, jobs::Timestamp, jobs::JobId>;
using ExpiryEntry = std::pair<jobs::Timestamp, jobs::JobId>;

class MemoryJobStore final : public JobStore {
 public:
  tl::expected<void, StoreError> commit(const WriteSet& changes) override {
    if (auto checked = check_changes(changes.jobs); !checked) return checked;
    if (auto checked = check_changes(changes.records); !checked) return checked;
    const std::unique_lock lock{mutex_};
    const auto net = net_changes(changes.jobs);
    for (const auto& change : net)
      if (change.before) erase(*change.before);
    for (const auto& change : net)
      if (change.after) insert(*change.after);
    for (const auto& change : changes.records) {
      records_.erase({change.kind, change.id});
      if (change.after) records_.emplace(std::pair{change.kind, change.id}, *change.after);
    }
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

  // Looks at every job, so a page is never short.
  tl::expected<FoundPage, StoreError> find(const JobFilter& filter,
                                           const std::optional<jobs::JobId>& before,
                                           std::size_t limit) const override {
    const std::shared_lock lock{mutex_};
    FoundPage page;
    auto next = before ? jobs_.lower_bound(*before) : jobs_.end();
    while (next != jobs_.begin()) {
      const auto& job = (--next)->second;
      if (!matches(filter, job)) continue;
      if (page.jobs.size() >= limit) {
        page.next = page.jobs.back().id;
        break;
      }
      page.jobs.push_back(job);
    }
    return page;
  }

  tl::expected<FoundJobs, StoreError> finished_since(std::uint64_t revision,
                                                     std::size_t limit) const override {
    const std::shared_lock lock{mutex_};
    FoundJobs found;
    for (auto entry = finished_.upper_bound({revision, highest_id()});
         entry != finished_.end() && found.jobs.size() < limit; ++entry) {
      found.jobs.push_back(jobs_.at(entry->second));
    }
    return found;
  }

  tl::expected<std::uint64_t, StoreError> last_revision() const override {
    const std::shared_lock lock{mutex_};
    return finished_.empty() ? 0 : finished_.rbegin()->first;
  }

  tl::expected<std::optional<std::string>, StoreError> record(
      Record kind, const jobs::JobId& id) const override {
    const std::shared_lock lock{mutex_};
    const auto found = records_.find({kind, id});
    return found == records_.end() ? std::nullopt : std::optional{found->second};
  }

  tl::expected<std::vector<jobs::Delivery>, StoreError> deliveries_of(
      const jobs::JobId& subject, std::size_t limit) const override {
    auto found = deliveries([&](const auto& delivery) { return delivery.subject == subject; });
    std::ranges::reverse(found);
    if (found.size() > limit) found.resize(limit);
    return found;
  }

  tl::expected<DueDeliveries, StoreError> due_deliveries(jobs::Timestamp now,
                                                         const std::optional<DuePlace>& behind,
                                                         std::size_t limit) const override {
    auto found = deliveries([&](const auto& delivery) {
      return delivery.status == jobs::DeliveryStatus::pending && delivery.due_at <= now &&
             (!behind || DuePlace{delivery.due_at, delivery.id} > *behind);
    });
    std::ranges::stable_sort(found, {}, &jobs::Delivery::due_at);
    DueDeliveries due;
    if (found.size() > limit) {
      found.resize(limit);
      due.next = DuePlace{found.back().due_at, found.back().id};
    }
    due.deliveries = std::move(found);
    return due;
  }

  // Copies first, so that `visit` may call the store.
  tl::expected<void, StoreError> for_each_pending_delivery(
      const std::function<void(const jobs::JobId&)>& visit) const override {
    const auto is_pending = [](const jobs::Delivery& delivery) {
      return delivery.status == jobs::DeliveryStatus::pending;
    };
    for (const auto& delivery : deliveries(is_pending))
      visit(delivery.id);
    return {};
  }

  tl::expected<std::vector<RecordChange>, StoreError> expired_records(
      Record kind, jobs::Timestamp now, std::size_t limit) const override {
    const std::shared_lock lock{mutex_};
    std::map<std::pair<jobs::Timestamp, jobs::JobId>, RecordChange> due;
    for (const auto& [name, record] : records_) {
      if (name.first != kind) continue;
      const auto expires_at = kind == Record::batch ? unpack_batch(record)->expires_at
                                                    : unpack_delivery(record)->expires_at;
      if (expires_at > now) continue;
      due.emplace(std::pair{expires_at, name.second},
                  RecordChange{.kind = kind, .id = name.second, .before = record});
    }
    std::vector<RecordChange> found;
    for (auto& [place, change] : due) {
      if (found.size() < limit) found.push_back(std::move(change));
    }
    return found;
  }

  tl::expected<std::vector<jobs::JobId>, StoreError> open_batches() const override {
    const std::shared_lock lock{mutex_};
    std::vector<jobs::JobId> found;
    for (const auto& [name, record] : records_) {
      if (name.first == Record::batch && !unpack_batch(record)->completed_at)
        found.push_back(name.second);
    }
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
      std::string_view tenant, std::string_view key) const override {
    const std::shared_lock lock{mutex_};
    const auto found = idempotency_.find(idempotency_key(tenant, key));
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

  tl::expected<std::string, StoreError> text(std::string_view name) const override {
    const std::shared_lock lock{mutex_};
    const auto found = texts_.find(name);
    return found == texts_.end() ? std::string{} : found->second;
  }

  tl::expected<void, StoreError> put_text(std::string_view name, std::string_view text) override {
    const std::unique_lock lock{mutex_};
    texts_.insert_or_assign(std::string{name}, std::string{text});
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

  static jobs::JobId highest_id() {
    jobs::JobId::Bytes bytes{};
    bytes.fill(0xff);
    return jobs::JobId{bytes};
  }

  /// In the order of their ids.
  template <class Wanted>
  std::vector<jobs::Delivery> deliveries(const Wanted& wanted) const {
    const std::shared_lock lock{mutex_};
    std::vector<jobs::Delivery> found;
    for (const auto& [name, record] : records_) {
      if (name.first != Record::delivery) continue;
      auto delivery = unpack_delivery(record).value();
      if (wanted(delivery)) found.push_back(std::move(delivery));
    }
    return found;
  }

  void erase(const jobs::Job& job) {
    jobs_.erase(job.id);
    finished_.erase({job.revision, job.id});
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
    if (is_final(job.status)) finished_.emplace(job.revision, job.id);
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
  std::set<std::pair<std::uint64_t, jobs::JobId>> finished_;
  std::map<std::pair<Record, jobs::JobId>, std::string> records_;
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace

std::unique_ptr<JobStore> make_memory_job_store() {
  return std::make_unique<MemoryJobStore>();
}

}  // namespace darkroom::persistence
