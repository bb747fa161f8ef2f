#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "persistence/blob_store.hpp"

namespace darkroom::persistence {

/// `size` bytes that look random, the same for the same `seed`.
[[nodiscard]] inline std::vector<std::byte> noise(std::size_t size, unsigned seed = 1) {
  std::mt19937 random{seed};
  std::vector<std::byte> bytes(size);
  for (auto& byte : bytes)
    byte = static_cast<std::byte>(random() & 0xFFU);
  return bytes;
}

[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

/// Writes and commits a blob; its SHA-256.
inline tl::expected<std::string, StoreError> put(BlobStore& store, std::string_view key,
                                                 std::span<const std::byte> bytes) {
  auto writer = store.create();
  if (!writer) return tl::unexpected{writer.error()};
  if (auto written = (*writer)->write(bytes); !written) return tl::unexpected{written.error()};
  auto hash = (*writer)->finish();
  if (!hash) return hash;
  if (auto committed = (*writer)->commit(key); !committed) {
    return tl::unexpected{committed.error()};
  }
  return hash;
}

/// All bytes of an open blob.
[[nodiscard]] inline std::vector<std::byte> read_all(const BlobReader& reader) {
  std::vector<std::byte> bytes(reader.size());
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto got = reader.read_at(filled, std::span{bytes}.subspan(filled)).value();
    if (got == 0) break;
    filled += got;
  }
  bytes.resize(filled);
  return bytes;
}

/// All bytes of the blob of that key.
[[nodiscard]] inline std::vector<std::byte> read_all(const BlobStore& store, std::string_view key) {
  return read_all(*store.open(key).value());
}

}  // namespace darkroom::persistence
