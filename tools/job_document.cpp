#include "tools/job_document.hpp"

#include <rapidjson/document.h>

namespace darkroom::tools {
namespace {

std::string text_of(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

std::uint64_t number_of(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsUint64()) return 0;
  return member->value.GetUint64();
}

std::optional<jobs::Timestamp> time_of(const rapidjson::Value& object, const char* name) {
  return jobs::parse_rfc3339(text_of(object, name));
}

JobDocument::Rendition rendition_of(const rapidjson::Value& object) {
  return {.name = text_of(object, "name"),
          .url = text_of(object, "url"),
          .content_type = text_of(object, "content_type"),
          .bytes = number_of(object, "bytes"),
          .width = static_cast<std::uint32_t>(number_of(object, "width")),
          .height = static_cast<std::uint32_t>(number_of(object, "height"))};
}

}  // namespace

std::optional<JobDocument> read_job(std::string_view json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  JobDocument job;
  job.id = text_of(document, "id");
  job.status = text_of(document, "status");
  if (job.id.empty() || job.status.empty()) return std::nullopt;
  job.error_message = text_of(document, "error_message");
  job.created = time_of(document, "created_at");
  job.completed = time_of(document, "completed_at");
  if (const auto original = document.FindMember("original");
      original != document.MemberEnd() && original->value.IsObject()) {
    job.original_sha256 = text_of(original->value, "sha256");
  }
  if (const auto list = document.FindMember("renditions");
      list != document.MemberEnd() && list->value.IsArray()) {
    for (const auto& item : list->value.GetArray()) {
      if (item.IsObject()) job.renditions.push_back(rendition_of(item));
    }
  }
  if (const auto list = document.FindMember("attempts");
      list != document.MemberEnd() && list->value.IsArray()) {
    job.attempts = list->value.Size();
    if (job.attempts > 0 && list->value[list->value.Size() - 1].IsObject()) {
      job.started = time_of(list->value[list->value.Size() - 1], "started_at");
    }
  }
  return job;
}

}  // namespace darkroom::tools
