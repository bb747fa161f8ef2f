#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/none.hpp>
#include <caf/sec.hpp>
#include <tl/expected.hpp>

#include "actors/files_place.hpp"
#include "actors/job_service.hpp"
#include "imaging/operations.hpp"
#include "jobs/delivery_retry.hpp"
#include "jobs/error.hpp"
#include "jobs/job.hpp"
#include "jobs/transitions.hpp"
#include "persistence/blob_url.hpp"
#include "persistence/job_store.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/packed_job.hpp"

// What messages carry, and the form on the wire of what travels between nodes. A change of that
// changes `wire_version`.

namespace darkroom::actors {

/// Nodes talk to each other only where this is the same on both sides.
inline constexpr const char* wire_version = "darkroom-8";

// -- Between coordinator and worker ------------------------------------------------------------

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
  std::uint64_t waiting = 0;  ///< Jobs of those queues that might run now.
  std::uint64_t running = 0;  ///< On that node.
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

// -- Between coordinator and ingest nodes -------------------------------------------------------

/// What an ingest node wants to do with a blob, for which it asks for a URL.
struct BlobGrantRequest {
  persistence::BlobMethod method = persistence::BlobMethod::get;
  std::string key;
  std::uint64_t limit = 0;  ///< The most bytes of a PUT.
};

/// Deliveries about one job or batch, without their bodies.
struct DeliveryList {
  std::vector<jobs::Delivery> deliveries;
};

// -- Within the coordinator --------------------------------------------------------------------

/// Asks for what is to be sent by now.
struct DueQuery {
  std::optional<persistence::DuePlace> behind = {};
  std::uint32_t limit = 0;
};

struct DueList {
  struct Item {
    jobs::JobId id;
    std::string receiver;  ///< jobs::receiver_of()
  };
  std::vector<Item> deliveries;
  std::optional<persistence::DuePlace> last = {};  ///< Of the last one.
  bool more = false;                               ///< There are others behind it.
};

/// What came of one try, for the registry to keep.
struct DeliveryOutcome {
  jobs::JobId delivery;
  jobs::TriedDelivery tried;
};

/// None where there was nothing to send.
struct SentDelivery {
  std::optional<jobs::TriedDelivery> tried = {};
};

struct JobList {
  std::vector<jobs::Job> jobs;
};

struct KeyList {
  std::vector<std::string> keys;  ///< Of blobs.
};

// -- Within a worker: these hold pixels and never leave the process ------------------------------

struct RenderRequest {
  imaging::Source source;
  jobs::RenditionSpec spec;
  std::stop_token stop = {};  ///< Once it is asked to stop the rendition is not begun.
};

struct RenderReply {
  tl::expected<imaging::RenderedImage, imaging::Error> result;
  std::chrono::steady_clock::duration took{};
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
           x.bytes, x.width, x.height, x.milliseconds);
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
typename Inspector::result_type inspect(Inspector& f, Histogram& x) {
  return f(caf::meta::type_name("histogram"), x.counts, x.microseconds);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobError& x) {
  return f(caf::meta::type_name("job_error"), x.kind, x.message, x.ailment);
}

/// As the job store keeps it, so that its members are listed, and checked, in one place.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Job& x) {
  std::string record;
  if constexpr (Inspector::reads_state) record = persistence::pack_job(x);
  auto take = [&]() -> caf::error {
    auto job = persistence::unpack_job(record);
    if (!job) return caf::sec::invalid_argument;
    x = std::move(*job);
    return caf::none;
  };
  return f(caf::meta::type_name("job"), record, caf::meta::load_callback(take));
}

/// The same.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Delivery& x) {
  std::string record;
  if constexpr (Inspector::reads_state) record = persistence::pack_delivery(x);
  auto take = [&]() -> caf::error {
    auto delivery = persistence::unpack_delivery(record);
    if (!delivery) return caf::sec::invalid_argument;
    x = std::move(*delivery);
    return caf::none;
  };
  return f(caf::meta::type_name("delivery"), record, caf::meta::load_callback(take));
}

}  // namespace darkroom::jobs

