#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace darkroom::tests {

/// A file as a whole; empty where it cannot be read.
[[nodiscard]] inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace darkroom::tests
