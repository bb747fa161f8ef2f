#include "persistence/rocks_status.hpp"

#include <cerrno>
#include <system_error>

#include <rocksdb/status.h>

#include "persistence/held_store.hpp"

namespace darkroom::persistence {
namespace {

/// RocksDB keeps the errno of most failed calls only as strerror's words in its message.
bool mentions(std::string_view text, int error_number) {
  return text.find(std::generic_category().message(error_number)) != std::string_view::npos;
}

/// The lock on the file LOCK is held by another process, or by this one.
bool is_lock_held(std::string_view text) {
  return text.find("lock hold by current process") != std::string_view::npos ||
         (text.find("/LOCK") != std::string_view::npos &&
          (mentions(text, EAGAIN) || mentions(text, EACCES)) &&
          text.find("While lock file") != std::string_view::npos);
}

StoreErrorCode code_of(const rocksdb::Status& status, std::string_view text) {
  if (status.IsNoSpace() || mentions(text, ENOSPC) || mentions(text, EDQUOT)) {
    return StoreErrorCode::no_space;
  }
  if (is_lock_held(text)) return StoreErrorCode::locked;
  if (status.IsCorruption()) return StoreErrorCode::corrupt;
  return StoreErrorCode::unwritable;
}

std::string_view remedy_for(StoreErrorCode code) {
  switch (code) {
    case StoreErrorCode::no_space:
      return "; free some space on that disk";
    case StoreErrorCode::locked:
      return "; another darkroom process has it open: stop that one, or configure another folder";
    case StoreErrorCode::corrupt:
      return damage_remedy;
    default:
      return "; look at that disk and how it is mounted";
  }
}

}  // namespace

StoreError error_from_status(const rocksdb::Status& status, std::string_view what) {
  const auto text = HeldStore::with_own_names(status.ToString());
  const auto code = code_of(status, text);
  auto remedy = remedy_for(code);
  if (code == StoreErrorCode::unwritable && mentions(text, EACCES)) {
    remedy = "; run this as the user that the service runs as";
  }
  return {.code = code, .message = std::string{what} + ": " + text + std::string{remedy}};
}

}  // namespace darkroom::persistence
