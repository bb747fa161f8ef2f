#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "actors/registry_ledger.hpp"
#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

std::optional<jobs::JobId> unless_nil(const jobs::JobId& id) {
  return id == jobs::JobId{} ? std::nullopt : std::optional{id};
}

bool may_be_sent_again(const jobs::Job& job) {
  return job.status == jobs::JobStatus::failed || job.status == jobs::JobStatus::cancelled;
}

}  // namespace

RegistryLedger::Result<BulkDone> RegistryLedger::retry_where(persistence::JobFilter filter,
                                                             const jobs::JobId& after,
                                                             std::size_t limit, Now now) {
  filter.alive_at = now.wall;
  const auto page = store_->find(filter, unless_nil(after),
                                 std::clamp<std::size_t>(limit, 1, options_.batch_limit));
  if (!page) return tl::unexpected(to_service_error(page.error()));
  BulkDone bulk;
  for (const auto& stored : page->jobs) {
    // What is staged has gone further than what is stored.
    auto job = get(stored.id);
    if (job && matches(filter, *job) && may_be_sent_again(*job)) {
      const auto again = send_again(std::move(*job), now);
      if (!again && bulk.done == 0) return tl::unexpected(again.error());
      if (!again) return bulk;
      ++bulk.done;
    }
    bulk.last = stored.id;
  }
  bulk.last = page->next;
  return bulk;
}

RegistryLedger::Result<BulkRemoved> RegistryLedger::remove_where(persistence::JobFilter filter,
                                                                 const jobs::JobId& after,
                                                                 std::size_t limit, Now now) {
  filter.alive_at = now.wall;
  const auto most = std::min<std::size_t>(most_listed, options_.batch_limit);
  auto page = store_->find(filter, unless_nil(after), std::clamp<std::size_t>(limit, 1, most));
  if (!page) return tl::unexpected(to_service_error(page.error()));
  if (const auto fitting = jobs_of_one_message(page->jobs); fitting < page->jobs.size()) {
    page->jobs.resize(fitting);
    page->next = page->jobs.back().id;
  }
  BulkRemoved bulk{.jobs = {}, .next = page->next};
  std::set<jobs::JobId> ids;
  for (const auto& stored : page->jobs) {
    auto current = get(stored.id);
    if (!current || !matches(filter, *current)) continue;
    ids.insert(stored.id);
    bulk.jobs.push_back(std::move(*current));
  }
  if (auto withdrawn = withdraw(ids); !withdrawn) return tl::unexpected(withdrawn.error());
  for (const auto& job : bulk.jobs)
    take_out(job, now);
  return bulk;
}

}  // namespace darkroom::actors
