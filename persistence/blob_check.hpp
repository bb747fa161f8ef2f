#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "persistence/stored_blobs.hpp"

namespace darkroom::persistence {

/// Compares blobs with what their jobs' records say of them.
class BlobCheck {
 public:
  explicit BlobCheck(std::filesystem::path root) : root_(std::move(root)) {}

  /// Reads the file to its end. What is wrong with it, or nothing.
  [[nodiscard]] std::optional<std::string> fault(const StoredBlob& blob);

 private:
  std::filesystem::path root_;
  std::vector<std::byte> buffer_;
};

}  // namespace darkroom::persistence
