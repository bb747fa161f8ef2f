#include "tools/pixels_load.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>

#include "imaging/backend.hpp"
#include "jobs/rendition.hpp"
#include "tools/bench_input.hpp"
#include "tools/child_program.hpp"
#include "tools/cpu_clock.hpp"
#include "tools/timed_job.hpp"
#include "tools/turnaround_log.hpp"

namespace darkroom::tools {
namespace {

using Failure = tl::unexpected<std::string>;

/// Long enough to start the processes, and to do a job that pages everything in.
constexpr std::chrono::milliseconds time_to_start{1'500};

}  // namespace

int run_pixels_load(const PixelsLoadOptions& options) {
  const auto preset = jobs::default_preset();
  std::vector<BenchInput> photos;
  for (const auto& path : options.photos) {
    auto photo = read_input(path);
    if (!photo) {
      std::cerr << photo.error() << "\n";
      return 1;
    }
    photos.push_back(std::move(*photo));
  }
  std::vector<TimedJob> work;
  for (const auto& photo : photos) {
    work.emplace_back(photo, preset, imaging::fast_backend());
    if (auto warm = work.back().run(); !warm) {
      std::cerr << photo.name << ": " << warm.error().message << "\n";
      return 1;
    }
  }
  const std::chrono::steady_clock::time_point start{std::chrono::nanoseconds{options.start_at_ns}};
  std::this_thread::sleep_until(start);
  const auto begin = steady_nanoseconds();
  const auto cpu = cpu_milliseconds();
  for (std::size_t i = 0; i < options.jobs; ++i) {
    if (auto ran = work[i % work.size()].run(); !ran) {
      std::cerr << ran.error().message << "\n";
      return 1;
    }
  }
  const auto took = steady_nanoseconds() - begin;
  std::cout << took << " ns, CPU ms " << cpu_milliseconds() - cpu << std::endl;
  return 0;
}

tl::expected<PixelsRate, std::string> pixels_alone(const std::vector<std::filesystem::path>& photos,
                                                   std::size_t jobs, std::size_t processes,
                                                   const std::filesystem::path& folder) {
  const auto start_at = steady_nanoseconds() +
                        std::chrono::duration_cast<std::chrono::nanoseconds>(time_to_start).count();
  const auto share = std::max<std::size_t>(1, jobs / processes);
  std::vector<std::string> arguments{program_beside("darkroom-bench").string(), "pixels-load",
                                     "--jobs=" + std::to_string(share),
                                     "--start-at=" + std::to_string(start_at)};
  for (const auto& photo : photos)
    arguments.push_back("--photo=" + photo.string());
  std::vector<std::unique_ptr<ChildProgram>> programs;
  for (std::size_t i = 0; i < processes; ++i) {
    auto program = ChildProgram::start(
        arguments, folder / ("pixels-" + std::to_string(start_at) + "-" + std::to_string(i)));
    if (!program) return Failure(program.error());
    programs.push_back(std::move(*program));
  }
  PixelsRate rate;
  constexpr std::chrono::hours patience{1};
  for (const auto& program : programs) {
    const bool ended = program->wait(patience);
    std::istringstream words{program->printed()};
    std::string word;
    double nanoseconds = 0;
    double cpu = 0;
    words >> nanoseconds >> word >> word >> word >> cpu;
    if (!ended || !program->ended_well() || !words || nanoseconds <= 0) {
      return Failure("the imaging code alone failed: " + program->printed());
    }
    rate.jobs_per_second += static_cast<double>(share) * 1e9 / nanoseconds;
    rate.cpu_ms_per_job += cpu / static_cast<double>(share * processes);
  }
  return rate;
}

}  // namespace darkroom::tools
