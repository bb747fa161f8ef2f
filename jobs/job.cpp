#include "jobs/job.hpp"

#include <algorithm>
#include <array>
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

constexpr std::array<std::string_view, 13> picture_extensions{
    "jpg", "png", "gif", "bmp", "psd", "tga", "pgm", "ppm", "hdr", "webp", "avif", "heic", "heif"};

std::string extension_in(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  url.remove_prefix(std::min(url.find("://") + 3, url.size()));
  url.remove_prefix(std::min(url.find('/'), url.size()));
  url.remove_prefix(url.rfind('/') + 1);
  const auto dot = url.rfind('.');
  std::string end{dot == std::string_view::npos ? "" : url.substr(dot + 1)};
  std::ranges::transform(end, end.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  if (end == "jpeg") return "jpg";
  return std::ranges::find(picture_extensions, end) == picture_extensions.end() ? "img" : end;
}

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

bool has_original(const Job& job) {
  return !job.original.blob_key.empty();
}

bool must_fetch(const Job& job) {
  return !job.source_url.empty() && !has_original(job);
}

bool must_run_alone(const Job& job) {
  return job.alone && !must_fetch(job);
}

std::vector<std::string> blob_keys(const Job& job) {
  std::vector<std::string> keys = leftover_keys(job);
  if (has_original(job)) keys.push_back(job.original.blob_key);
  for (const auto& rendition : job.renditions) {
    if (rendition.status == RenditionStatus::completed) keys.push_back(rendition.blob_key);
  }
  return keys;
}

std::vector<std::string> leftover_keys(const Job& job) {
  std::vector<std::string> keys;
  const auto add = [&](std::string key) {
    if (!refers_to(job, key)) keys.push_back(std::move(key));
  };
  for (const auto& attempt : job.attempts) {
    if (!job.source_url.empty()) add(fetched_key(job, attempt.number));
    for (const auto& rendition : job.renditions)
      add(rendition_key(job.id, rendition.spec, attempt.number));
  }
  return keys;
}

bool needs_blob(const Job& job, std::string_view key) {
  if (refers_to(job, key)) return true;
  if (!job.lease || job.attempts.empty()) return false;
  if (must_fetch(job) && fetched_key(job, job.attempts.back().number) == key) return true;
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

std::string fetched_key(const Job& job, std::uint32_t attempt) {
  const auto which = attempt > 1 ? std::to_string(attempt) + "." : std::string{};
  return original_key(job.id, which + extension_in(job.source_url));
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
