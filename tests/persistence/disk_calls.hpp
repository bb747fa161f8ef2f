#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom::persistence {

/// The calls that make data durable, as this process made them, RocksDB's included: the executable
/// that disk_calls.cpp is linked into puts its own fsync, fdatasync, rename and write before those
/// of the C library. Thread-safe.
namespace disk_calls {

struct Call {
  std::string name;            ///< "fsync", "fdatasync", "rename"
  std::filesystem::path path;  ///< Of the file or folder; for rename, what it becomes.
};

/// Forgets what was recorded and fails nothing any more.
void reset();

/// What was called since reset() on files whose path begins with `folder`, in this order.
[[nodiscard]] std::vector<Call> recorded(const std::filesystem::path& folder);

/// From now on the call `name` ("fsync", "fdatasync", "rename", "write") fails with `error_number`
/// on every path that `part_of_path` occurs in. A rename or a sync is recorded all the same.
void fail(std::string_view name, std::string_view part_of_path, int error_number);

}  // namespace disk_calls
}  // namespace darkroom::persistence
