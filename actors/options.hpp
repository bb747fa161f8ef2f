#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "actors/files_place.hpp"
#include "actors/url_grants.hpp"
#include "jobs/job_id.hpp"
#include "jobs/lease.hpp"
#include "jobs/random.hpp"
#include "jobs/retry.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::persistence {
class BlobCensus;
class JobStore;
}  // namespace darkroom::persistence

namespace darkroom::actors {

class Committer;

/// Of which ends of jobs and batches mail is sent.
enum class EmailOn : std::uint8_t { all, completed, failed };

[[nodiscard]] std::string_view to_string(EmailOn on);

/// Who is told of the end of jobs and batches, and how it is tried. Those that are keys of
/// [webhook] and [email] are in the configuration.
struct OutboxOptions {
  bool webhooks = false;       ///< They can be signed. Not a key.
  std::string url = {};        ///< [webhook]: for what has no callback_url of its own; empty: none.
  std::uint32_t senders = 32;  ///< [webhook]: Deliveries sent at once.
  std::uint32_t max_tries = 10;                             ///< [webhook]
  std::chrono::milliseconds keep{std::chrono::hours{168}};  ///< [webhook]: of a delivery.
  std::chrono::milliseconds timeout{20'000};                ///< [webhook]: of one try.
  bool emails = false;                                      ///< There is a mail server. Not a key.
  std::string email_to = {};                                ///< [email]: as `url`.
  EmailOn email_on = EmailOn::all;                          ///< [email]
};

/// Settings of the job registry; keys of [jobs] in config.toml.
struct RegistryOptions {
  std::chrono::milliseconds ttl{std::chrono::hours{24}};  ///< From creation to expiry of a job.
  std::size_t queue_limit = 100'000;       ///< Unfinished jobs; more uploads get 503.
  std::chrono::milliseconds lease{8'000};  ///< A worker silent for this long loses its jobs.
  /// Changes that may gather for one synced write. What a lost worker or a start puts back comes on
  /// top; it is bounded by the workers' slots.
  std::size_t batch_limit = 1'000;
  jobs::RetryPolicy retry;  ///< Keys of [retry].
  /// For jobs of the queues named here, instead of `retry`.
  std::map<std::string, jobs::RetryPolicy> queue_retry;
  /// The queues that there are besides `default`, which may be among them, with their weights.
  std::map<std::string, std::uint32_t> queue_weights;
  /// Set by `serve`, some of whose workers are its own children. While true, a lease of one of
  /// those that is found at start belongs to a dead process, so its job runs again at once; the
  /// first registry that has read the jobs sets it to false, because from then on leases are handed
  /// out to workers that are alive. Null: false. Not a key of the configuration.
  std::shared_ptr<std::atomic<bool>> leases_are_dead;
  /// For workers and ingest nodes that do not reach the files themselves. Not a key of the
  /// configuration; what [transfer] says of it is put in by the node.
  UrlGrants urls = {};
  /// Where chance comes from: the kernel, but in the simulation, which puts a seed in its place.
  /// Not keys of the configuration.
  std::function<jobs::LeaseToken()> new_token = jobs::LeaseToken::generate;
  std::function<double()> random = jobs::random_fraction;  ///< In [0, 1); for jitter.
  OutboxOptions outbox;
  std::function<jobs::JobId(jobs::Timestamp)> new_id = jobs::JobId::generate;  ///< Of deliveries.
  /// What other nodes are told when they come. Not keys of the configuration.
  std::string version;
  FilesPlace files;
  std::string client_url_key;  ///< See NodeWelcome; for ingest nodes alone.
  /// Who writes batches, and calls the function after each. Null: a thread, but on the test
  /// scheduler, which knows one thread, the registry itself.
  std::function<std::unique_ptr<Committer>(std::shared_ptr<persistence::JobStore>,
                                           std::function<void()>)>
      new_committer;
};

/// Keys of [janitor].
struct JanitorOptions {
  std::chrono::milliseconds interval{std::chrono::hours{1}};
  std::size_t batch = 500;  ///< Jobs removed in one step.
  /// Blobs without a job, and temporary files, are left alone for this long.
  std::chrono::milliseconds orphan_age{std::chrono::hours{1}};
  /// Told how many blobs there are and how large, whenever all were looked at; may be null.
  std::shared_ptr<persistence::BlobCensus> census = {};
};

/// Keys of [worker].
struct WorkerOptions {
  std::uint32_t slots = 1;                         ///< Jobs at once in one worker process.
  std::uint32_t fetches = 0;                       ///< Originals fetched at once. Not a key.
  std::chrono::milliseconds heartbeat{2'000};      ///< Between two renewals of the leases.
  std::chrono::milliseconds job_timeout{120'000};  ///< A job taking longer takes its worker down.
  std::chrono::milliseconds job_cpu{120'000};      ///< CPU time of all its threads; likewise.
  std::chrono::milliseconds drain_timeout{6'000};  ///< To finish running work on SIGTERM.
  /// Bytes that the jobs of one worker process may take together; 0: a share of the machine's,
  /// which the node settles before the worker is made.
  std::uint64_t memory = 0;
  std::uint32_t silent_leases = 3;  ///< After so many leases of silence `serve` ends the process.
};

}  // namespace darkroom::actors
