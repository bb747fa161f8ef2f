#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "persistence/blob_store.hpp"
#include "persistence/blob_url.hpp"
#include "persistence/transfer_options.hpp"

namespace darkroom::persistence {

/// Asks the node that holds the blobs for a signed URL; `limit` is the most bytes of a PUT. Called
/// from many threads at once. Blocks.
using UrlSource = std::function<tl::expected<std::string, StoreError>(
    BlobMethod method, std::string_view key, std::uint64_t limit)>;

struct RemoteBlobStoreOptions {
  UrlSource urls;
  std::uint16_t port = 0;           ///< On 127.0.0.1, where the URLs are asked for.
  std::filesystem::path folder;     ///< Of this machine, for uploads under way; made where missing.
  std::uint64_t reserve_bytes = 0;  ///< Left free on the disk of that folder.
  TransferOptions transfer = {};
};

/// The blobs of another node, for one that has none itself. A blob is written to a temporary file
/// of this machine and sent on commit(), which returns once it is durable there.
///
/// Where it differs from a store on the own disk:
/// - A reader asks for the blob piece by piece: once it is removed, reading on fails (not_found),
/// and
///   so it does when it is replaced by another one (corrupt).
/// - Blobs are told by whole seconds when they were written.
/// - check_writable() tries the temporary files only: whether the other node can write, its own
///   readiness says.
/// - walk() and local_path() are refused: whoever needs them runs where the files are.
[[nodiscard]] tl::expected<std::unique_ptr<BlobStore>, StoreError> open_remote_blob_store(
    RemoteBlobStoreOptions options);

}  // namespace darkroom::persistence
