#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "persistence/file_descriptor.hpp"

namespace darkroom::persistence {

/// Keeps tables of a job store whole while they are read beside the service that has it open: that
/// one removes old files piece by piece (see rocks_settings.cpp), also under the hands of whoever
/// has them open, but not those that have a second name. Those names lie in a folder of its own in
/// the store's, and go with this object.
class HeldTables {
 public:
  /// Where no folder can be made, nothing is held: a disk that is mounted read-only needs nothing.
  explicit HeldTables(const std::filesystem::path& store);
  ~HeldTables();
  HeldTables(const HeldTables&) = delete;
  HeldTables& operator=(const HeldTables&) = delete;
  HeldTables(HeldTables&&) = delete;
  HeldTables& operator=(HeldTables&&) = delete;

  /// Holds these files of the store. False where one of them is gone already.
  [[nodiscard]] bool hold(std::span<const std::string> names);

  /// Removes what readers have left that were killed.
  static void remove_stale(const std::filesystem::path& store);

 private:
  std::filesystem::path store_;
  std::filesystem::path folder_;        ///< Empty: none could be made.
  std::optional<FileDescriptor> lock_;  ///< On the folder, while it is in use.
};

}  // namespace darkroom::persistence
