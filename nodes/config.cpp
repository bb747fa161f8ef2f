#include "nodes/config.hpp"

#include "jobs/enum_names.hpp"

namespace darkroom::nodes {
namespace {

constexpr auto level_names = jobs::enum_names<LogLevel>("trace", "debug", "info", "warn", "error");
constexpr auto format_names = jobs::enum_names<LogFormat>("text", "json");

}  // namespace

std::string_view to_string(LogLevel level) {
  return level_names.name(level);
}

std::string_view to_string(LogFormat format) {
  return format_names.name(format);
}

}  // namespace darkroom::nodes
