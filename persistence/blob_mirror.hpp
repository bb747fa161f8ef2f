#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "persistence/error.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::persistence {

/// Brings blobs from one data folder into another one. On one file system a blob becomes a second
/// name of the same file (a hard link), which takes no room and no time: blobs are replaced and
/// removed, never changed. Elsewhere it is copied, with its time of change. Used by one thread.
class BlobMirror {
 public:
  enum class Result {
    present,  ///< Was there already.
    linked,
    copied,
    missing,     ///< In neither folder, or not a blob's key at all.
    other_size,  ///< Neither folder has it in the size that it should have.
  };

  /// What add() has done so far.
  struct Counts {
    std::uint64_t present = 0;
    std::uint64_t linked = 0;
    std::uint64_t copied = 0;
    std::uint64_t copied_bytes = 0;
  };

  /// `from` and `to` hold "uploads"; `to` is made where it is missing.
  [[nodiscard]] static tl::expected<BlobMirror, StoreError> open(const std::filesystem::path& from,
                                                                 const std::filesystem::path& to);

  /// Sees to it that `to` has the blob. What it has already stays, whatever became of the file in
  /// `from`: a key is never written to twice. Only one of a size other than `bytes` gives way, to
  /// one of that size. Durable after sync().
  [[nodiscard]] tl::expected<Result, StoreError> add(
      std::string_view key, std::optional<std::uint64_t> bytes = std::nullopt);

  /// Makes all that was added durable, with the folders.
  [[nodiscard]] tl::expected<void, StoreError> sync() const;

  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  BlobMirror(std::filesystem::path from, std::filesystem::path to, FileDescriptor folder)
      : from_(std::move(from)), to_(std::move(to)), folder_(std::move(folder)) {}

  [[nodiscard]] tl::expected<Result, StoreError> bring(const std::filesystem::path& source,
                                                       const std::filesystem::path& target);
  [[nodiscard]] tl::expected<Result, StoreError> copy(const std::filesystem::path& source,
                                                      const std::filesystem::path& target);

  std::filesystem::path from_;
  std::filesystem::path to_;
  FileDescriptor folder_;  ///< `to`; open since before the first write, see sync().
  std::set<std::string, std::less<>> made_;  ///< Folders of `to` that are there.
  Counts counts_;
};

}  // namespace darkroom::persistence
