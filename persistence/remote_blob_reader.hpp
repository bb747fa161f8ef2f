#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "persistence/remote_blob_store.hpp"
#include "persistence/transfer_pool.hpp"

namespace darkroom::persistence {

/// What a remote store and its readers work with.
struct RemoteBlobs {
  RemoteBlobs(const TransferOptions& options, std::uint16_t port, UrlSource source)
      : transfers(options, port), urls(std::move(source)) {}

  TransferPool transfers;
  UrlSource urls;
};

/// Reads a blob of another node piece by piece, each of which is kept until the next is asked for:
/// whoever reads from the beginning to the end causes few requests.
class RemoteBlobReader final : public BlobReader {
 public:
  [[nodiscard]] static tl::expected<std::unique_ptr<BlobReader>, StoreError> open(
      std::shared_ptr<RemoteBlobs> blobs, std::string_view key);

  RemoteBlobReader(std::shared_ptr<RemoteBlobs> blobs, std::string key, std::string url,
                   BlobTransfer::Facts facts)
      : blobs_(std::move(blobs)),
        key_(std::move(key)),
        facts_(std::move(facts)),
        url_(std::move(url)) {}

  [[nodiscard]] std::uint64_t size() const override { return facts_.bytes; }
  [[nodiscard]] jobs::Timestamp modified_at() const override { return facts_.modified_at; }
  [[nodiscard]] tl::expected<std::size_t, StoreError> read_at(
      std::uint64_t offset, std::span<std::byte> out) const override;

 private:
  /// Fetches the piece that begins at `offset`.
  [[nodiscard]] tl::expected<void, TransferError> fetch(std::uint64_t offset) const;

  std::shared_ptr<RemoteBlobs> blobs_;
  std::string key_;
  BlobTransfer::Facts facts_;
  mutable std::mutex mutex_;  ///< Guards all that follows.
  mutable std::string url_;
  mutable std::uint64_t piece_offset_ = 0;
  mutable std::vector<std::byte> piece_;
};

}  // namespace darkroom::persistence
