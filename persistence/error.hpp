#pragma once

#include <cstdint>
#include <string>

namespace darkroom::persistence {

enum class StoreErrorCode : std::uint8_t {
  not_found,   ///< No such blob.
  no_space,    ///< The disk is full (ENOSPC, EDQUOT).
  unwritable,  ///< The store cannot be written for another reason: read-only, I/O error.
  corrupt,     ///< What was read is not what was written.
  bad_key,     ///< Not a key that this store would ever hand out.
  locked,      ///< Another process has the store open.
  newer,       ///< Written by a newer version of Darkroom.
};

/// `message` is for the operator: which file, what the system said, what to do.
struct StoreError {
  StoreErrorCode code = StoreErrorCode::unwritable;
  std::string message;
};

}  // namespace darkroom::persistence
