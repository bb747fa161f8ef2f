#include "persistence/remote_blob_reader.hpp"

#include <algorithm>

namespace darkroom::persistence {
namespace {

constexpr std::uint64_t piece_bytes = std::uint64_t{1} << 20U;

}  // namespace

tl::expected<std::unique_ptr<BlobReader>, StoreError> RemoteBlobReader::open(
    std::shared_ptr<RemoteBlobs> blobs, std::string_view key) {
  auto url = blobs->urls(BlobMethod::get, key, 0);
  if (!url) return tl::unexpected{std::move(url.error())};
  auto facts =
      blobs->transfers.with([&](BlobTransfer& transfer) { return transfer.look_at(*url); });
  if (!facts) return tl::unexpected{to_store_error(facts.error())};
  return std::make_unique<RemoteBlobReader>(std::move(blobs), std::string{key}, std::move(*url),
                                            std::move(*facts));
}

tl::expected<std::size_t, StoreError> RemoteBlobReader::read_at(std::uint64_t offset,
                                                                std::span<std::byte> out) const {
  if (offset >= facts_.bytes || out.empty()) return 0;
  const std::scoped_lock lock{mutex_};
  const bool there = offset >= piece_offset_ && offset - piece_offset_ < piece_.size();
  if (!there) {
    auto fetched = fetch(offset);
    if (!fetched && fetched.error().code == TransferErrorCode::expired) {
      // A slow client may take longer for a blob than a URL is good for.
      auto url = blobs_->urls(BlobMethod::get, key_, 0);
      if (!url) return tl::unexpected{std::move(url.error())};
      url_ = std::move(*url);
      fetched = fetch(offset);
    }
    if (!fetched) return tl::unexpected{to_store_error(fetched.error())};
  }
  const auto part = std::span{piece_}.subspan(static_cast<std::size_t>(offset - piece_offset_));
  const auto count = std::min(part.size(), out.size());
  std::copy_n(part.begin(), count, out.begin());
  return count;
}

tl::expected<void, TransferError> RemoteBlobReader::fetch(std::uint64_t offset) const {
  piece_offset_ = offset;
  piece_.resize(static_cast<std::size_t>(std::min(piece_bytes, facts_.bytes - offset)));
  auto fetched = blobs_->transfers.with(
      [&](BlobTransfer& transfer) { return transfer.read(url_, facts_.etag, offset, piece_); });
  if (!fetched) piece_.clear();
  return fetched;
}

}  // namespace darkroom::persistence
