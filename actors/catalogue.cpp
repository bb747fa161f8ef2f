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

CatalogueActor::behavior_type catalogue(CatalogueActor::stateful_pointer<CatalogueState> self,
                                        std::shared_ptr<persistence::JobStore> store,
                                        jobs::WallClock wall_clock) {
  self->state.store = std::move(store);
  self->state.wall_clock = std::move(wall_clock);
  return {
      [self](atom::list, const JobQuery& query) { return self->state.find(query); },
  };
}

}  // namespace darkroom::actors
