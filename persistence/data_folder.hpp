#pragma once

#include <filesystem>

/// What lies in storage.path, and, but for the socket, the signing key and the marker, in a backup
/// of it.
namespace darkroom::persistence::data_folder {

inline constexpr const char* jobs = "jobs";                    ///< The job store, a RocksDB.
inline constexpr const char* uploads = "uploads";              ///< Blobs by folder.
inline constexpr const char* temporary = "temporary";          ///< Blobs being written.
inline constexpr const char* control_socket = "control.sock";  ///< Of a running service.
/// What URLs to blobs are signed with, see signing_key.hpp; and while it is made.
inline constexpr const char* signing_key = "signing-key";
inline constexpr const char* unfinished_signing_key = "signing-key.new";
/// There while a restore fills the folder, see store_restore.hpp.
inline constexpr const char* restoring = "restore-unfinished";

}  // namespace darkroom::persistence::data_folder
