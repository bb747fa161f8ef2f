#include "actors/catalogue.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

bool has_ended(const BatchState& state) {
  using jobs::JobStatus;
  return state.count(JobStatus::pending) + state.count(JobStatus::processing) +
             state.count(JobStatus::retrying) ==
         0;
}

}  // namespace

caf::result<JobPage> CatalogueState::find(const JobQuery& query) const {
  auto filter = query.filter;
  filter.alive_at = wall_clock();
  auto found = store->find(filter, query.before, std::clamp(query.limit, 1U, most_listed));
  if (!found) return make_error(to_service_error(found.error()));
  for (const auto& record : found->damaged)
    spdlog::debug("listing steps over a record: {} job={}", record.message, record.id.to_string());
  JobPage page{.jobs = std::move(found->jobs), .next = found->next};
  if (const auto fitting = jobs_of_one_message(page.jobs); fitting < page.jobs.size()) {
    page.jobs.resize(fitting);
    page.next = page.jobs.back().id;
  }
  return page;
}

tl::expected<BatchState, ServiceError> CatalogueState::look_at(const jobs::JobId& id) const {
  auto batch = store->batch(id);
  if (!batch) return tl::unexpected(to_service_error(batch.error()));
  const auto now = wall_clock();
  if (!*batch || (*batch)->expires_at <= now) return tl::unexpected(no_such_batch(id));
  const auto found = store->find({.tenant = (*batch)->tenant, .batch = id, .alive_at = now},
                                 std::nullopt, most_batch_jobs);
  if (!found) return tl::unexpected(to_service_error(found.error()));
  return state_of(std::move(**batch), found->jobs);
}

caf::result<BatchState> CatalogueState::batch(const jobs::JobId& id) const {
  auto state = look_at(id);
  // The last job may have ended between the two readings; the record tells of it by now.
  if (state && !state->batch.completed_at && has_ended(*state)) state = look_at(id);
  if (state) return std::move(*state);
  if (state.error().code == ServiceErrorCode::damaged) {
    spdlog::error("batch asked for has a damaged record: {} batch={}", state.error().message,
                  id.to_string());
  }
  return make_error(state.error());
}

caf::result<JobEvents> CatalogueState::ended(const EventQuery& query) const {
  const auto limit = std::clamp<std::uint32_t>(query.limit, 1, most_events);
  const auto found = store->finished_since(query.since, limit);
  if (!found) return make_error(to_service_error(found.error()));
  JobEvents ended{.events = {}, .since = query.since, .upto = query.since};
  for (const auto& job : found->jobs) {
    if (job.expires_at > wall_clock()) ended.events.push_back(event_of_end(job));
    ended.upto = job.revision;
  }
  if (found->jobs.empty() || found->jobs.size() + found->damaged.size() < limit) {
    ended.upto = EventQuery::now;
  }
  return ended;
}

caf::result<DeliveryList> CatalogueState::deliveries(const jobs::JobId& subject) const {
  auto found = store->deliveries_of(subject, most_deliveries_listed);
  if (!found) return make_error(to_service_error(found.error()));
  for (auto& delivery : *found)
    delivery.body.clear();
  return DeliveryList{std::move(*found)};
}

caf::result<DueList> CatalogueState::due(const DueQuery& query) const {
  const auto now = wall_clock();
  const auto found = store->due_deliveries(now, query.behind, query.limit);
  if (!found) return make_error(to_service_error(found.error()));
  for (const auto& record : found->damaged)
    spdlog::debug("delivery set aside: {}", record.message);
  DueList due{.deliveries = {}, .last = {}, .more = found->next.has_value(), .upto = now};
  for (const auto& delivery : found->deliveries) {
    due.deliveries.push_back({.id = delivery.id,
                              .tenant = delivery.tenant,
                              .receiver = jobs::receiver_of(delivery),
                              .due_at = delivery.due_at});
    due.last = persistence::DuePlace{delivery.due_at, delivery.id};
  }
  return due;
}

CatalogueActor::behavior_type catalogue(CatalogueActor::stateful_pointer<CatalogueState> self,
                                        std::shared_ptr<persistence::JobStore> store,
                                        jobs::WallClock wall_clock) {
  self->state.store = std::move(store);
  self->state.wall_clock = std::move(wall_clock);
  return {
      [self](atom::list, const JobQuery& query) { return self->state.find(query); },
      [self](atom::batch, const jobs::JobId& id) { return self->state.batch(id); },
      [self](atom::ended, const EventQuery& query) { return self->state.ended(query); },
      [self](atom::deliveries, const jobs::JobId& subject) {
        return self->state.deliveries(subject);
      },
      [self](atom::due, const DueQuery& query) { return self->state.due(query); },
  };
}

}  // namespace darkroom::actors
