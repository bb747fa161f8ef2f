#include "http/upload_fingerprint.hpp"

#include <span>
#include <vector>

#include "jobs/job.hpp"
#include "json/json_writer.hpp"
#include "persistence/job_record.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::http {
namespace {

std::string sha256_of(std::string_view text) {
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{text}));
  return hash.finish();
}

}  // namespace

std::string upload_fingerprint(std::string_view sha256, std::string_view filename,
                               const UploadParameters& parameters) {
  std::vector<jobs::Rendition> renditions;
  for (const auto& spec : parameters.choice().renditions())
    renditions.emplace_back().spec = spec;
  const auto lifetime = parameters.expires_in();
  json::JsonWriter json;
  json.member("sha256", sha256);
  json.member("filename", filename);
  json.member("preset", parameters.choice().preset());
  json.member("renditions", persistence::encode_specs(renditions));
  json.member("queue", parameters.queue());
  json.member("expires_in", lifetime ? std::optional{lifetime->count()} : std::nullopt);
  // As it was asked: the operator may change the default between two tries.
  json.member("reuse", parameters.asked_reuse());
  // These only where they are there: an upload of before there were any may be repeated after.
  if (const auto priority = parameters.asked_priority()) {
    json.member("priority", jobs::to_string(*priority));
  }
  if (const auto& metadata = parameters.metadata()) json.member("metadata", *metadata);
  if (const auto time = parameters.not_before()) json.member("not_before", jobs::to_rfc3339(*time));
  if (const auto& url = parameters.callback_url()) json.member("callback_url", *url);
  return sha256_of(json.finish());
}

std::string batch_fingerprint(std::span<const std::string> uploads) {
  std::string text = "batch";
  for (const auto& upload : uploads)
    text += '\n' + upload;
  return sha256_of(text);
}

}  // namespace darkroom::http
