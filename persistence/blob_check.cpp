#include "persistence/blob_check.hpp"

#include <cstdint>
#include <span>

#include "persistence/blob_store.hpp"
#include "persistence/file_blob_reader.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::persistence {

std::optional<std::string> BlobCheck::fault(const StoredBlob& blob) {
  constexpr std::size_t at_once = std::size_t{1} << 20U;
  if (!is_blob_key(blob.key)) return "the record has no name for its file that could be one";
  const auto reader = FileBlobReader::open(root_ / blob.key);
  if (!reader) {
    if (reader.error().code == StoreErrorCode::not_found) return "the file is missing";
    return reader.error().message;
  }
  if ((*reader)->size() != blob.bytes) {
    return "the file has " + std::to_string((*reader)->size()) + " bytes, and the record says " +
           std::to_string(blob.bytes);
  }
  buffer_.resize(at_once);
  Sha256 hash;
  for (std::uint64_t offset = 0; offset < blob.bytes;) {
    const auto got = (*reader)->read_at(offset, buffer_);
    if (!got) return got.error().message;
    if (*got == 0) return "the file became shorter while it was read";
    hash.update(std::span{buffer_}.first(*got));
    offset += *got;
  }
  if (const auto found = hash.finish(); found != blob.sha256) {
    return "the file's content has changed: its SHA-256 is " + found + ", and the record says " +
           blob.sha256;
  }
  return std::nullopt;
}

}  // namespace darkroom::persistence
