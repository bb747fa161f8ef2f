#include "persistence/stored_blobs.hpp"

#include <algorithm>

namespace darkroom::persistence {

std::vector<StoredBlob> stored_blobs(const jobs::Job& job) {
  std::vector<StoredBlob> blobs;
  blobs.reserve(1 + job.renditions.size());
  if (has_original(job)) {
    blobs.push_back({job.original.blob_key, job.original.bytes, job.original.sha256});
  }
  for (const auto& rendition : job.renditions) {
    if (rendition.status != jobs::RenditionStatus::completed) continue;
    blobs.push_back({rendition.blob_key, rendition.bytes, rendition.sha256});
  }
  return blobs;
}

bool may_have_blob(const jobs::Job& job, std::string_view key) {
  const auto keys = jobs::blob_keys(job);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace darkroom::persistence
