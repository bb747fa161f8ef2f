#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "tools/child_program.hpp"

namespace darkroom::tools {

/// A `darkroom serve` that a benchmark runs for itself, on a free port and with a data folder of
/// its own; otherwise with the settings that it has by default.
class StartedService {
 public:
  /// Returns once all its workers have joined. `program` is the path of darkroom, `folder` an empty
  /// one; with 0 workers there is one per core.
  [[nodiscard]] static tl::expected<StartedService, std::string> start(
      const std::filesystem::path& program, const std::filesystem::path& folder,
      std::uint32_t workers);

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] pid_t pid() const { return program_->pid(); }

 private:
  StartedService(std::unique_ptr<ChildProgram> program, std::string url)
      : program_(std::move(program)), url_(std::move(url)) {}

  std::unique_ptr<ChildProgram> program_;
  std::string url_;
};

/// The program of that path, or, for an empty one, darkroom of this very build.
[[nodiscard]] std::filesystem::path service_program(const std::filesystem::path& path);

/// How many jobs the service there works on at once, as /readyz says. The error says why it cannot
/// be used.
[[nodiscard]] tl::expected<std::size_t, std::string> service_slots(const std::string& url);

}  // namespace darkroom::tools
