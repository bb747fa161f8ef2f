#pragma once

#include <string>

#include "actors/message_types.hpp"

namespace darkroom::actors {

/// The pairs by which a log line about a task ends: which job it is, and which request and trace
/// that came from; "job=0198... request=r-1 trace=4bf9...".
[[nodiscard]] std::string task_pairs(const Task& task);

}  // namespace darkroom::actors
