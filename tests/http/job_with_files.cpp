#include "tests/http/job_with_files.hpp"

#include <span>
#include <utility>
#include <vector>

#include "http/media_type.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::http {

jobs::Job make_job_with_file(TestServer& server, const std::string& content, std::string filename,
                             std::string_view extension) {
  const auto id = jobs::JobId::generate(jobs::system_now());
  const auto key = jobs::original_key(id, extension);
  server.put_blob(key, content);
  jobs::Original original;
  original.blob_key = key;
  original.filename = std::move(filename);
  original.content_type = media_type_of(key);
  original.sha256 = sha256_of(content);
  original.bytes = content.size();
  return server.jobs()
      .create({.id = id, .preset = "default", .original = std::move(original)})
      .value()
      .job;
}

jobs::Job complete_with_files(TestServer& server, const jobs::JobId& id) {
  const auto job = server.jobs().get(id).value();
  std::vector<jobs::RenditionResult> results;
  for (const auto& rendition : job.renditions) {
    const auto key = jobs::rendition_key(id, rendition.spec, 1);
    const auto content = rendition.spec.name + ".";
    server.put_blob(key, content);
    results.push_back({.name = rendition.spec.name,
                       .blob_key = key,
                       .content_type = std::string{jobs::content_type(rendition.spec.format)},
                       .sha256 = sha256_of(content),
                       .bytes = content.size(),
                       .width = 4,
                       .height = 3});
  }
  server.jobs().complete(id, results);
  return server.jobs().get(id).value();
}

std::string sha256_of(std::string_view bytes) {
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{bytes}));
  return hash.finish();
}

}  // namespace darkroom::http
