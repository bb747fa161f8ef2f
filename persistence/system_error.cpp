#include "persistence/system_error.hpp"

#include <cerrno>
#include <system_error>

namespace darkroom::persistence {
namespace {

StoreErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return StoreErrorCode::not_found;
    case ENOSPC:
    case EDQUOT:
      return StoreErrorCode::no_space;
    default:
      return StoreErrorCode::unwritable;
  }
}

std::string_view remedy_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "; free some space on that disk";
    case EACCES:
    case EPERM:
      return "; let the user that Darkroom runs as read and write there";
    case EROFS:
      return "; mount that file system for writing, or configure another folder";
    case EMFILE:
    case ENFILE:
      return "; raise the limit on open files";
    default:
      return "";
  }
}

}  // namespace

StoreError error_from_errno(int error_number, std::string_view what) {
  std::string message{what};
  message += ": ";
  message += std::generic_category().message(error_number);
  message += remedy_for(error_number);
  return {.code = code_of(error_number), .message = std::move(message)};
}

}  // namespace darkroom::persistence
