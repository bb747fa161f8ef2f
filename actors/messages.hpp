#pragma once

#include <cstdint>
#include <string>

#include <caf/atom.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include "actors/batch_wire.hpp"
#include "actors/job_event_wire.hpp"
#include "actors/job_query_wire.hpp"
#include "actors/job_service.hpp"
#include "actors/message_types.hpp"
#include "jobs/delivery.hpp"
#include "jobs/job.hpp"

// Every message and typed interface of the system; what messages carry is in message_types.hpp.

// Atoms are at most 10 characters long and need no type ID of their own.
CAF_ADD_ATOM(darkroom, darkroom::atom, admit, "admit")
CAF_ADD_ATOM(darkroom, darkroom::atom, api_keys, "api_keys")
CAF_ADD_ATOM(darkroom, darkroom::atom, batch, "batch")
CAF_ADD_ATOM(darkroom, darkroom::atom, cancel, "cancel")
CAF_ADD_ATOM(darkroom, darkroom::atom, catalogue, "catalogue")
CAF_ADD_ATOM(darkroom, darkroom::atom, changes, "changes")
CAF_ADD_ATOM(darkroom, darkroom::atom, create, "create")
CAF_ADD_ATOM(darkroom, darkroom::atom, deliver, "deliver")
CAF_ADD_ATOM(darkroom, darkroom::atom, deliveries, "deliveries")
CAF_ADD_ATOM(darkroom, darkroom::atom, delivered, "delivered")
CAF_ADD_ATOM(darkroom, darkroom::atom, demand, "demand")
CAF_ADD_ATOM(darkroom, darkroom::atom, discard, "discard")
CAF_ADD_ATOM(darkroom, darkroom::atom, done, "done")
CAF_ADD_ATOM(darkroom, darkroom::atom, drain, "drain")
CAF_ADD_ATOM(darkroom, darkroom::atom, due, "due")
CAF_ADD_ATOM(darkroom, darkroom::atom, ended, "ended")
CAF_ADD_ATOM(darkroom, darkroom::atom, enlist, "enlist")
CAF_ADD_ATOM(darkroom, darkroom::atom, exited, "exited")
CAF_ADD_ATOM(darkroom, darkroom::atom, expire, "expire")
CAF_ADD_ATOM(darkroom, darkroom::atom, fetched, "fetched")
CAF_ADD_ATOM(darkroom, darkroom::atom, fetcher, "fetcher")
CAF_ADD_ATOM(darkroom, darkroom::atom, finish, "finish")
CAF_ADD_ATOM(darkroom, darkroom::atom, flush, "flush")
CAF_ADD_ATOM(darkroom, darkroom::atom, get, "get")
CAF_ADD_ATOM(darkroom, darkroom::atom, heartbeat, "heartbeat")
CAF_ADD_ATOM(darkroom, darkroom::atom, janitor, "janitor")
CAF_ADD_ATOM(darkroom, darkroom::atom, join, "join")
CAF_ADD_ATOM(darkroom, darkroom::atom, joined, "joined")
CAF_ADD_ATOM(darkroom, darkroom::atom, leave, "leave")
CAF_ADD_ATOM(darkroom, darkroom::atom, list, "list")
CAF_ADD_ATOM(darkroom, darkroom::atom, lost, "lost")
CAF_ADD_ATOM(darkroom, darkroom::atom, notifier, "notifier")
CAF_ADD_ATOM(darkroom, darkroom::atom, operators, "operators")
CAF_ADD_ATOM(darkroom, darkroom::atom, orphans, "orphans")
CAF_ADD_ATOM(darkroom, darkroom::atom, pause, "pause")
CAF_ADD_ATOM(darkroom, darkroom::atom, ping, "ping")
CAF_ADD_ATOM(darkroom, darkroom::atom, records, "records")
CAF_ADD_ATOM(darkroom, darkroom::atom, registry, "registry")
CAF_ADD_ATOM(darkroom, darkroom::atom, remove, "remove")
CAF_ADD_ATOM(darkroom, darkroom::atom, render, "render")
CAF_ADD_ATOM(darkroom, darkroom::atom, rendition, "rendition")
CAF_ADD_ATOM(darkroom, darkroom::atom, replay, "replay")
CAF_ADD_ATOM(darkroom, darkroom::atom, reserve, "reserve")
CAF_ADD_ATOM(darkroom, darkroom::atom, restart, "restart")
CAF_ADD_ATOM(darkroom, darkroom::atom, results, "results")
CAF_ADD_ATOM(darkroom, darkroom::atom, retry, "retry")
CAF_ADD_ATOM(darkroom, darkroom::atom, run, "run")
CAF_ADD_ATOM(darkroom, darkroom::atom, runner, "runner")
CAF_ADD_ATOM(darkroom, darkroom::atom, scale, "scale")
CAF_ADD_ATOM(darkroom, darkroom::atom, sender, "sender")
CAF_ADD_ATOM(darkroom, darkroom::atom, sign, "sign")
CAF_ADD_ATOM(darkroom, darkroom::atom, status, "status")
CAF_ADD_ATOM(darkroom, darkroom::atom, step, "step")
CAF_ADD_ATOM(darkroom, darkroom::atom, sweep, "sweep")
CAF_ADD_ATOM(darkroom, darkroom::atom, tick, "tick")
CAF_ADD_ATOM(darkroom, darkroom::atom, workers, "workers")
CAF_ADD_ATOM(darkroom, darkroom::atom, written, "written")

