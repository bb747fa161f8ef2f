#include "jobs/job.hpp"

#include <algorithm>
#include <utility>

#include "jobs/enum_names.hpp"

namespace darkroom::jobs {
namespace {

constexpr auto job_status_names =
    enum_names<JobStatus>("pending", "processing", "retrying", "completed", "failed", "cancelled");
constexpr auto priority_names = enum_names<Priority>("high", "normal", "low");
constexpr auto rendition_status_names =
    enum_names<RenditionStatus>("pending", "completed", "failed", "cancelled");
constexpr auto attempt_outcome_names = enum_names<AttemptOutcome>(
    "running", "completed", "failed", "crashed", "handed_back", "interrupted", "cancelled");

bool refers_to(const Job& job, std::string_view key) {
  if (key == job.original.blob_key) return true;
  return std::ranges::any_of(job.renditions, [&](const Rendition& rendition) {
    return rendition.status == RenditionStatus::completed && rendition.blob_key == key;
  });
}

}  // namespace

bool is_final(JobStatus status) {
  return status == JobStatus::completed || status == JobStatus::failed ||
         status == JobStatus::cancelled;
}

std::vector<std::string> blob_keys(const Job& job) {
  std::vector<std::string> keys = leftover_keys(job);
  keys.push_back(job.original.blob_key);
  for (const auto& rendition : job.renditions) {
    if (rendition.status == RenditionStatus::completed) keys.push_back(rendition.blob_key);
  }
  return keys;
}

std::vector<std::string> leftover_keys(const Job& job) {
  std::vector<std::string> keys;
  for (const auto& attempt : job.attempts) {
    for (const auto& rendition : job.renditions) {
      auto key = rendition_key(job.id, rendition.spec, attempt.number);
      if (!refers_to(job, key)) keys.push_back(std::move(key));
    }
  }
  return keys;
}

bool needs_blob(const Job& job, std::string_view key) {
  if (refers_to(job, key)) return true;
  if (!job.lease || job.attempts.empty()) return false;
  return std::ranges::any_of(job.renditions, [&](const Rendition& rendition) {
    return rendition_key(job.id, rendition.spec, job.attempts.back().number) == key;
  });
}

std::optional<JobId> job_of_blob(std::string_view key) {
  constexpr std::size_t id_length = 36;
  const auto slash = key.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return JobId::parse(key.substr(slash + 1, id_length));
}

std::string original_key(const JobId& id, std::string_view extension) {
  return "uploads/originals/" + id.to_string() + "." + std::string{extension};
}

std::string rendition_key(const JobId& id, const RenditionSpec& spec, std::uint32_t attempt) {
  const auto which = attempt > 1 ? "." + std::to_string(attempt) : std::string{};
  return "uploads/" + spec.folder + "/" + id.to_string() + "-" + spec.name + which + "." +
         std::string{extension(spec.format)};
}

std::string_view to_string(JobStatus status) {
  return job_status_names.name(status);
}

std::string_view to_string(RenditionStatus status) {
  return rendition_status_names.name(status);
}

std::string_view to_string(AttemptOutcome outcome) {
  return attempt_outcome_names.name(outcome);
}

std::string_view to_string(Priority priority) {
  return priority_names.name(priority);
}

std::optional<Priority> parse_priority(std::string_view text) {
  return priority_names.parse(text);
}

std::optional<JobStatus> parse_job_status(std::string_view text) {
  return job_status_names.parse(text);
}

std::optional<RenditionStatus> parse_rendition_status(std::string_view text) {
  return rendition_status_names.parse(text);
}

std::optional<AttemptOutcome> parse_attempt_outcome(std::string_view text) {
  return attempt_outcome_names.parse(text);
}

}  // namespace darkroom::jobs