namespace darkroom::actors {

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
typename Inspector::result_type inspect(Inspector& f, Attendance& x) {
  return f(caf::meta::type_name("attendance"), x.here, x.others);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobList& x) {
  return f(caf::meta::type_name("job_list"), x.jobs);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DeliveryList& x) {
  return f(caf::meta::type_name("delivery_list"), x.deliveries);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CreatedJob& x) {
  return f(caf::meta::type_name("created_job"), x.job, x.replayed);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RetriedJobs& x) {
  auto last = jobs::as_list(x.last);
  auto take = [&]() -> caf::error {
    x.last = jobs::from_list(last);
    return caf::none;
  };
  return f(caf::meta::type_name("retried_jobs"), x.sent, last, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionCounts& x) {
  return f(caf::meta::type_name("rendition_counts"), x.operation, x.format, x.time, x.bytes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobCounts& x) {
  return f(caf::meta::type_name("job_counts"), x.created, x.removed, x.sent_again, x.results_reused,
           x.ended, x.attempts, x.refused_reports, x.lost_workers, x.retries, x.recoveries,
           x.lease_expiries, x.original_bytes, x.queue_time, x.attempt_time, x.job_time,
           x.renditions);
}

/// Without `children`, which are those of the node that is asked.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ServiceStatus& x) {
  auto counting_since = static_cast<std::int64_t>(x.counting_since.time_since_epoch().count());
  std::vector<std::int64_t> oldest_ready;
  if (x.oldest_ready) oldest_ready.push_back(x.oldest_ready->time_since_epoch().count());
  auto take = [&]() -> caf::error {
    x.counting_since = jobs::Timestamp{std::chrono::milliseconds{counting_since}};
    x.oldest_ready.reset();
    if (!oldest_ready.empty()) {
      x.oldest_ready = jobs::Timestamp{std::chrono::milliseconds{oldest_ready.front()}};
    }
    return caf::none;
  };
  return f(caf::meta::type_name("service_status"), x.store_writable, x.workers, x.slots, x.pending,
           x.processing, x.alone, oldest_ready, x.counts, counting_since, x.actor_restarts,
           x.queues, x.resting_nodes, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Task& x) {
  return f(caf::meta::type_name("task"), x.job, x.token, x.attempt, x.original_key, x.renditions,
           x.original_sha256, x.original_bytes, x.original_url, x.rendition_urls, x.watermark_urls,
           x.request_id, x.trace_parent, x.source_url, x.fetched_url);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerHello& x) {
  return f(caf::meta::type_name("worker_hello"), x.worker, x.slots, x.accepts, x.held, x.strays,
           x.node, x.queues, x.reaches_files, x.version, x.fetches);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Heartbeat& x) {
  return f(caf::meta::type_name("heartbeat"), x.worker, x.accepts, x.held, x.restarts, x.strays,
           x.ailment, x.fetches);
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
typename Inspector::result_type inspect(Inspector& f, FetchedReport& x) {
  auto& original = x.original;
  return f(caf::meta::type_name("fetched_report"), x.worker, x.job, x.token, original.blob_key,
           original.content_type, original.format, original.sha256, original.bytes, original.width,
           original.height, original.frames, x.alpha);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerStatus& x) {
  auto state = static_cast<std::uint8_t>(x.state);
  auto joined_at = static_cast<std::int64_t>(x.joined_at.time_since_epoch().count());
  auto take = [&]() -> caf::error {
    if (state > static_cast<std::uint8_t>(WorkerActivity::silent))
      return caf::sec::invalid_argument;
    x.state = static_cast<WorkerActivity>(state);
    x.joined_at = jobs::Timestamp{std::chrono::milliseconds{joined_at}};
    return caf::none;
  };
  return f(caf::meta::type_name("worker_status"), x.name, x.node, x.version, state, x.drained,
           x.slots, x.busy, x.queues, joined_at, x.silent_ms, x.ailment,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerList& x) {
  return f(caf::meta::type_name("worker_list"), x.workers, x.drained);
}

/// As the job store keeps them.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, KeyTable& x) {
  std::string keys;
  if constexpr (Inspector::reads_state) keys = persistence::encode_api_keys(x.keys);
  auto take = [&]() -> caf::error {
    auto read = persistence::decode_api_keys(keys);
    if (!read) return caf::sec::invalid_argument;
    x.keys = std::move(*read);
    return caf::none;
  };
  return f(caf::meta::type_name("key_table"), x.version, keys, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, QueueStatus& x) {
  std::vector<std::int64_t> oldest;
  if (x.oldest_ready) oldest.push_back(x.oldest_ready->time_since_epoch().count());
  auto take = [&]() -> caf::error {
    x.oldest_ready.reset();
    if (!oldest.empty()) {
      x.oldest_ready = jobs::Timestamp{std::chrono::milliseconds{oldest.front()}};
    }
    return caf::none;
  };
  return f(caf::meta::type_name("queue_status"), x.name, x.weight, x.paused, x.ready, x.later,
           x.processing, oldest, x.workers, x.slots, x.wanted_slots,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobReport& x) {
  return f(caf::meta::type_name("job_report"), x.worker, x.job, x.token, x.outcome, x.error,
           x.results, x.findings);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BlobGrantRequest& x) {
  return f(caf::meta::type_name("blob_grant_request"), x.method, x.key, x.limit);
}

}  // namespace darkroom::actors
