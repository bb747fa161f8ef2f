#include "http/result_reuse.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

namespace darkroom::http {
namespace {

using persistence::StoreError;
using persistence::StoreErrorCode;
using Copied = tl::expected<void, StoreError>;

constexpr std::size_t piece_bytes = std::size_t{256} << 10U;

// The first attempt of a job writes under these keys, and so does one whose results are copies.
constexpr std::uint32_t first_attempt = 1;

tl::expected<void, StoreError> pass_on(const persistence::BlobReader& reader,
                                       persistence::BlobWriter& writer) {
  std::vector<std::byte> piece(piece_bytes);
  while (true) {
    const auto count = reader.read_at(writer.size(), piece);
    if (!count) return tl::unexpected{count.error()};
    if (*count == 0) return {};
    if (auto written = writer.write(std::span{piece}.first(*count)); !written) return written;
  }
}

// Copies the file of `rendition` to `key`, unless it is not what the record says of it.
Copied copy_file(persistence::BlobStore& blobs, const jobs::Rendition& rendition,
                 const std::string& key) {
  const auto reader = blobs.open(rendition.blob_key);
  if (!reader) return tl::unexpected{reader.error()};
  const auto writer = blobs.create();
  if (!writer) return tl::unexpected{writer.error()};
  if (auto passed = pass_on(**reader, **writer); !passed) return passed;
  const auto sha256 = (*writer)->finish();
  if (!sha256) return tl::unexpected{sha256.error()};
  if (*sha256 != rendition.sha256) {
    return tl::unexpected{StoreError{.code = StoreErrorCode::corrupt,
                                     .message = rendition.blob_key +
                                                " is not what its job's record says: its SHA-256 "
                                                "is another; see darkroom store verify"}};
  }
  return (*writer)->commit(key);
}

// The copies made for one job; they go with this object unless they are kept.
class Copies {
 public:
  explicit Copies(persistence::BlobStore& blobs) : blobs_(blobs) {}
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;
  Copies(Copies&&) = delete;
  Copies& operator=(Copies&&) = delete;
  ~Copies() {
    for (const std::string& key : keys_) {
      if (const auto removed = blobs_.remove(key); !removed) {
        spdlog::warn("blob {} that no job needs stays behind: {}", key, removed.error().message);
      }
    }
  }

  [[nodiscard]] Copied add(const jobs::Rendition& rendition, std::string key) {
    // Noted first: a commit that fails may have happened.
    keys_.push_back(std::move(key));
    return copy_file(blobs_, rendition, keys_.back());
  }

  void keep() { keys_.clear(); }

 private:
  persistence::BlobStore& blobs_;
  std::vector<std::string> keys_;
};

void log_failure(const actors::NewJob& upload, const std::string& why) {
  spdlog::warn("results could not be reused, so they are made anew: {} job={}", why,
               upload.id.to_string());
}

}  // namespace

tl::expected<std::optional<actors::CreatedJob>, actors::ServiceError> reuse_results(
    actors::JobService& jobs, persistence::BlobStore& blobs, const actors::NewJob& upload) {
  const auto donor = jobs.find_results(upload);
  // What is wrong with the upload itself, create() will say.
  if (!donor || !*donor) return std::nullopt;
  Copies copies{blobs};
  for (const jobs::Rendition& rendition : (*donor)->renditions) {
    auto key = jobs::rendition_key(upload.id, rendition.spec, first_attempt);
    if (const auto copied = copies.add(rendition, std::move(key)); !copied) {
      log_failure(upload, copied.error().message);
      return std::nullopt;
    }
  }
  auto created = jobs.create_completed(upload, **donor);
  if (!created && created.error().code == actors::ServiceErrorCode::unavailable) {
    copies.keep();
    return tl::unexpected{std::move(created.error())};
  }
  if (!created) {
    // Where the key is another upload's, no job is made at all.
    if (created.error().code != actors::ServiceErrorCode::key_reused) {
      log_failure(upload, created.error().message);
    }
    return std::nullopt;
  }
  if (!created->replayed) copies.keep();
  return std::move(*created);
}

}  // namespace darkroom::http
