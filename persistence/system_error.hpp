#pragma once

#include <string_view>

#include "persistence/error.hpp"

namespace darkroom::persistence {

/// The error for a system call that failed with `error_number` (an errno value). `what` says what
/// was tried, on which file; the system's words and, where there is one, a remedy follow it.
[[nodiscard]] StoreError error_from_errno(int error_number, std::string_view what);

}  // namespace darkroom::persistence
