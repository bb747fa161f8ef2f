#include "actors/catalogue.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"

namespace darkroom::actors {

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
  const auto found = store->due_deliveries(wall_clock(), query.behind, query.limit);
  if (!found) return make_error(to_service_error(found.error()));
  for (const auto& record : found->damaged)
    spdlog::debug("delivery set aside: {}", record.message);
  DueList due{.deliveries = {}, .last = {}, .more = found->next.has_value()};
  for (const auto& delivery : found->deliveries) {
    due.deliveries.push_back({delivery.id, jobs::receiver_of(delivery)});
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
      [self](atom::ended, const EventQuery& query) { return self->state.ended(query); },
      [self](atom::deliveries, const jobs::JobId& subject) {
        return self->state.deliveries(subject);
      },
      [self](atom::due, const DueQuery& query) { return self->state.due(query); },
  };
}

}  // namespace darkroom::actors
