#include "actors/ingest.hpp"

#include <algorithm>
#include <utility>

#include "actors/service_error.hpp"
#include "imaging/memory_estimate.hpp"
#include "imaging/plan.hpp"
#include "jobs/rendition_resolve.hpp"
#include "jobs/transitions.hpp"

namespace darkroom::actors {
namespace {

using Self = IngestActor::stateful_pointer<IngestState>;

/// Passes a request on to the registry, which answers the client itself.
template <class Reply, class... Args>
caf::result<Reply> pass_on(Self self, Args&&... args) {
  if (!self->state.registry) {
    return make_error({ServiceErrorCode::unavailable, "The job registry is starting."});
  }
  return self->delegate(self->state.registry, std::forward<Args>(args)...);
}

}  // namespace

tl::expected<jobs::Preset, ServiceError> IngestState::find_preset(const std::string& wanted) const {
  const auto found = std::ranges::find(presets, wanted, &jobs::Preset::name);
  if (found != presets.end()) return *found;
  std::string names;
  for (const auto& preset : presets)
    names += (names.empty() ? "" : ", ") + preset.name;
  return tl::unexpected(
      ServiceError{ServiceErrorCode::unknown_preset,
                   "There is no preset \"" + wanted + "\". The presets are: " + names + "."});
}

tl::expected<jobs::Preset, ServiceError> IngestState::plan_renditions(NewJob& upload) const {
  auto plan = upload.renditions.empty()
                  ? find_preset(upload.preset)
                  : jobs::Preset{.name = "", .renditions = std::move(upload.renditions)};
  if (!plan) return plan;
  // What the original is, its worker finds out, and settles the rest then.
  if (!upload.source_url.empty()) return plan;
  jobs::resolve_formats(plan->renditions, upload.info.alpha);
  // A watermark is the operator's own choice, and is left out here.
  const auto estimate =
      imaging::estimate_memory(upload.info, imaging::plan_renditions(upload.info, plan->renditions),
                               plan->renditions, *memory.backend);
  if (const auto within = imaging::check_memory(upload.info, plan->renditions.size(),
                                                estimate.at_once, memory.bytes);
      !within) {
    return tl::unexpected(ServiceError{ServiceErrorCode::too_much_memory, within.error().message});
  }
  return plan;
}

tl::expected<jobs::Job, ServiceError> IngestState::make_job(NewJob& upload) const {
  auto preset = plan_renditions(upload);
  if (!preset) return tl::unexpected(std::move(preset.error()));
  return jobs::make_job(upload.id, *preset, std::move(upload.original), wall_clock(),
                        upload.expires_in.value_or(ttl),
                        {.queue = std::move(upload.queue),
                         .idempotency = std::move(upload.idempotency),
                         .reusable = upload.reusable,
                         .priority = upload.priority,
                         .tenant = std::move(upload.tenant),
                         .batch = upload.batch,
                         .metadata = std::move(upload.metadata),
                         .callback_url = std::move(upload.callback_url),
                         .email = std::move(upload.email),
                         .public_name = std::move(upload.public_name),
                         .source_url = std::move(upload.source_url),
                         .request_id = std::move(upload.request_id),
                         .trace_parent = std::move(upload.trace_parent),
                         .not_before = upload.not_before});
}

tl::expected<JobList, ServiceError> IngestState::make_jobs(NewBatch& upload) const {
  JobList list;
  list.jobs.reserve(upload.jobs.size());
  for (auto& wanted : upload.jobs) {
    const auto file =
        "File " + std::to_string(list.jobs.size() + 1) + ", \"" + wanted.original.filename + "\": ";
    wanted.batch = upload.id;
    auto job = make_job(wanted);
    if (!job) return tl::unexpected(ServiceError{job.error().code, file + job.error().message});
    list.jobs.push_back(std::move(*job));
  }
  if (const auto fitting = jobs_of_one_message(list.jobs); fitting < list.jobs.size()) {
    return tl::unexpected(ServiceError{ServiceErrorCode::batch_too_large,
                                       "The jobs of these files are too large to be made together; "
                                       "send " +
                                           std::to_string(fitting) + " at once."});
  }
  return list;
}

IngestActor::behavior_type ingest(Self self, std::vector<jobs::Preset> presets,
                                  std::chrono::milliseconds ttl, jobs::WallClock wall_clock,
                                  MemoryLimit memory) {
  self->state.presets = std::move(presets);
  self->state.ttl = ttl;
  self->state.wall_clock = std::move(wall_clock);
  self->state.memory = memory;

  return {
      [self](atom::admit, const std::string& wanted) -> caf::result<atom::done> {
        if (auto preset = self->state.find_preset(wanted); !preset) {
          return make_error(preset.error());
        }
        return pass_on<atom::done>(self, atom::admit_v);
      },
      [self](atom::admit) { return pass_on<atom::done>(self, atom::admit_v); },
      [self](atom::create, NewJob& upload) -> caf::result<CreatedJob> {
        auto job = self->state.make_job(upload);
        if (!job) return make_error(job.error());
        return pass_on<CreatedJob>(self, atom::create_v, std::move(*job));
      },
      [self](atom::create, NewJob& upload, const jobs::Job& donor) -> caf::result<CreatedJob> {
        auto job = self->state.make_job(upload);
        if (!job) return make_error(job.error());
        if (!jobs::adopt_results(*job, donor, self->state.wall_clock())) {
          return make_error({ServiceErrorCode::wrong_state,
                             "The results of job " + donor.id.to_string() + " do not fit."});
        }
        return pass_on<CreatedJob>(self, atom::create_v, std::move(*job));
      },
      [self](atom::create, NewBatch& upload) -> caf::result<CreatedBatch> {
        const auto created_at = self->state.wall_clock();
        auto jobs = self->state.make_jobs(upload);
        if (!jobs) return make_error(jobs.error());
        jobs::Batch batch{.id = upload.id,
                          .tenant = std::move(upload.tenant),
                          .created_at = created_at,
                          .metadata = std::move(upload.metadata),
                          .callback_url = std::move(upload.callback_url)};
        return pass_on<CreatedBatch>(self, atom::create_v, std::move(batch), std::move(*jobs));
      },
      [self](atom::batch, const jobs::JobId& id) {
        return pass_on<BatchState>(self, atom::batch_v, id);
      },
      [self](atom::results, NewJob& upload) -> caf::result<JobList> {
        auto job = self->state.make_job(upload);
        if (!job) return make_error(job.error());
        return pass_on<JobList>(self, atom::results_v, std::move(*job));
      },
      [self](atom::get, const jobs::JobId& id) {
        return pass_on<jobs::Job>(self, atom::get_v, id);
      },
      [self](atom::remove, const jobs::JobId& id) {
        return pass_on<jobs::Job>(self, atom::remove_v, id);
      },
      [self](atom::cancel, const jobs::JobId& id) {
        return pass_on<jobs::Job>(self, atom::cancel_v, id);
      },
      [self](atom::retry, const jobs::JobId& id) {
        return pass_on<jobs::Job>(self, atom::retry_v, id);
      },
      [self](atom::retry, const jobs::JobId& after, std::uint32_t limit) {
        return pass_on<RetriedJobs>(self, atom::retry_v, after, limit);
      },
      [self](atom::changes, const EventQuery& query) {
        return pass_on<JobEvents>(self, atom::changes_v, query);
      },
      [self](atom::ended, const EventQuery& query) {
        return pass_on<JobEvents>(self, atom::ended_v, query);
      },
      [self](atom::list, const JobQuery& query) {
        return pass_on<JobPage>(self, atom::list_v, query);
      },
      [self](atom::retry, const persistence::JobFilter& filter, const jobs::JobId& after,
             std::uint32_t limit) {
        return pass_on<BulkDone>(self, atom::retry_v, filter, after, limit);
      },
      [self](atom::remove, const persistence::JobFilter& filter, const jobs::JobId& after,
             std::uint32_t limit) {
        return pass_on<BulkRemoved>(self, atom::remove_v, filter, after, limit);
      },
      [self](atom::deliveries, const jobs::JobId& subject) {
        return pass_on<DeliveryList>(self, atom::deliveries_v, subject);
      },
      [self](atom::replay, const jobs::JobId& subject, const jobs::JobId& delivery) {
        return pass_on<DeliveryList>(self, atom::replay_v, subject, delivery);
      },
      [self](atom::sweep) -> caf::result<JanitorReport> {
        if (!self->state.janitor) {
          return make_error({ServiceErrorCode::unavailable, "The janitor is starting."});
        }
        return self->delegate(self->state.janitor, atom::sweep_v);
      },
      [self](atom::sign, const BlobGrantRequest& request) {
        return pass_on<std::string>(self, atom::sign_v, request);
      },
      [self](atom::status) { return pass_on<ServiceStatus>(self, atom::status_v); },
      [self](atom::pause, const std::string& queue, bool paused) {
        return pass_on<atom::done>(self, atom::pause_v, queue, paused);
      },
      [self](atom::api_keys, std::uint64_t known) {
        return pass_on<KeyTable>(self, atom::api_keys_v, known);
      },
      [self](atom::api_keys, KeyTable& wanted) {
        return pass_on<KeyTable>(self, atom::api_keys_v, std::move(wanted));
      },
      [self](atom::workers) { return pass_on<WorkerList>(self, atom::workers_v); },
      [self](atom::drain, const std::string& name, bool drained) {
        return pass_on<WorkerList>(self, atom::drain_v, name, drained);
      },
      [self](atom::registry, ClientRegistryActor& registry) {
        self->state.registry = std::move(registry);
      },
      [self](atom::janitor, SweepActor& janitor) { self->state.janitor = std::move(janitor); },
  };
}

}  // namespace darkroom::actors
