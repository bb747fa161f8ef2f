#include "nodes/config.hpp"

#include "jobs/enum_names.hpp"

namespace darkroom::nodes {
namespace {

constexpr auto level_names = jobs::enum_names<LogLevel>("trace", "debug", "info", "warn", "error");
constexpr auto format_names = jobs::enum_names<LogFormat>("text", "json");

constexpr auto backend_names = jobs::enum_names<PixelBackend>("fast", "stb");
constexpr auto files_names = jobs::enum_names<WorkerFiles>("auto", "network");

}  // namespace

std::string_view to_string(LogLevel level) {
  return level_names.name(level);
}

std::string_view to_string(LogFormat format) {
  return format_names.name(format);
}

std::string_view to_string(PixelBackend backend) {
  return backend_names.name(backend);
}

std::string_view to_string(WorkerFiles files) {
  return files_names.name(files);
}

const imaging::Backend& chosen_backend(const Config& config) {
  return config.pixel_backend == PixelBackend::stb ? imaging::stb_backend()
                                                   : imaging::fast_backend();
}

}  // namespace darkroom::nodes
