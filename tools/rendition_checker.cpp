#include "tools/rendition_checker.hpp"

#include <span>

#include "imaging/probe.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::tools {
namespace {

using Failure = tl::unexpected<std::string>;

}  // namespace

tl::expected<void, std::string> RenditionChecker::check(const JobDocument& job, std::size_t photo) {
  if (job.status != "completed") {
    return Failure("job " + job.id + " is " + job.status + ": " + job.error_message);
  }
  if (job.renditions.empty()) return Failure("job " + job.id + " has no renditions");
  for (const auto& rendition : job.renditions) {
    const auto what = "rendition " + rendition.name + " of job " + job.id;
    if (rendition.url.empty() || rendition.bytes == 0) return Failure(what + " is not there");
    const auto [known, is_first] = bytes_.try_emplace({photo, rendition.name}, rendition.bytes);
    if (known->second != rendition.bytes) {
      return Failure(what + " has " + std::to_string(rendition.bytes) + " bytes, and that of " +
                     "another job of the same photograph has " + std::to_string(known->second));
    }
  }
  return {};
}

tl::expected<void, std::string> RenditionChecker::download(HttpClient& client,
                                                           const JobDocument& job,
                                                           std::size_t photo) {
  for (const auto& rendition : job.renditions) {
    const auto file = client.get(rendition.url);
    if (!file) return Failure(file.error());
    if (auto checked = check_file(rendition, *file, {photo, rendition.name}); !checked) {
      return Failure(rendition.url + ": " + checked.error());
    }
  }
  return {};
}

tl::expected<void, std::string> RenditionChecker::check_file(
    const JobDocument::Rendition& rendition, const HttpClient::Answer& file, const Key& key) {
  constexpr long ok = 200;
  if (file.status != ok) return Failure("answered " + std::to_string(file.status));
  if (file.body.size() != rendition.bytes) {
    return Failure(std::to_string(file.body.size()) + " bytes came, not " +
                   std::to_string(rendition.bytes));
  }
  if (file.content_type != rendition.content_type) {
    return Failure("its type is " + file.content_type + ", not " + rendition.content_type);
  }
  const auto bytes = std::as_bytes(std::span{file.body});
  const auto info = imaging::probe(bytes, imaging::no_limits);
  if (!info) return Failure("it is no picture: " + info.error().message);
  if (info->width != rendition.width || info->height != rendition.height) {
    return Failure("its header says another size than the job");
  }
  persistence::Sha256 hash;
  hash.update(bytes);
  auto digits = hash.finish();
  const auto [known, is_first] = hashes_.try_emplace(key, digits);
  if (known->second != digits) {
    return Failure("it differs from that of another job of the same photograph");
  }
  return {};
}

}  // namespace darkroom::tools
