#include "actors/job_event.hpp"

#include <algorithm>

namespace darkroom::actors {
namespace {

using jobs::Job;
using jobs::RenditionStatus;

bool is_there(const Job* job, std::size_t rendition) {
  return job != nullptr && rendition < job->renditions.size() &&
         job->renditions[rendition].status == RenditionStatus::completed;
}

JobEvent state_of(const Job& job) {
  JobEvent event{.revision = job.revision,
                 .id = job.id,
                 .batch = job.batch,
                 .tenant = job.tenant,
                 .queue = job.queue,
                 .status = job.status,
                 .total = static_cast<std::uint32_t>(job.renditions.size()),
                 .attempt = job.attempts.empty() ? 0 : job.attempts.back().number,
                 .error_message = job.error_message.value_or(""),
                 .at = job.updated_at};
  event.done = static_cast<std::uint32_t>(
      std::ranges::count(job.renditions, RenditionStatus::completed, &jobs::Rendition::status));
  return event;
}

}  // namespace

std::optional<JobEvent> event_of(const persistence::JobChange& change) {
  const Job* const before = change.before.get();
  JobEvent event = state_of(change.after ? *change.after : *before);
  event.revision = change.revision;
  event.created = before == nullptr;
  event.deleted = !change.after;
  if (event.deleted || event.created) return event;
  const Job& after = *change.after;
  for (std::size_t i = 0; i < after.renditions.size(); ++i) {
    if (is_there(&after, i) && !is_there(before, i))
      event.renditions.push_back(after.renditions[i].spec.name);
  }
  const bool seen = before->status != after.status || !event.renditions.empty() ||
                    before->attempts.size() != after.attempts.size();
  if (!seen) return std::nullopt;
  return event;
}

JobEvent event_of_end(const Job& job) {
  return state_of(job);
}

}  // namespace darkroom::actors
