#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/sec.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>
#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "imaging/operations.hpp"
#include "jobs/error.hpp"
#include "jobs/job.hpp"
#include "jobs/transitions.hpp"
#include "persistence/job_record.hpp"

// Every message type and typed interface of the system. A change of a type that travels between
// nodes changes `wire_version`.

namespace darkroom::actors {

/// Nodes talk to each other only where this is the same on both sides.
inline constexpr const char* wire_version = "darkroom-2";

// -- Between coordinator and worker ------------------------------------------------------------

/// A lease that goes out: everything a worker needs to know to do the job.
struct Task {
  jobs::JobId job;
  jobs::LeaseToken token;
  std::uint32_t attempt = 0;
  std::string original_key;
  std::vector<jobs::RenditionSpec> renditions;
};

/// A worker introduces itself, after each connect.
struct WorkerHello {
  jobs::WorkerId worker;
  std::uint32_t slots = 0;
  std::uint32_t accepts = 0;           ///< As in Heartbeat.
  std::vector<jobs::LeaseToken> held;  ///< Leases it works on still.
};

/// Sent every few seconds: renews the leases held, and says how many jobs the worker is willing to
/// run in all (0 while it drains).
struct Heartbeat {
  jobs::WorkerId worker;
  std::uint32_t accepts = 0;
  std::vector<jobs::LeaseToken> held;
};

/// Those of the leases held that are not the worker's any more.
struct HeartbeatReply {
  std::vector<jobs::LeaseToken> lost;
};

/// One rendition is durable in the blob store.
struct RenditionReport {
  jobs::WorkerId worker;
  jobs::JobId job;
  jobs::LeaseToken token;
  jobs::RenditionResult result;
};

enum class JobOutcome : std::uint8_t { completed, failed, handed_back };

/// The worker is done with a job, one way or another.
struct JobReport {
  jobs::WorkerId worker;
  jobs::JobId job;
  jobs::LeaseToken token;
  JobOutcome outcome = JobOutcome::completed;
  jobs::JobError error;  ///< Meaningful unless completed.
  /// Every rendition made, reported by itself or not: losing a rendition report loses nothing.
  std::vector<jobs::RenditionResult> results;
  /// Also of a job that failed, where they were found before.
  jobs::OriginalFindings findings = {};
};

// -- Within the coordinator --------------------------------------------------------------------

struct JobList {
  std::vector<jobs::Job> jobs;
};

struct JobIdList {
  std::vector<jobs::JobId> ids;
};

/// What one sweep of the janitor did.
struct JanitorReport {
  std::uint64_t expired_jobs = 0;
  std::uint64_t removed_blobs = 0;
  std::uint64_t orphaned_blobs = 0;
  std::uint64_t stale_temporaries = 0;
  std::uint64_t errors = 0;
};

// -- Within a worker: these hold pixels and never leave the process ------------------------------

struct RenderRequest {
  imaging::Source source;
  jobs::RenditionSpec spec;
};

struct RenderReply {
  tl::expected<imaging::RenderedImage, imaging::Error> result;
};

}  // namespace darkroom::actors

