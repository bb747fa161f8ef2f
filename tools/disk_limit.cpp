#include "tools/disk_limit.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "persistence/directories.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::tools {
namespace {

namespace fs = std::filesystem;
using Done = tl::expected<void, std::string>;
using Clock = std::chrono::steady_clock;

tl::unexpected<std::string> failure(const char* what, const fs::path& path) {
  return tl::unexpected(std::string{what} + " " + path.string() + ": " +
                        std::generic_category().message(errno));
}

Done keep(const fs::path& temporary, const fs::path& target, std::span<const std::byte> bytes) {
  constexpr mode_t mode = 0600;
  const auto file = persistence::FileDescriptor::open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode);
  if (!file) return tl::unexpected(file.error().message);
  if (const auto written = file->write_all(bytes); !written) {
    return tl::unexpected(written.error().message);
  }
  if (::fdatasync(file->number()) != 0) return failure("cannot sync", temporary);
  if (std::rename(temporary.c_str(), target.c_str()) != 0) return failure("cannot name", target);
  const auto synced = persistence::sync_directory(target.parent_path());
  return synced ? Done{} : tl::unexpected(synced.error().message);
}

}  // namespace

tl::expected<double, std::string> durable_files_per_second(const fs::path& directory,
                                                           std::span<const std::byte> file,
                                                           std::uint32_t threads,
                                                           std::chrono::milliseconds time) {
  const auto temporary = directory / "temporary";
  const auto files = directory / "files";
  for (const auto& folder : {temporary, files}) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return tl::unexpected("cannot make " + folder.string() + ": " + error.message());
  }
  const auto until = Clock::now() + time;
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> kept{0};
  std::mutex mutex;
  Done outcome;
  {
    std::vector<std::jthread> writers;
    for (std::uint32_t i = 0; i < threads; ++i) {
      writers.emplace_back([&] {
        while (true) {
          const auto name = std::to_string(next++);
          const auto done = keep(temporary / name, files / name, file);
          if (!done) {
            const std::scoped_lock lock{mutex};
            outcome = done;
            return;
          }
          if (Clock::now() >= until) return;
          ++kept;
        }
      });
    }
  }
  if (!outcome) return tl::unexpected(outcome.error());
  return static_cast<double>(kept) / std::chrono::duration<double>(time).count();
}

tl::expected<std::chrono::nanoseconds, std::string> time_to_create_a_file(
    const fs::path& directory) {
  constexpr std::size_t count = 101;
  std::vector<std::chrono::nanoseconds> times;
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    const auto file =
        persistence::FileDescriptor::open(directory / std::to_string(i), O_WRONLY | O_CREAT, 0600);
    if (!file) return tl::unexpected(file.error().message);
    times.emplace_back(Clock::now() - start);
  }
  std::ranges::nth_element(times, times.begin() + count / 2);
  return times[count / 2];
}

}  // namespace darkroom::tools
