#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/error.hpp"
#include "jobs/job.hpp"
#include "jobs/retry.hpp"

// The job's state machine. Every change of a job's state is one of these functions; each checks
// that the edge exists and changes nothing where it does not.
//
//   make_job      ->  pending
//   start_attempt     pending | retrying -> processing
//   finish_rendition  processing -> processing
//   note_findings     processing -> processing
//   take_original     processing -> pending           (its original had to be fetched, and is
//   there) complete          processing -> completed fail_attempt      processing -> retrying |
//   failed   (retrying for ever where it was the disk) lose_attempt      processing -> pending |
//   failed   (its worker died or fell silent with it) interrupt_attempt processing -> pending (the
//   same, but with other jobs beside it) hand_back         processing -> pending            (the
//   worker or the service stopped) cancel            pending | retrying | processing -> cancelled
//   send_again        failed | cancelled -> pending
//   adopt_results     pending -> completed             (an upload whose results are there already)

namespace darkroom::jobs {

/// Why a transition was refused.
enum class TransitionError : std::uint8_t {
  wrong_state,        ///< The job is not in a state that this edge leaves from.
  stale_lease,        ///< The token is not that of the job's current lease.
  unknown_rendition,  ///< The job has no rendition of that name.
  unfinished,         ///< complete() while a rendition or the original is missing.
  unfit_original,     ///< What was fetched is not what the attempt was to fetch.
};

[[nodiscard]] std::string_view to_string(TransitionError error);

using Transition = tl::expected<void, TransitionError>;

/// A rendition as the worker made it.
struct RenditionResult {
  std::string name;
  std::string blob_key;
  std::string content_type;
  std::string sha256;
  std::uint64_t bytes = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t milliseconds = 0;  ///< As in Rendition.
};

/// What a worker found out about the original from its pixels; what it did not is none.
struct OriginalFindings {
  std::optional<std::string> blurhash = {};
  std::optional<std::string> dominant_colour = {};  ///< "#rrggbb"

  friend bool operator==(const OriginalFindings&, const OriginalFindings&) = default;
};

/// What is asked of a job besides its renditions.
struct JobRequest {
  std::string queue = "default";
  std::optional<Idempotency> idempotency = {};
  bool reusable = false;
  Priority priority = Priority::normal;
  std::string tenant = {};
  /// The rest as in Job.
  std::optional<JobId> batch = {};
  std::string metadata = {};
  std::string callback_url = {};
  std::string email = {};
  std::string public_name = {};
  std::string source_url = {};
  std::string request_id = {};
  std::string trace_parent = {};
  std::optional<Timestamp> not_before = {};
};

/// A new job, pending, that expires `ttl` after `now`, or after its `not_before` where that is
/// later.
[[nodiscard]] Job make_job(const JobId& id, const Preset& preset, Original original, Timestamp now,
                           std::chrono::milliseconds ttl, JobRequest request = {});

/// Of the attempts that cost a job nothing, as many are kept in its record: a disk may be full for
/// days.
inline constexpr std::size_t kept_free_attempts = 16;

/// A worker begins: the attempt is counted here, before any work is done, so that a worker that
/// dies has still spent it.
[[nodiscard]] Transition start_attempt(Job& job, const Lease& lease, Timestamp now);

/// One rendition is there. Reporting the same one twice is harmless.
[[nodiscard]] Transition finish_rendition(Job& job, const LeaseToken& token,
                                          const RenditionResult& result, Timestamp now);

/// Keeps what was found out about the original. What is none in `findings` stays as it was.
[[nodiscard]] Transition note_findings(Job& job, const LeaseToken& token,
                                       const OriginalFindings& findings, Timestamp now);

/// What the job's source gave is there, under the key of this attempt; its formats are settled by
/// it (`alpha`: it can have transparent pixels). `fetched` has no file name: the job keeps its own.
/// From now on it is like one that was uploaded now: it waits for a worker, and the attempt that
/// fetched is none.
[[nodiscard]] Transition take_original(Job& job, const LeaseToken& token, const Original& fetched,
                                       bool alpha, Timestamp now);

/// All renditions are there.
[[nodiscard]] Transition complete(Job& job, const LeaseToken& token, Timestamp now);

/// The worker reports an error. Permanent: failed at once. Transient: retrying after the policy's
/// delay, or failed once its attempts are spent. Environment: retrying after the policy's delay, at
/// no cost; the attempt counts as handed back. `random` in [0, 1) picks the jitter.
[[nodiscard]] Transition fail_attempt(Job& job, const LeaseToken& token, const JobError& error,
                                      const RetryPolicy& policy, double random, Timestamp now);

/// The worker process died or fell silent, and this was its only job, so it is charged with that;
/// `reason` says how. Pending again at its old place in the queue, or failed once it has taken down
/// `policy.crashes` workers.
[[nodiscard]] Transition lose_attempt(Job& job, const LeaseToken& token, const std::string& reason,
                                      const RetryPolicy& policy, Timestamp now);

/// The same, but other jobs were in that process: pending again at once, at no cost, and from now
/// on the job runs alone. So that happens to a job once.
[[nodiscard]] Transition interrupt_attempt(Job& job, const LeaseToken& token,
                                           const std::string& reason, Timestamp now);

/// The worker or the service stops: pending again, at no cost.
[[nodiscard]] Transition hand_back(Job& job, const LeaseToken& token, const std::string& reason,
                                   Timestamp now);

/// Its owner wants it no more. Renditions that are there stay; a running attempt loses its lease.
[[nodiscard]] Transition cancel(Job& job, Timestamp now);

/// Takes the results of `donor`, which was made of the same file with the same renditions, for
/// those of a new job: copies of its blobs, under the keys of a first attempt. Refused as
/// unfinished where the donor is not complete or not the same.
[[nodiscard]] Transition adopt_results(Job& job, const Job& donor, Timestamp now);

/// Its owner wants it tried again: pending, with all budgets as at the start and as long to live.
/// Renditions that are there are not made again.
[[nodiscard]] Transition send_again(Job& job, Timestamp now);

}  // namespace darkroom::jobs