namespace darkroom::jobs {

/// CAF 0.17 does not know std::optional: on the wire it is a list of none or one.
template <class T>
[[nodiscard]] std::vector<T> as_list(const std::optional<T>& value) {
  return value ? std::vector<T>{*value} : std::vector<T>{};
}

template <class T>
[[nodiscard]] std::optional<T> from_list(std::vector<T>& list) {
  if (list.empty()) return std::nullopt;
  return std::move(list.front());
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerId& x) {
  return f(caf::meta::type_name("worker_id"), x.name, x.incarnation);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LeaseToken& x) {
  return f(caf::meta::type_name("lease_token"), x.high, x.low);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Colour& x) {
  return f(caf::meta::type_name("colour"), x.red, x.green, x.blue);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FocalPoint& x) {
  return f(caf::meta::type_name("focal_point"), x.x, x.y);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Watermark& x) {
  return f(caf::meta::type_name("watermark"), x.name, x.image, x.position, x.opacity, x.scale);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionSpec& x) {
  auto focus = as_list(x.focus);
  auto watermark = as_list(x.watermark);
  auto take = [&]() -> caf::error {
    x.focus = from_list(focus);
    x.watermark = from_list(watermark);
    return caf::none;
  };
  return f(caf::meta::type_name("rendition_spec"), x.name, x.operation, x.width, x.height,
           x.quality, x.format, x.folder, x.fit, x.gravity, focus, x.enlarge, x.background,
           x.lossless, x.progressive, x.subsampling, x.effort, x.max_bytes, x.sharpen,
           x.linear_light, x.keep_copyright, watermark, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionResult& x) {
  return f(caf::meta::type_name("rendition_result"), x.name, x.blob_key, x.content_type, x.sha256,
           x.bytes, x.width, x.height);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Original& x) {
  auto blurhash = as_list(x.blurhash);
  auto dominant_colour = as_list(x.dominant_colour);
  auto take = [&]() -> caf::error {
    x.blurhash = from_list(blurhash);
    x.dominant_colour = from_list(dominant_colour);
    return caf::none;
  };
  return f(caf::meta::type_name("original"), x.blob_key, x.filename, x.content_type, x.format,
           x.sha256, x.bytes, x.width, x.height, x.frames, blurhash, dominant_colour,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, OriginalFindings& x) {
  auto blurhash = as_list(x.blurhash);
  auto dominant_colour = as_list(x.dominant_colour);
  auto take = [&]() -> caf::error {
    x.blurhash = from_list(blurhash);
    x.dominant_colour = from_list(dominant_colour);
    return caf::none;
  };
  return f(caf::meta::type_name("original_findings"), blurhash, dominant_colour,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobError& x) {
  return f(caf::meta::type_name("job_error"), x.kind, x.message);
}

/// A job travels as its record, so that wire and store have one format and one set of checks.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Job& x) {
  if constexpr (Inspector::reads_state) {
    auto record = persistence::encode_job(x);
    return f(caf::meta::type_name("job"), record);
  } else {
    std::string record;
    auto decode = [&x, &record]() -> caf::error {
      auto job = persistence::decode_job(record);
      if (!job) return caf::make_error(caf::sec::invalid_argument, job.error());
      x = std::move(*job);
      return caf::none;
    };
    return f(caf::meta::type_name("job"), record, caf::meta::load_callback(decode));
  }
}

}  // namespace darkroom::jobs

namespace darkroom::actors {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, NewJob& x) {
  return f(caf::meta::type_name("new_job"), x.id, x.preset, x.original, x.renditions, x.alpha);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ServiceStatus& x) {
  return f(caf::meta::type_name("service_status"), x.store_writable, x.store_error, x.workers,
           x.slots, x.pending, x.processing);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Task& x) {
  return f(caf::meta::type_name("task"), x.job, x.token, x.attempt, x.original_key, x.renditions);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerHello& x) {
  return f(caf::meta::type_name("worker_hello"), x.worker, x.slots, x.accepts, x.held);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Heartbeat& x) {
  return f(caf::meta::type_name("heartbeat"), x.worker, x.accepts, x.held);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, HeartbeatReply& x) {
  return f(caf::meta::type_name("heartbeat_reply"), x.lost);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionReport& x) {
  return f(caf::meta::type_name("rendition_report"), x.worker, x.job, x.token, x.result);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobReport& x) {
  return f(caf::meta::type_name("job_report"), x.worker, x.job, x.token, x.outcome, x.error,
           x.results, x.findings);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobList& x) {
  return f(caf::meta::type_name("job_list"), x.jobs);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobIdList& x) {
  return f(caf::meta::type_name("job_id_list"), x.ids);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JanitorReport& x) {
  return f(caf::meta::type_name("janitor_report"), x.expired_jobs, x.removed_blobs,
           x.orphaned_blobs, x.stale_temporaries, x.errors);
}

}  // namespace darkroom::actors

// Atoms are at most 10 characters long and need no type ID of their own.
CAF_ADD_ATOM(darkroom, darkroom::atom, admit, "admit")
CAF_ADD_ATOM(darkroom, darkroom::atom, create, "create")
CAF_ADD_ATOM(darkroom, darkroom::atom, done, "done")
CAF_ADD_ATOM(darkroom, darkroom::atom, exited, "exited")
CAF_ADD_ATOM(darkroom, darkroom::atom, expire, "expire")
CAF_ADD_ATOM(darkroom, darkroom::atom, finish, "finish")
CAF_ADD_ATOM(darkroom, darkroom::atom, flush, "flush")
CAF_ADD_ATOM(darkroom, darkroom::atom, get, "get")
CAF_ADD_ATOM(darkroom, darkroom::atom, heartbeat, "heartbeat")
CAF_ADD_ATOM(darkroom, darkroom::atom, join, "join")
CAF_ADD_ATOM(darkroom, darkroom::atom, leave, "leave")
CAF_ADD_ATOM(darkroom, darkroom::atom, operators, "operators")
CAF_ADD_ATOM(darkroom, darkroom::atom, registry, "registry")
CAF_ADD_ATOM(darkroom, darkroom::atom, remove, "remove")
CAF_ADD_ATOM(darkroom, darkroom::atom, render, "render")
CAF_ADD_ATOM(darkroom, darkroom::atom, rendition, "rendition")
CAF_ADD_ATOM(darkroom, darkroom::atom, restart, "restart")
CAF_ADD_ATOM(darkroom, darkroom::atom, run, "run")
CAF_ADD_ATOM(darkroom, darkroom::atom, runner, "runner")
CAF_ADD_ATOM(darkroom, darkroom::atom, status, "status")
CAF_ADD_ATOM(darkroom, darkroom::atom, sweep, "sweep")
CAF_ADD_ATOM(darkroom, darkroom::atom, tick, "tick")
CAF_ADD_ATOM(darkroom, darkroom::atom, unknown, "unknown")

namespace darkroom::actors {

/// The job registry as the ingest actor sees it.
using ClientRegistryActor = caf::typed_actor<
    /// Would one more job be taken now? Error: queue_full.
    caf::replies_to<atom::admit>::with<atom::done>,
    /// Makes the job durable. Errors: duplicate_job, queue_full, store_full, store_failed.
    caf::replies_to<atom::create, jobs::Job>::with<jobs::Job>,
    /// Errors: unknown_job, store_failed.
    caf::replies_to<atom::get, jobs::JobId>::with<jobs::Job>,
    /// Removes the record durably and answers with the job as it was. Errors: as get, store_full.
    caf::replies_to<atom::remove, jobs::JobId>::with<jobs::Job>,
    /// Tries the store with a write.
    caf::replies_to<atom::status>::with<ServiceStatus>>;

/// A worker as the job registry sees it.
using WorkerActor = caf::typed_actor<
    /// A lease: its attempt is durable already. The worker answers with reports.
    caf::reacts_to<atom::run, Task>>;

/// The job registry as a worker sees it. All but join answer unknown_worker to a worker that has
/// not joined; a late report answers stale_lease. Everything may safely be sent twice.
using WorkerRegistryActor = caf::typed_actor<
    /// Enters the worker; leases that the registry thinks it holds and that it does not name are
    /// put back into the queue.
    caf::replies_to<atom::join, WorkerHello, WorkerActor>::with<atom::done>,
    /// The worker stops; leases it holds still are put back into the queue at no cost.
    caf::replies_to<atom::leave, jobs::WorkerId>::with<atom::done>,
    caf::replies_to<atom::heartbeat, Heartbeat>::with<HeartbeatReply>,
    /// Durable when answered.
    caf::replies_to<atom::rendition, RenditionReport>::with<atom::done>,
    caf::replies_to<atom::finish, JobReport>::with<atom::done>>;

/// The job registry as the janitor sees it.
using JanitorRegistryActor = caf::typed_actor<
    /// Removes the records of up to so many expired jobs that no worker holds, and answers with
    /// those jobs.
    caf::replies_to<atom::expire, std::uint32_t>::with<JobList>,
    /// Answers with those of the ids that name no job.
    caf::replies_to<atom::unknown, JobIdList>::with<JobIdList>>;

/// The only writer of job state.
using JobRegistryActor = ClientRegistryActor::extend_with<WorkerRegistryActor>::
    extend_with<JanitorRegistryActor>::extend<
        /// INTERNAL: commit what has gathered, answer, hand out leases.
        caf::reacts_to<atom::flush>,
        /// INTERNAL: look for expired leases and due retries. Carries a generation.
        caf::reacts_to<atom::tick, std::uint64_t>>;

/// Admission of uploads.
using IngestActor = caf::typed_actor<
    /// Would a job of this preset be taken now? Errors: unknown_preset, queue_full, unavailable.
    caf::replies_to<atom::admit, std::string>::with<atom::done>,
    /// The same for one with renditions of its own.
    caf::replies_to<atom::admit>::with<atom::done>,
    /// Errors: as admit, and those of the registry's create.
    caf::replies_to<atom::create, NewJob>::with<jobs::Job>,
    caf::replies_to<atom::get, jobs::JobId>::with<jobs::Job>,
    caf::replies_to<atom::remove, jobs::JobId>::with<jobs::Job>,
    caf::replies_to<atom::status>::with<ServiceStatus>,
    /// The registry was started, or started again.
    caf::reacts_to<atom::registry, ClientRegistryActor>>;

/// Removes what is old. Blocks on the disk, so it is detached.
using JanitorActor = caf::typed_actor<
    /// Sweeps now.
    caf::replies_to<atom::sweep>::with<JanitorReport>,
    /// INTERNAL: the hourly sweep. Carries a generation.
    caf::reacts_to<atom::tick, std::uint64_t>,
    caf::reacts_to<atom::registry, JanitorRegistryActor>>;

/// The resize, compress and thumbnail actors, one image operation each. CPU-bound, so they are
/// detached.
using OperationActor =
    caf::typed_actor<caf::replies_to<atom::render, RenderRequest>::with<RenderReply>>;

/// Takes tasks through decoding, the operations and the blob store, for one slot. Blocks on the
/// disk and decodes, so it is detached.
using TaskRunnerActor = caf::typed_actor<
    /// Answers with one report per rendition and one for the job, sent to its worker actor.
    caf::reacts_to<atom::run, Task>,
    /// The resize, compress and thumbnail actors were started, or one was started again.
    caf::reacts_to<atom::operators, OperationActor, OperationActor, OperationActor>>;

/// The worker: what the registry sees, and what its own node and runners send it.
/// An exit message has it finish what runs, within the drain time, and then quit.
using WorkerNodeActor = WorkerActor::extend<
    /// From a runner: one rendition is durable.
    caf::reacts_to<atom::rendition, RenditionReport>,
    /// From a runner: the job is done, one way or another; the slot is free.
    caf::reacts_to<atom::finish, JobReport>,
    /// From its supervisor: the runner of slot n was started, or started again.
    caf::reacts_to<atom::runner, std::uint32_t, TaskRunnerActor>,
    /// INTERNAL: connect, or renew the leases. Carries a generation.
    caf::reacts_to<atom::tick, std::uint64_t>,
    /// INTERNAL: the drain time is over.
    caf::reacts_to<atom::leave>>;

/// Starts its children, watches them, restarts those that fail.
using SupervisorActor = caf::typed_actor<
    /// INTERNAL: the wait before the restart of child n is over.
    caf::reacts_to<atom::restart, std::uint64_t>,
    /// INTERNAL: a stage of the shutdown has taken too long. Carries the stage.
    caf::reacts_to<atom::tick, std::uint64_t>>;

/// Owns one worker process.
using WorkerProcessActor = caf::typed_actor<
    /// INTERNAL: the process ended; how, in words, and whether it did well.
    caf::reacts_to<atom::exited, std::string, bool>>;

}  // namespace darkroom::actors

CAF_BEGIN_TYPE_ID_BLOCK(darkroom, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::JobId))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::WorkerId))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::LeaseToken))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::Job))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::NewJob))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::ServiceStatus))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::Task))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::WorkerHello))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::Heartbeat))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::HeartbeatReply))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::RenditionReport))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobReport))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobList))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobIdList))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JanitorReport))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::WorkerActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::ClientRegistryActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::WorkerRegistryActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JanitorRegistryActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::OperationActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::TaskRunnerActor))
CAF_END_TYPE_ID_BLOCK(darkroom)

// Pixels are shared by pointer within one process and must never be sent to another.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::RenderRequest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::RenderReply)
