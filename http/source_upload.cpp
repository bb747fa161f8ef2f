#include "http/source_upload.hpp"

#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/problem_mapping.hpp"
#include "http/upload_fingerprint.hpp"

namespace darkroom::http {
namespace {

tl::unexpected<Problem> refused(std::string detail) {
  return tl::unexpected{Problem{ProblemCode::invalid_parameter, std::move(detail)}};
}

/// "photo.jpg" of "/pictures/photo.jpg"; empty where the path ends with a slash.
std::string filename_in(const std::string& path) {
  const auto decoded = httplib::detail::decode_url(path.substr(path.rfind('/') + 1), false);
  return display_filename(decoded);
}

}  // namespace

tl::expected<void, Problem> SourceUpload::read(std::string_view json) {
  const auto request = services_.read_source(json, UploadParameters::all_names());
  if (!request) return refused(request.error());
  auto url = outbound::check_url(request->url);
  if (!url) return refused(fmt::format("The 'source_url' {}.", url.error()));
  url_ = std::move(*url);
  for (const auto& [name, value] : request->parameters) {
    if (value.size() > UploadParameters::most_bytes(name)) {
      return refused(fmt::format("The member '{}' has more than the {} bytes that are allowed.",
                                 name, UploadParameters::most_bytes(name)));
    }
    if (auto taken = parameters_.take(name, value); !taken) return taken;
  }
  return {};
}

tl::expected<actors::CreatedJob, Problem> SourceUpload::create(
    const std::optional<std::string>& idempotency_key, const std::string& tenant) {
  jobs::Original original;
  original.filename = filename_in(url_.path);
  std::optional<jobs::Idempotency> idempotency;
  if (idempotency_key) {
    idempotency = {
        .key = *idempotency_key,
        .fingerprint = upload_fingerprint("of " + url_.text, original.filename, parameters_)};
  }
  auto job = services_.jobs.create({.id = jobs::JobId::generate(jobs::system_now()),
                                    .preset = parameters_.choice().preset(),
                                    .original = std::move(original),
                                    .renditions = parameters_.choice().renditions(),
                                    .queue = parameters_.queue(),
                                    .expires_in = parameters_.expires_in(),
                                    .idempotency = std::move(idempotency),
                                    .reusable = parameters_.reuse(),
                                    .priority = parameters_.priority(),
                                    .tenant = tenant,
                                    .metadata = parameters_.metadata().value_or(""),
                                    .callback_url = parameters_.callback_url().value_or(""),
                                    .source_url = url_.text,
                                    .not_before = parameters_.not_before()});
  if (!job) return tl::unexpected{to_problem(job.error())};
  return std::move(*job);
}

}  // namespace darkroom::http
