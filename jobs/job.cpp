#include "jobs/job.hpp"

#include "jobs/enum_names.hpp"

namespace darkroom::jobs {
namespace {

constexpr auto job_status_names =
    enum_names<JobStatus>("pending", "processing", "retrying", "completed", "failed", "cancelled");
constexpr auto rendition_status_names =
    enum_names<RenditionStatus>("pending", "completed", "failed");
constexpr auto attempt_outcome_names =
    enum_names<AttemptOutcome>("running", "completed", "failed", "crashed", "handed_back");

}  // namespace

bool is_final(JobStatus status) {
  return status == JobStatus::completed || status == JobStatus::failed ||
         status == JobStatus::cancelled;
}

std::vector<std::string> blob_keys(const Job& job) {
  std::vector<std::string> keys;
  keys.reserve(1 + job.renditions.size());
  keys.push_back(job.original.blob_key);
  for (const auto& rendition : job.renditions) {
    keys.push_back(rendition_key(job.id, rendition.spec));
  }
  return keys;
}

std::vector<std::string> unfinished_keys(const Job& job) {
  std::vector<std::string> keys;
  for (const auto& rendition : job.renditions) {
    if (rendition.status == RenditionStatus::completed) continue;
    keys.push_back(rendition_key(job.id, rendition.spec));
  }
  return keys;
}

std::string original_key(const JobId& id, std::string_view extension) {
  return "uploads/originals/" + id.to_string() + "." + std::string{extension};
}

std::string rendition_key(const JobId& id, const RenditionSpec& spec) {
  return "uploads/" + spec.folder + "/" + id.to_string() + "-" + spec.name + "." +
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
