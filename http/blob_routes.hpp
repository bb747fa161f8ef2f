#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "http/route_set.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/blob_url.hpp"

namespace darkroom::http {

/// What the data plane works with; the store and the signer must outlive the server.
struct BlobServices {
  persistence::BlobStore& blobs;
  const persistence::UrlSigner& signer;
  /// Where renditions are written, if not to `blobs`: the same files without a reserve, which is
  /// kept from uploads so that there is room for renditions.
  persistence::BlobStore* unreserved = nullptr;
  /// The images of watermarks, by the names of these.
  std::map<std::string, std::filesystem::path> watermarks = {};
  jobs::WallClock wall_clock = jobs::system_now;
};

/// The routes by which workers and ingest nodes reach the files that this node holds. Nothing is
/// done but by a signed URL (persistence::UrlSigner), whoever asks.
///
///   GET, HEAD /blobs/{key}       as /files/{key}: ranges, ETag
///   PUT       /blobs/{key}       needs Content-Length and Content-Digest; 201, or 204 in place of
///                                an earlier one. Durable when answered
///   DELETE    /blobs/{key}       204, also where there is none
///   GET, HEAD /watermarks/{name} the image of a watermark, with its Content-Digest
[[nodiscard]] std::unique_ptr<RouteSet> make_blob_routes(BlobServices services);

}  // namespace darkroom::http