namespace darkroom::actors {

/// Reads of what is stored, beside the registry. Blocks on the disk, so it is detached.
using CatalogueActor = caf::typed_actor<
    /// Errors: store_failed, damaged.
    caf::replies_to<atom::list, JobQuery>::with<JobPage>,
    /// Errors: unknown_batch, store_failed, damaged.
    caf::replies_to<atom::batch, jobs::JobId>::with<BatchState>,
    /// The jobs that have ended behind that revision. Errors: the same.
    caf::replies_to<atom::ended, EventQuery>::with<JobEvents>,
    /// JobService::deliveries, without their bodies. Errors: the same.
    caf::replies_to<atom::deliveries, jobs::JobId>::with<DeliveryList>,
    /// What is to be sent to whom by now. Errors: the same.
    caf::replies_to<atom::due, DueQuery>::with<DueList>>;

/// The job registry as the ingest actor sees it.
using ClientRegistryActor = caf::typed_actor<
    /// Would one more job be taken now? Error: queue_full.
    caf::replies_to<atom::admit>::with<atom::done>,
    /// Makes the job durable, in the state in which it is. Errors: duplicate_job, queue_full,
    /// key_reused, unavailable, store_full, store_failed.
    caf::replies_to<atom::create, jobs::Job>::with<CreatedJob>,
    /// The same of a batch with all its jobs, of one tenant, or of none of them. Also bad_request.
    caf::replies_to<atom::create, jobs::Batch, JobList>::with<CreatedBatch>,
    /// As the catalogue answers it. Errors: its, unavailable.
    caf::replies_to<atom::batch, jobs::JobId>::with<BatchState>,
    /// The completed job whose results may be taken for this one, or none.
    caf::replies_to<atom::results, jobs::Job>::with<JobList>,
    /// Errors: unknown_job, store_failed.
    caf::replies_to<atom::get, jobs::JobId>::with<jobs::Job>,
    /// Removes the record durably and answers with the job as it was. Errors: as get, store_full.
    caf::replies_to<atom::remove, jobs::JobId>::with<jobs::Job>,
    /// Durable when answered, with the job as it is then. Errors: as remove, wrong_state.
    caf::replies_to<atom::cancel, jobs::JobId>::with<jobs::Job>,
    /// The same; queue_full too.
    caf::replies_to<atom::retry, jobs::JobId>::with<jobs::Job>,
    /// Up to so many failed jobs behind that one are sent again.
    caf::replies_to<atom::retry, jobs::JobId, std::uint32_t>::with<RetriedJobs>,
    /// JobService::find. Error: unavailable.
    caf::replies_to<atom::list, JobQuery>::with<JobPage>,
    /// JobService::retry_where and remove_where; durable when answered.
    caf::replies_to<atom::retry, persistence::JobFilter, jobs::JobId,
                    std::uint32_t>::with<BulkDone>,
    caf::replies_to<atom::remove, persistence::JobFilter, jobs::JobId,
                    std::uint32_t>::with<BulkRemoved>,
    /// What has happened to jobs; held back as the query says, where there is nothing to tell.
    caf::replies_to<atom::changes, EventQuery>::with<JobEvents>,
    /// As the catalogue answers it. Errors: its, unavailable.
    caf::replies_to<atom::ended, EventQuery>::with<JobEvents>,
    /// As the catalogue answers it. Errors: its, unavailable.
    caf::replies_to<atom::deliveries, jobs::JobId>::with<DeliveryList>,
    /// JobService::replay; durable when answered.
    caf::replies_to<atom::replay, jobs::JobId, jobs::JobId>::with<DeliveryList>,
    /// A signed URL (persistence::UrlSigner) for a node that does not reach the files itself.
    /// Errors: bad_request, unavailable.
    caf::replies_to<atom::sign, BlobGrantRequest>::with<std::string>,
    /// Tries the store with a write.
    caf::replies_to<atom::status>::with<ServiceStatus>,
    /// JobService::set_paused, workers and set_drained.
    caf::replies_to<atom::pause, std::string, bool>::with<atom::done>,
    caf::replies_to<atom::workers>::with<WorkerList>,
    caf::replies_to<atom::drain, std::string, bool>::with<WorkerList>,
    /// JobService::api_keys and put_api_keys.
    caf::replies_to<atom::api_keys, std::uint64_t>::with<KeyTable>,
    caf::replies_to<atom::api_keys, KeyTable>::with<KeyTable>>;

/// A worker as the job registry sees it.
using WorkerActor = caf::typed_actor<
    /// A lease: its attempt is durable already. The worker answers with reports.
    caf::reacts_to<atom::run, Task>,
    /// This lease is the worker's no more: what it does for it has lost its purpose.
    caf::reacts_to<atom::cancel, jobs::LeaseToken>,
    /// Answered at once: a sign of life.
    caf::replies_to<atom::ping>::with<atom::done>>;

/// The job registry as a worker sees it. All but join answer unknown_worker to a worker that has
/// not joined; a late report answers stale_lease. Everything may safely be sent twice.
using WorkerRegistryActor = caf::typed_actor<
    /// Enters the worker; leases that the registry thinks it holds and that it does not name are
    /// put back into the queue. Where another process of its name is here, that one is asked for a
    /// sign of life first: it is lost where it gives none. Errors: duplicate_worker, bad_worker,
    /// out_of_reach.
    caf::replies_to<atom::join, WorkerHello, WorkerActor>::with<atom::done>,
    /// The worker stops; leases it holds still are put back into the queue at no cost.
    caf::replies_to<atom::leave, jobs::WorkerId>::with<atom::done>,
    caf::replies_to<atom::heartbeat, Heartbeat>::with<HeartbeatReply>,
    /// Durable when answered.
    caf::replies_to<atom::rendition, RenditionReport>::with<atom::done>,
    /// Durable when answered. The lease ends by it: the job waits for a worker as if it had been
    /// uploaded.
    caf::replies_to<atom::fetched, FetchedReport>::with<atom::done>,
    caf::replies_to<atom::finish, JobReport>::with<atom::done>>;

/// The job registry as the janitor sees it.
using JanitorRegistryActor = caf::typed_actor<
    /// Removes the records of expired jobs that no worker holds, so many at most, and answers with
    /// those jobs; with none where there are no more.
    caf::replies_to<atom::expire, std::uint32_t>::with<JobList>,
    /// The same jobs, without removing anything.
    caf::replies_to<atom::due, std::uint32_t>::with<JobList>,
    /// Answers with those of the keys, of blobs that are of some age, that no job needs nor ever
    /// will: they may be removed.
    caf::replies_to<atom::orphans, KeyList>::with<KeyList>,
    /// Removes batches and deliveries that have expired, so many of each kind at most, and answers
    /// with how many those were.
    caf::replies_to<atom::records, std::uint32_t>::with<std::uint32_t>>;

/// The job registry as the notifier sees it.
using DeliveryRegistryActor = caf::typed_actor<
    /// A delivery was tried. Durable when answered; one that is gone or damaged is none of the
    /// errors. They are store_full, store_failed.
    caf::replies_to<atom::delivered, DeliveryOutcome>::with<atom::done>>;

/// Sends deliveries, one at a time. Blocks on the network, so it is detached.
using DeliverySenderActor = caf::typed_actor<
    /// Answers with what came of it; with nothing where the delivery is gone or not to be sent.
    caf::replies_to<atom::deliver, jobs::JobId>::with<SentDelivery>>;

/// The notifier as the job registry sees it.
using DeliveryAlarmActor = caf::typed_actor<
    /// There are deliveries that may be due. Should this be lost, they are found a second later.
    caf::reacts_to<atom::due>>;

/// Has the deliveries of the outbox sent when they are due.
using NotifierActor = DeliveryAlarmActor::extend<
    /// The registry was started, or started again.
    caf::reacts_to<atom::registry, DeliveryRegistryActor>,
    /// The catalogue was.
    caf::reacts_to<atom::catalogue, CatalogueActor>,
    /// Sender n was.
    caf::reacts_to<atom::sender, std::uint32_t, DeliverySenderActor>,
    /// INTERNAL: look for what is due. Carries a generation.
    caf::reacts_to<atom::tick, std::uint64_t>>;

/// The job registry as the owner of a worker's process sees it.
using AttendanceActor = caf::typed_actor<
    /// Is a worker of this name here, and is another one? One that was struck off for its silence
    /// is not.
    caf::replies_to<atom::joined, std::string>::with<Attendance>,
    /// The process of the worker of this name ended; how, in words.
    caf::reacts_to<atom::exited, std::string, std::string>>;

/// The job registry as the autoscaler sees it.
using DemandActor = caf::typed_actor<caf::replies_to<atom::demand, DemandQuery>::with<Demand>>;

/// A node as the job registry sees it.
using NodeActor = caf::typed_actor<
    /// A sign of life, given at once.
    caf::replies_to<atom::ping>::with<atom::done>>;

/// The job registry as a whole node sees it, which may be on another machine.
using NodeRegistryActor = DemandActor::extend<
    /// Sent after each connect. Where another process of the node's name is here, that one is asked
    /// for a sign of life first. Error: duplicate_worker.
    caf::replies_to<atom::enlist, NodeHello, NodeActor>::with<NodeWelcome>>;

/// All that other nodes may ask of the registry: what is published at the node port.
using ClusterRegistryActor = ClientRegistryActor::extend_with<WorkerRegistryActor>::extend_with<
    AttendanceActor>::extend_with<NodeRegistryActor>;

/// Removes blobs that nothing refers to any more.
using BlobRemoverActor = caf::typed_actor<
    /// Carries the key. Should this message be lost, the blob is an orphan like any other.
    caf::reacts_to<atom::discard, std::string>>;

/// The only writer of job state.
using JobRegistryActor = ClusterRegistryActor::extend_with<JanitorRegistryActor>::
    extend_with<DeliveryRegistryActor>::extend<
        /// Who removes blobs was started, or started again.
        caf::reacts_to<atom::janitor, BlobRemoverActor>,
        /// The catalogue was.
        caf::reacts_to<atom::catalogue, CatalogueActor>,
        /// The notifier was.
        caf::reacts_to<atom::notifier, DeliveryAlarmActor>,
        /// INTERNAL: nobody has told how this worker's process ended.
        caf::reacts_to<atom::lost, jobs::WorkerId>,
        /// INTERNAL: commit what has gathered, answer, hand out leases.
        caf::reacts_to<atom::flush>,
        /// INTERNAL: a batch was written, or could not be.
        caf::reacts_to<atom::written>,
        /// INTERNAL: look for expired leases and due retries. Carries a generation.
        caf::reacts_to<atom::tick, std::uint64_t>>;

/// The janitor as operators see it.
using SweepActor = caf::typed_actor<
    /// Sweeps now; joins the sweep that is under way, if there is one. Error: unavailable.
    caf::replies_to<atom::sweep>::with<JanitorReport>>;

/// Admission of uploads, and what clients and operators ask of the service.
using IngestActor = caf::typed_actor<
    /// Would a job of this preset be taken now? Errors: unknown_preset, queue_full, unavailable.
    caf::replies_to<atom::admit, std::string>::with<atom::done>,
    /// The same for one with renditions of its own.
    caf::replies_to<atom::admit>::with<atom::done>,
    /// Errors: as admit, and those of the registry's create.
    caf::replies_to<atom::create, NewJob>::with<CreatedJob>,
    /// The same with the results of another job, as JobService::create_completed.
    caf::replies_to<atom::create, NewJob, jobs::Job>::with<CreatedJob>,
    caf::replies_to<atom::create, NewBatch>::with<CreatedBatch>,
    caf::replies_to<atom::batch, jobs::JobId>::with<BatchState>,
    caf::replies_to<atom::results, NewJob>::with<JobList>,
    caf::replies_to<atom::get, jobs::JobId>::with<jobs::Job>,
    caf::replies_to<atom::remove, jobs::JobId>::with<jobs::Job>,
    caf::replies_to<atom::cancel, jobs::JobId>::with<jobs::Job>,
    caf::replies_to<atom::retry, jobs::JobId>::with<jobs::Job>,
    caf::replies_to<atom::retry, jobs::JobId, std::uint32_t>::with<RetriedJobs>,
    caf::replies_to<atom::list, JobQuery>::with<JobPage>,
    caf::replies_to<atom::retry, persistence::JobFilter, jobs::JobId,
                    std::uint32_t>::with<BulkDone>,
    caf::replies_to<atom::remove, persistence::JobFilter, jobs::JobId,
                    std::uint32_t>::with<BulkRemoved>,
    caf::replies_to<atom::changes, EventQuery>::with<JobEvents>,
    caf::replies_to<atom::ended, EventQuery>::with<JobEvents>,
    caf::replies_to<atom::deliveries, jobs::JobId>::with<DeliveryList>,
    caf::replies_to<atom::replay, jobs::JobId, jobs::JobId>::with<DeliveryList>,
    caf::replies_to<atom::sweep>::with<JanitorReport>,
    caf::replies_to<atom::sign, BlobGrantRequest>::with<std::string>,
    caf::replies_to<atom::status>::with<ServiceStatus>,
    caf::replies_to<atom::pause, std::string, bool>::with<atom::done>,
    caf::replies_to<atom::workers>::with<WorkerList>,
    caf::replies_to<atom::drain, std::string, bool>::with<WorkerList>,
    caf::replies_to<atom::api_keys, std::uint64_t>::with<KeyTable>,
    caf::replies_to<atom::api_keys, KeyTable>::with<KeyTable>,
    /// The registry was started, or started again.
    caf::reacts_to<atom::registry, ClientRegistryActor>,
    /// The janitor was.
    caf::reacts_to<atom::janitor, SweepActor>>;

/// Removes what is old. Blocks on the disk, so it is detached.
using JanitorActor = BlobRemoverActor::extend_with<SweepActor>::extend<
    /// INTERNAL: the next sweep is due. Carries a generation.
    caf::reacts_to<atom::tick, std::uint64_t>,
    /// INTERNAL: look at some more blobs.
    caf::reacts_to<atom::step>, caf::reacts_to<atom::registry, JanitorRegistryActor>>;

/// The resize, compress and thumbnail actors, one image operation each. CPU-bound, so they are
/// detached.
using OperationActor =
    caf::typed_actor<caf::replies_to<atom::render, RenderRequest>::with<RenderReply>>;

/// What a task runner needs of its worker.
using ReportActor = caf::typed_actor<
    /// One rendition is durable.
    caf::reacts_to<atom::rendition, RenditionReport>,
    /// The job is done, one way or another; the slot is free, and so is its memory.
    caf::reacts_to<atom::finish, JobReport>,
    /// Asks for so many bytes of memory for the task of this lease; answered once they are to be
    /// had. Errors: too_much_memory where they never will be, unavailable where the task need not
    /// be done here any more.
    caf::replies_to<atom::reserve, jobs::LeaseToken, std::uint64_t>::with<atom::done>>;

/// What a source fetcher needs of its worker.
using FetchReportActor = caf::typed_actor<
    /// The original is durable: the worker tells the registry.
    caf::reacts_to<atom::fetched, FetchedReport>,
    /// There will be none in this attempt.
    caf::reacts_to<atom::finish, JobReport>>;

/// Gets the originals of tasks that name a source, one at a time. Blocks on the network and the
/// disk, so it is detached.
using SourceFetcherActor = caf::typed_actor<
    /// Answers with one of the reports above, sent to its worker actor.
    caf::reacts_to<atom::run, Task>>;

/// Takes tasks through decoding, the operations and the blob store, for one slot. Blocks on the
/// disk and decodes, so it is detached.
using TaskRunnerActor = caf::typed_actor<
    /// Answers with one report per rendition and one for the job, sent to its worker actor.
    caf::reacts_to<atom::run, Task>,
    /// The task of this lease is not wanted any more: it ends at the next step.
    caf::reacts_to<atom::cancel, jobs::LeaseToken>,
    /// The resize, compress and thumbnail actors were started, or one was started again.
    caf::reacts_to<atom::operators, OperationActor, OperationActor, OperationActor>>;

/// The worker: what the registry sees, and what its own node and runners send it.
/// An exit message has it finish what runs, within the drain time, and then quit.
using WorkerNodeActor = WorkerActor::extend_with<ReportActor>::extend<
    /// As in FetchReportActor.
    caf::reacts_to<atom::fetched, FetchedReport>,
    /// From its supervisor: source fetcher n was started, or started again.
    caf::reacts_to<atom::fetcher, std::uint32_t, SourceFetcherActor>,
    /// From its supervisor: the runner of slot n was started, or started again.
    caf::reacts_to<atom::runner, std::uint32_t, TaskRunnerActor>,
    /// INTERNAL: connect, or renew the leases. Carries a generation.
    caf::reacts_to<atom::tick, std::uint64_t>,
    /// INTERNAL: the drain time is over.
    caf::reacts_to<atom::leave>>;

/// The job registry, for the actors of a node that has it elsewhere: passes everything on, and
/// answers `unavailable` while it is not to be reached.
using RegistryLinkActor = ClientRegistryActor::extend_with<AttendanceActor>::
    extend_with<DemandActor>::extend_with<NodeActor>::extend<
        /// INTERNAL: connect. Carries a generation.
        caf::reacts_to<atom::tick, std::uint64_t>>;

/// Owns one worker process.
using WorkerProcessActor = caf::typed_actor<
    /// The registry was started, or started again.
    caf::reacts_to<atom::registry, AttendanceActor>,
    /// Whether the process is to run. One that is not is told to finish its work and end.
    caf::reacts_to<atom::scale, bool>,
    /// INTERNAL: look whether the worker is there. Carries a generation.
    caf::reacts_to<atom::tick, std::uint64_t>,
    /// INTERNAL: the process ended; how, in words, and whether it did well.
    caf::reacts_to<atom::exited, std::string, bool>>;

/// Decides how many worker processes its node runs.
using AutoscalerActor = caf::typed_actor<
    /// Whom to ask for the demand was started, or started again.
    caf::reacts_to<atom::registry, DemandActor>,
    /// INTERNAL: look at the queue. Carries a generation.
    caf::reacts_to<atom::tick, std::uint64_t>>;

/// Starts its children, watches them, restarts those that fail.
using SupervisorActor = caf::typed_actor<
    /// INTERNAL: the wait before the restart of child n is over.
    caf::reacts_to<atom::restart, std::uint64_t>,
    /// INTERNAL: a stage of the shutdown has taken too long. Carries the stage.
    caf::reacts_to<atom::tick, std::uint64_t>>;

}  // namespace darkroom::actors

