#pragma once

#include <string_view>

#include "persistence/error.hpp"

namespace rocksdb {
class Status;
}

namespace darkroom::persistence {

/// The error for a RocksDB status that is not OK. `what` says what was tried, on which store;
/// RocksDB's words and, where there is one, a remedy follow it.
[[nodiscard]] StoreError error_from_status(const rocksdb::Status& status, std::string_view what);

/// What an operator can do about damage; ends messages of code corrupt.
inline constexpr std::string_view damage_remedy =
    "; restore the folder from a backup (darkroom store restore), or move the whole data folder "
    "away "
    "to start with nothing";

}  // namespace darkroom::persistence
