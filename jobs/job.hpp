#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/job_id.hpp"
#include "jobs/lease.hpp"
#include "jobs/rendition.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// Where a job stands. The edges between the states are in transitions.hpp.
enum class JobStatus : std::uint8_t {
  pending,     ///< Waits for a worker.
  processing,  ///< A worker holds its lease.
  retrying,    ///< Waits for its next attempt, at `run_at`.
  completed,   ///< Final: every rendition is there.
  failed,      ///< Final: `error_message` says why.
  cancelled,   ///< Final: stopped by its owner.
};

inline constexpr std::size_t job_statuses = 6;

/// What jobs of a queue run before others of it; the values are those of Job::priority.
enum class Priority : std::uint8_t { high, normal, low };

enum class RenditionStatus : std::uint8_t { pending, completed, failed, cancelled };

/// How one attempt at a job ended.
enum class AttemptOutcome : std::uint8_t {
  running,      ///< Has not ended.
  completed,    ///< Made every rendition.
  failed,       ///< The worker reported an error.
  crashed,      ///< The worker process died or fell silent; spends the crash budget.
  handed_back,  ///< The worker or the service stopped; costs nothing.
  /// The worker process died or fell silent with several jobs in it, so nobody knows whose fault it
  /// was; costs nothing, and from then on the job runs alone.
  interrupted,
  cancelled,  ///< The job was cancelled meanwhile.
};
inline constexpr std::size_t attempt_outcomes = 7;

/// The uploaded file.
struct Original {
  std::string blob_key;      ///< "uploads/originals/<id>.jpg"
  std::string filename;      ///< As the client sent it; for display only, never a path.
  std::string content_type;  ///< By what the bytes are, not by what the client said.
  std::string format;        ///< "jpeg", "png", ...
  std::string sha256;        ///< 64 lower-case hex digits.
  std::uint64_t bytes = 0;
  std::uint32_t width = 0;  ///< Pixels, as stored, before any EXIF orientation is applied.
  std::uint32_t height = 0;
  std::uint32_t frames = 1;  ///< Of an animation; the first one is what is rendered.
  /// The rest is found in the pixels, so it is there once a worker has looked at them.
  std::optional<std::string> blurhash = {};         ///< A blurred preview in some 30 characters.
  std::optional<std::string> dominant_colour = {};  ///< "#rrggbb"

  friend bool operator==(const Original&, const Original&) = default;
};

/// One output image: what was asked for, and what came of it.
struct Rendition {
  RenditionSpec spec;
  RenditionStatus status = RenditionStatus::pending;
  /// The rest is filled in once `status` is completed.
  std::string blob_key;
  std::string content_type;
  std::string sha256;
  std::uint64_t bytes = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::optional<std::string> error_message;
  std::uint32_t milliseconds = 0;  ///< To make it, encode it and write it.

  friend bool operator==(const Rendition&, const Rendition&) = default;
};

/// One try of a worker at a job.
struct Attempt {
  std::uint32_t number = 0;  ///< From 1.
  std::string worker;        ///< Name of the worker.
  Timestamp started_at;
  std::optional<Timestamp> finished_at;
  AttemptOutcome outcome = AttemptOutcome::running;
  std::optional<std::string> error;

  friend bool operator==(const Attempt&, const Attempt&) = default;
};

/// The key by which a client names its upload, so that sending it again is harmless
/// (draft-ietf-httpapi-idempotency-key-header), and what that upload was.
struct Idempotency {
  std::string key;
  std::string fingerprint;  ///< Of the file and all that was asked of it; compared, never shown.

  friend bool operator==(const Idempotency&, const Idempotency&) = default;
};