CAF_BEGIN_TYPE_ID_BLOCK(darkroom, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::JobId))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::WorkerId))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::LeaseToken))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::Task))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::WorkerHello))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::Heartbeat))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::HeartbeatReply))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::RenditionReport))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobReport))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::WorkerActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::ClientRegistryActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::WorkerRegistryActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JanitorRegistryActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::OperationActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::TaskRunnerActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::AttendanceActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::BlobRemoverActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::SweepActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::DemandActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::NodeActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::NodeHello))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::NodeWelcome))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::DemandQuery))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::Demand))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::Job))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobList))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::CreatedJob))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::RetriedJobs))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::ServiceStatus))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::Attendance))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::WorkerList))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::BlobGrantRequest))
CAF_ADD_TYPE_ID(darkroom, (darkroom::persistence::JobFilter))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobQuery))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobPage))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::BulkDone))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::BulkRemoved))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::CatalogueActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::EventQuery))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::JobEvents))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::KeyTable))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::Batch))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::BatchState))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::CreatedBatch))
CAF_ADD_TYPE_ID(darkroom, (darkroom::jobs::Delivery))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::DeliveryList))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::DeliveryRegistryActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::DeliverySenderActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::DeliveryAlarmActor))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::FetchedReport))
CAF_ADD_TYPE_ID(darkroom, (darkroom::actors::SourceFetcherActor))
CAF_END_TYPE_ID_BLOCK(darkroom)

// These stay within one process and have no form on the wire, so that no peer can send any. Frames
// are shared by pointer.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::NewJob)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::NewBatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::KeyList)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::JanitorReport)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::RenderRequest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::RenderReply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::DueQuery)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::DueList)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::SentDelivery)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(darkroom::actors::DeliveryOutcome)
