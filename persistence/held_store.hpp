#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/file_descriptor.hpp"

namespace darkroom::persistence {

/// What of a job store's files tells whether it has changed.
struct StoreFiles {
  std::string manifest;             ///< Name of the file with the list of tables.
  std::uintmax_t bytes = 0;         ///< Of that; it grows with each change.
  std::vector<std::string> logs;    ///< Names of the write-ahead logs, sorted.
  std::vector<std::string> tables;  ///< Names.

  [[nodiscard]] static StoreFiles list(const std::filesystem::path& store);

  /// Whether the list of tables is the same; that of the logs may not be.
  [[nodiscard]] bool has_tables_of(const StoreFiles& other) const {
    return manifest == other.manifest && bytes == other.bytes;
  }

  /// Whether nothing was made or removed that a reader must know of. A log is removed when the list
  /// of tables has what was in it, so one list and the same logs belong together.
  [[nodiscard]] bool is_same_as(const StoreFiles& other) const {
    return has_tables_of(other) && logs == other.logs;
  }
};

/// A job store as it was at one moment, held so while the service that works in it goes on: second
/// names of its tables and logs, and a copy of the list of tables, in a folder of its own in that
/// of the store, which goes with this object. A table without a second name would be taken away
/// piece by piece under the hands of whoever reads it (see rocks_settings.cpp).
class HeldStore {
 public:
  enum class Taken : std::uint8_t {
    whole,    ///< path() can be opened for reading.
    changed,  ///< The service was faster, or the store is damaged.
    /// No folder or no second name can be made: the disk is full or mounted read-only, knows no
    /// second names, or the files are another user's.
    impossible,
  };

  explicit HeldStore(const std::filesystem::path& store);
  ~HeldStore();
  HeldStore(const HeldStore&) = delete;
  HeldStore& operator=(const HeldStore&) = delete;
  HeldStore(HeldStore&&) = delete;
  HeldStore& operator=(HeldStore&&) = delete;

  /// Takes the store as it is now, in place of what was taken before. The service must not change
  /// the list of tables for some milliseconds. A table may have gone even so: opening tells.
  [[nodiscard]] Taken take();

  /// Lets the logs go, which are read once, by opening.
  void drop_logs() const;

  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }

  /// Removes what readers have left that were killed.
  static void remove_stale(const std::filesystem::path& store);

  /// `text` with the store's own names of files in place of those in such a folder.
  [[nodiscard]] static std::string with_own_names(std::string text);

 private:
  [[nodiscard]] Taken link_all(const std::vector<std::string>& names, bool may_be_gone) const;
  [[nodiscard]] Taken copy(const std::string& name, std::uintmax_t& bytes) const;

  std::filesystem::path store_;
  std::filesystem::path folder_;        ///< Empty: none could be made.
  std::optional<FileDescriptor> lock_;  ///< On the folder, while it is in use.
};

}  // namespace darkroom::persistence
