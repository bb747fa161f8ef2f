#pragma once

#include <string_view>

#include "nodes/config.hpp"

namespace darkroom::nodes {

/// Makes spdlog's default logger write to standard error, from `level` upwards, in the form of
/// log_line.hpp. `node` names this process in each line. Call once, before threads log.
void configure_logging(LogLevel level, LogFormat format, std::string_view node);

}  // namespace darkroom::nodes
