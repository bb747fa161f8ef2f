#include "tests/cluster/job_report.hpp"

#include <stdexcept>

#include <rapidjson/document.h>

namespace darkroom::cluster {
namespace {

using rapidjson::Value;

const Value& member(const Value& object, std::string_view name) {
  if (object.IsObject()) {
    const auto found = object.FindMember(std::string{name}.c_str());
    if (found != object.MemberEnd()) return found->value;
  }
  throw std::runtime_error("the JSON has no member " + std::string{name});
}

std::string text(const Value& object, std::string_view name) {
  const Value& value = member(object, name);
  return value.IsString() ? std::string{value.GetString(), value.GetStringLength()} : std::string{};
}

std::uint64_t number(const Value& object, std::string_view name) {
  const Value& value = member(object, name);
  return value.IsUint64() ? value.GetUint64() : 0;
}

std::optional<jobs::Timestamp> time(const Value& object, std::string_view name) {
  return jobs::parse_rfc3339(text(object, name));
}

rapidjson::Document parsed(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (!document.IsObject()) throw std::runtime_error("no JSON object: " + json);
  return document;
}

}  // namespace

std::optional<std::string> JobReport::worker() const {
  if (status != "processing" || attempts.empty() || attempts.back().finished) return std::nullopt;
  return attempts.back().worker;
}

JobReport parse_job_report(const std::string& json) {
  const auto document = parsed(json);
  JobReport job{.id = text(document, "id"),
                .status = text(document, "status"),
                .error_message = text(document, "error_message"),
                .original_url = text(member(document, "original"), "url"),
                .renditions = {},
                .attempts = {}};
  for (const Value& rendition : member(document, "renditions").GetArray()) {
    job.renditions.push_back({.name = text(rendition, "name"),
                              .status = text(rendition, "status"),
                              .url = text(rendition, "url"),
                              .content_type = text(rendition, "content_type"),
                              .bytes = number(rendition, "bytes"),
                              .width = number(rendition, "width"),
                              .height = number(rendition, "height")});
  }
  for (const Value& attempt : member(document, "attempts").GetArray()) {
    job.attempts.push_back({.worker = text(attempt, "worker"),
                            .error = text(attempt, "error"),
                            .finished = member(attempt, "finished_at").IsString(),
                            .outcome = text(attempt, "outcome"),
                            .started_at = time(attempt, "started_at").value_or(jobs::Timestamp{}),
                            .finished_at = time(attempt, "finished_at")});
  }
  return job;
}

BatchReport parse_batch_report(const std::string& json) {
  const auto document = parsed(json);
  const Value& counts = member(document, "counts");
  return {.id = text(document, "id"),
          .status = text(document, "status"),
          .completed_at = text(document, "completed_at"),
          .total = number(counts, "total"),
          .completed = number(counts, "completed"),
          .failed = number(counts, "failed")};
}

std::uint64_t number_in(const std::string& json, std::string_view name) {
  const auto document = parsed(json);
  const Value& value = member(document, name);
  if (!value.IsUint64()) throw std::runtime_error(std::string{name} + " is no number in " + json);
  return value.GetUint64();
}

}  // namespace darkroom::cluster
