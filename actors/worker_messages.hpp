#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "actors/files_place.hpp"
#include "actors/job_wire.hpp"
#include "jobs/error.hpp"
#include "jobs/job.hpp"
#include "jobs/transitions.hpp"

// What coordinator, workers and the nodes that run them say to each other, and its form on the
// wire. A change of that changes `wire_version` (message_types.hpp).

namespace darkroom::actors {

/// A lease that goes out: everything a worker needs to know to do the job.
struct Task {
  jobs::JobId job;
  jobs::LeaseToken token;
  std::uint32_t attempt = 0;
  std::string original_key;
  std::vector<jobs::RenditionSpec> renditions;  ///< Those that are not there yet.
  std::string original_sha256 = {};             ///< Of the original, 64 hex digits.
  std::uint64_t original_bytes = 0;
  /// For a worker that does not reach the files itself; all empty for one that does. Signed paths,
  /// to be asked of the node that holds the files: GET the original, PUT each rendition, and GET
  /// the image of its watermark (empty without one).
  std::string original_url = {};
  std::vector<std::string> rendition_urls = {};
  std::vector<std::string> watermark_urls = {};
  /// As in jobs::Job.
  std::string request_id = {};
  std::string trace_parent = {};
  std::string source_url = {};
  /// Where a worker that does not reach the files itself PUTs the original, if it must fetch it.
  std::string fetched_url = {};
};

/// Whether the original is not there yet: the worker gets it from `source_url`, puts it under
/// `original_key` and reports it, and that is all it does for this lease.
[[nodiscard]] inline bool must_fetch(const Task& task) {
  return task.original_sha256.empty() && !task.source_url.empty();
}

/// A worker introduces itself, after each connect.
struct WorkerHello {
  jobs::WorkerId worker;
  std::uint32_t slots = 0;
  std::uint32_t accepts = 0;             ///< As in Heartbeat.
  std::vector<jobs::LeaseToken> held;    ///< Leases it works on still.
  std::uint32_t strays = 0;              ///< As in Heartbeat.
  std::string node = {};                 ///< That runs it; empty: it is a node of its own.
  std::vector<std::string> queues = {};  ///< Whose jobs it takes; empty: all.
  bool reaches_files = true;  ///< Reads and writes the blob store itself, and needs no URLs.
  std::string version = {};   ///< Of its program, for operators.
  std::uint32_t fetches = 0;  ///< As in Heartbeat; and it fetches no more at once.
  std::vector<jobs::LeaseToken> fetching = {};  ///< As in Heartbeat.
};

/// Sent every few seconds: renews the leases held, and says how many jobs the worker is willing to
/// run in all (0 while it drains).
struct Heartbeat {
  jobs::WorkerId worker;
  std::uint32_t accepts = 0;
  std::vector<jobs::LeaseToken> held;
  std::uint64_t restarts = 0;  ///< Of its own actors, since it began.
  /// Jobs that it has lost, or given up, and whose code is at work in its process still.
  std::uint32_t strays = 0;
  /// What keeps its machine from doing jobs, for operators; empty where the latest went well.
  std::string ailment = {};
  std::uint32_t fetches = 0;  ///< How many originals it is willing to fetch at once, beside jobs.
  std::vector<jobs::LeaseToken> fetching = {};  ///< Those of `held` that take no slot for that.
};

/// Those of the leases held that are not the worker's any more.
struct HeartbeatReply {
  std::vector<jobs::LeaseToken> lost;
};

/// Whether a worker is here, and whether another one is.
struct Attendance {
  bool here = false;
  bool others = false;
};

enum class NodeRole : std::uint8_t { ingest, worker };

/// A node introduces itself, after each connect.
struct NodeHello {
  jobs::WorkerId node;  ///< Its name, and a number that tells it from its ghost.
  NodeRole role = NodeRole::worker;
  std::string version;                   ///< Of its program, for operators.
  std::vector<std::string> queues = {};  ///< Whose jobs its workers take; empty: all.
  /// Runs no worker while there is no work, and starts some when there is.
  bool starts_on_demand = false;
};

/// What a node needs to know of its coordinator.
struct NodeWelcome {
  std::string version;
  FilesPlace files;
  std::vector<std::string> queues = {};  ///< All there are, in order.
  /// By which an ingest node signs the addresses of files for its clients
  /// (persistence::ClientUrls): 64 hex digits. Empty for a worker node, which has no clients.
  std::string client_url_key = {};
};

/// Asked by a worker node: how much is there for me to do?
struct DemandQuery {
  std::string node;
  std::vector<std::string> queues;  ///< Whose jobs it takes; empty: all.
  bool fetches = false;             ///< Its workers fetch originals.
};

struct Demand {
  /// Jobs of those queues that might run now, or more where it takes more for the fetches, which
  /// need no slots but processes.
  std::uint64_t waiting = 0;
  std::uint64_t running = 0;  ///< Jobs that do, on that node, and its processes that only fetch.
};

/// One rendition is durable in the blob store.
struct RenditionReport {
  jobs::WorkerId worker;
  jobs::JobId job;
  jobs::LeaseToken token;
  jobs::RenditionResult result;
};

/// The original that a job's source gave is durable in the blob store.
struct FetchedReport {
  jobs::WorkerId worker;
  jobs::JobId job;
  jobs::LeaseToken token;
  jobs::Original original;  ///< Without a file name, and what only its pixels tell.
  bool alpha = false;       ///< It can have transparent pixels.
};

enum class JobOutcome : std::uint8_t {
  completed,
  failed,
  handed_back,
  crashed,  ///< It ran for too long; the worker's process ends for that.
};

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

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Task& x) {
  return f(caf::meta::type_name("task"), x.job, x.token, x.attempt, x.original_key, x.renditions,
           x.original_sha256, x.original_bytes, x.original_url, x.rendition_urls, x.watermark_urls,
           x.request_id, x.trace_parent, x.source_url, x.fetched_url);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerHello& x) {
  return f(caf::meta::type_name("worker_hello"), x.worker, x.slots, x.accepts, x.held, x.strays,
           x.node, x.queues, x.reaches_files, x.version, x.fetches, x.fetching);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Heartbeat& x) {
  return f(caf::meta::type_name("heartbeat"), x.worker, x.accepts, x.held, x.restarts, x.strays,
           x.ailment, x.fetches, x.fetching);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, HeartbeatReply& x) {
  return f(caf::meta::type_name("heartbeat_reply"), x.lost);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Attendance& x) {
  return f(caf::meta::type_name("attendance"), x.here, x.others);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, NodeHello& x) {
  return f(caf::meta::type_name("node_hello"), x.node, x.role, x.version, x.queues,
           x.starts_on_demand);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FilesPlace& x) {
  return f(caf::meta::type_name("files_place"), x.boot_id, x.path, x.device, x.inode);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, NodeWelcome& x) {
  return f(caf::meta::type_name("node_welcome"), x.version, x.files, x.queues, x.client_url_key);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DemandQuery& x) {
  return f(caf::meta::type_name("demand_query"), x.node, x.queues, x.fetches);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Demand& x) {
  return f(caf::meta::type_name("demand"), x.waiting, x.running);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionReport& x) {
  return f(caf::meta::type_name("rendition_report"), x.worker, x.job, x.token, x.result);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FetchedReport& x) {
  auto& original = x.original;
  return f(caf::meta::type_name("fetched_report"), x.worker, x.job, x.token, original.blob_key,
           original.content_type, original.format, original.sha256, original.bytes, original.width,
           original.height, original.frames, x.alpha);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobReport& x) {
  return f(caf::meta::type_name("job_report"), x.worker, x.job, x.token, x.outcome, x.error,
           x.results, x.findings);
}

}  // namespace darkroom::actors