/// One original and its renditions: the durable record that a client polls. Its members stand
/// together by what they mean, which costs 32 bytes.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct Job {
  JobId id;
  JobStatus status = JobStatus::pending;
  std::string queue = "default";
  /// 0 runs before 1, 1 before 2, within a queue; see Priority.
  std::uint8_t priority = static_cast<std::uint8_t>(Priority::normal);
  /// Whose job it is: tenants take turns within a priority of a queue. Empty: nobody said.
  std::string tenant;
  std::string preset;
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> completed_at;  ///< When a final state was reached, whichever.
  Timestamp expires_at;                   ///< From then on the janitor may remove the job.
  Timestamp run_at;                       ///< Not before this.
  std::optional<std::string> error_message;
  Original original;
  std::vector<Rendition> renditions;
  std::vector<Attempt> attempts;
  std::optional<Lease> lease;  ///< Present exactly while `processing`.
  /// Attempts up to this number count no more: the job was sent again by hand after them.
  std::uint32_t forgiven_attempts = 0;
  std::optional<Timestamp> sent_again_at;  ///< The last time; its time to live counts from then.
  /// No other job may run in the same process: one that had several died with it.
  bool alone = false;
  std::optional<Idempotency> idempotency;
  /// Whether its results may be taken for a later upload of the same file with the same renditions.
  bool reusable = false;
  std::optional<JobId> reused_from;  ///< The job whose results these are copies of.
  /// Rises with each change of the job, and over all jobs: a later change has a higher one. Set by
  /// the job registry; 0: from before there were any.
  std::uint64_t revision = 0;
  std::optional<JobId> batch;           ///< That it is part of.
  std::string metadata;                 ///< The client's own JSON object, compact; empty: none.
  std::string callback_url;             ///< Who is told of the end; empty: nobody.
  std::string email;                    ///< The same, by mail.
  std::string public_name;              ///< In /media/originals/, one in its tenant; empty: none.
  std::string source_url;               ///< Whence a worker fetches it; empty: it was uploaded.
  std::string request_id;               ///< X-Request-Id of the upload.
  std::string trace_parent;             ///< W3C traceparent of the upload; empty: none.
  std::optional<Timestamp> not_before;  ///< As the upload asked; its time to live counts from it.

  friend bool operator==(const Job&, const Job&) = default;
};

[[nodiscard]] bool is_final(JobStatus status);

/// Whether the original is there; where it is not, a worker has yet to fetch it from `source_url`.
[[nodiscard]] bool has_original(const Job& job);

/// Whether what is to be done next is to fetch the original. That takes time, and next to no memory
/// or processor: it goes on beside the work on pictures.
[[nodiscard]] bool must_fetch(const Job& job);

/// Whether the next attempt must have its process to itself. A fetch need not: what takes a process
/// down are pictures that are decoded in it.
[[nodiscard]] bool must_run_alone(const Job& job);

/// Every blob that the job refers to or may have caused: the original, the renditions that are
/// there, and leftover_keys().
[[nodiscard]] std::vector<std::string> blob_keys(const Job& job);

/// Keys that attempts may have written and that the job does not refer to, as far as its record
/// still tells its attempts. None of them will ever be referred to once the attempt is over.
[[nodiscard]] std::vector<std::string> leftover_keys(const Job& job);

/// Whether the job refers to this blob, or its attempt that runs now may yet make it.
[[nodiscard]] bool needs_blob(const Job& job, std::string_view key);

/// The id of the job that a blob of this key belongs to; nullopt for a name that is not one of
/// ours.
[[nodiscard]] std::optional<JobId> job_of_blob(std::string_view key);

/// "uploads/originals/<id>.<extension>"; `extension` has no dot.
[[nodiscard]] std::string original_key(const JobId& id, std::string_view extension);

/// Where an attempt puts the original that it fetches from `source_url`: the original's key, with
/// the number of the attempt in it from the second one on, as in those of renditions. It has to be
/// known before the file is, so the extension is what the URL says where that is one of a picture,
/// and "img" otherwise; what the bytes are stands in Original.
[[nodiscard]] std::string fetched_key(const Job& job, std::uint32_t attempt);

/// "uploads/<folder>/<id>-<name>.<extension>", and from the second attempt on
/// "uploads/<folder>/<id>-<name>.<attempt>.<extension>". No two attempts write the same file, so
/// one that was taken for dead cannot touch what a record refers to.
[[nodiscard]] std::string rendition_key(const JobId& id, const RenditionSpec& spec,
                                        std::uint32_t attempt);

[[nodiscard]] std::string_view to_string(JobStatus status);
[[nodiscard]] std::string_view to_string(RenditionStatus status);
[[nodiscard]] std::string_view to_string(AttemptOutcome outcome);
/// "high", "normal" or "low".
[[nodiscard]] std::string_view to_string(Priority priority);
[[nodiscard]] std::optional<Priority> parse_priority(std::string_view text);
[[nodiscard]] std::optional<JobStatus> parse_job_status(std::string_view text);
[[nodiscard]] std::optional<RenditionStatus> parse_rendition_status(std::string_view text);
[[nodiscard]] std::optional<AttemptOutcome> parse_attempt_outcome(std::string_view text);

}  // namespace darkroom::jobs
