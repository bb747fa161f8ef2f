#pragma once

#include <filesystem>

/// What lies in storage.path, and, but for the socket and the marker, in a backup of it.
namespace darkroom::persistence::data_folder {

inline constexpr const char* jobs = "jobs";                    ///< The job store, a RocksDB.
inline constexpr const char* uploads = "uploads";              ///< Blobs by folder.
inline constexpr const char* temporary = "temporary";          ///< Blobs being written.
inline constexpr const char* control_socket = "control.sock";  ///< Of a running service.
/// There while a restore fills the folder, see store_restore.hpp.
inline constexpr const char* restoring = "restore-unfinished";

}  // namespace darkroom::persistence::data_folder
