#include "tools/bench_system.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <thread>
#include <utility>

#include "tools/cpu_clock.hpp"
#include "tools/photo_files.hpp"
#include "tools/pixels_load.hpp"
#include "tools/process_times.hpp"
#include "tools/scratch_folder.hpp"
#include "tools/started_service.hpp"

namespace darkroom::tools {
namespace {

using Failure = tl::unexpected<std::string>;

/// The most memory that the processes of a service have at once, looked at now and then.
class MemoryWatch {
 public:
  /// With 0 nothing is watched.
  explicit MemoryWatch(pid_t root) {
    if (root == 0) return;
    thread_ = std::jthread{[this, root](const std::stop_token& stop) {
      // To look takes the kernel a millisecond for each process.
      constexpr std::chrono::milliseconds pause{500};
      while (!stop.stop_requested()) {
        most_ = std::max(most_.load(), proportional_memory(process_tree_times(root)));
        std::this_thread::sleep_for(pause);
      }
    }};
  }

  [[nodiscard]] std::uint64_t most() const { return most_; }

 private:
  std::atomic<std::uint64_t> most_{0};
  std::jthread thread_;
};

/// What each process took between two looks, for so many jobs.
std::vector<ProcessCost> costs(const std::vector<ProcessTimes>& before,
                               const std::vector<ProcessTimes>& after, std::size_t jobs) {
  std::vector<ProcessCost> costs;
  for (const auto& process : after) {
    const auto earlier = std::ranges::find(before, process.pid, &ProcessTimes::pid);
    const double spent =
        process.cpu_milliseconds - (earlier == before.end() ? 0 : earlier->cpu_milliseconds);
    costs.push_back({process.name, spent / static_cast<double>(jobs), process.peak_memory});
  }
  return costs;
}

class Measurement {
 public:
  Measurement(const SystemOptions& options, const PhotoFiles& photos, std::string url, pid_t pid,
              std::filesystem::path folder)
      : options_(options), photos_(photos), pid_(pid), folder_(std::move(folder)) {
    while (url.ends_with('/'))
      url.pop_back();
    report_.service = std::move(url);
    report_.photos = photos.description;
  }

  [[nodiscard]] tl::expected<SystemReport, std::string> run() {
    report_.load = {.before = load_average(), .after = 0, .cores = usable_cores()};
    const auto slots = service_slots(report_.service);
    if (!slots) return Failure(slots.error());
    report_.slots = *slots;
    const MemoryWatch memory{pid_};
    // Thrown away: it pages everything in, and opens the files that stay open.
    (void)run_load(load_options(2 * *slots, 0), photos_.inputs);
    for (std::uint32_t turn = 0; turn < options_.turns; ++turn) {
      if (auto measured = measure_turn(); !measured) return Failure(measured.error());
    }
    if (const auto rate = report_.jobs_per_second(); rate > 0) {
      report_.half = measure(load_options(options_.jobs, rate / 2));
    }
    report_.memory = memory.most();
    report_.load.after = load_average();
    return std::move(report_);
  }

 private:
  [[nodiscard]] LoadOptions load_options(std::size_t jobs, double rate) const {
    return {.url = report_.service,
            .jobs = jobs,
            .uploaders = options_.uploaders,
            .rate = rate,
            .download = options_.download};
  }

  [[nodiscard]] tl::expected<void, std::string> measure_turn() {
    SystemTurn turn;
    if (options_.compare_pixels) {
      const auto rate = pixels_alone(photos_.paths, options_.jobs, report_.slots, folder_);
      if (!rate) return Failure(rate.error());
      turn.pixels = *rate;
    }
    turn.saturated = measure(load_options(options_.jobs, 0));
    report_.turns.push_back(std::move(turn));
    return {};
  }

  [[nodiscard]] SystemPhase measure(const LoadOptions& load) const {
    SystemPhase phase;
    const auto before = processes();
    const double own = cpu_milliseconds();
    phase.load = run_load(load, photos_.inputs);
    phase.bench_cpu_ms_per_job = (cpu_milliseconds() - own) / static_cast<double>(load.jobs);
    phase.processes = costs(before, processes(), load.jobs);
    return phase;
  }

  [[nodiscard]] std::vector<ProcessTimes> processes() const {
    return pid_ == 0 ? std::vector<ProcessTimes>{} : process_tree_times(pid_);
  }

  const SystemOptions& options_;
  const PhotoFiles& photos_;
  pid_t pid_;
  std::filesystem::path folder_;
  SystemReport report_;
};

/// The turns in the order of `value`; the middle one, the lower of two.
template <class Value>
const SystemTurn& median_turn(const std::vector<SystemTurn>& turns, const Value& value) {
  std::vector<const SystemTurn*> sorted;
  for (const auto& turn : turns)
    sorted.push_back(&turn);
  std::ranges::sort(sorted, {}, [&](const SystemTurn* turn) { return value(*turn); });
  return *sorted[(sorted.size() - 1) / 2];
}

double rate_of(const SystemTurn& turn) {
  return turn.saturated.load.jobs_per_second;
}

double ratio_of(const SystemTurn& turn) {
  const auto pixels = turn.pixels.value_or(PixelsRate{}).jobs_per_second;
  return pixels > 0 ? rate_of(turn) / pixels : 0;
}

}  // namespace

double SystemPhase::service_cpu_ms_per_job() const {
  double sum = 0;
  for (const auto& process : processes)
    sum += process.cpu_ms_per_job;
  return sum;
}

double SystemReport::jobs_per_second() const {
  return turns.empty() ? 0 : rate_of(median_turn(turns, rate_of));
}

std::optional<double> SystemReport::ratio() const {
  if (turns.empty() || !turns.front().pixels) return std::nullopt;
  return ratio_of(median_turn(turns, ratio_of));
}

bool SystemReport::has_errors() const {
  return half.load.error_count > 0 || std::ranges::any_of(turns, [](const SystemTurn& turn) {
           return turn.saturated.load.error_count > 0;
         });
}

tl::expected<SystemReport, std::string> bench_system(const SystemOptions& options) {
  const auto folder = ScratchFolder::make(
      options.directory.empty() ? std::filesystem::current_path() : options.directory);
  if (!folder) return Failure(folder.error());
  const auto photos = open_photos(options.photos, options.synthetic, folder->path());
  if (!photos) return Failure(photos.error());
  if (!options.url.empty()) {
    if (options.pid != 0 && !process_times(options.pid)) {
      return Failure("--pid: there is no process " + std::to_string(options.pid));
    }
    return Measurement{options, *photos, options.url, options.pid, folder->path()}.run();
  }
  const auto service =
      StartedService::start(service_program(options.program), folder->path(), options.workers);
  if (!service) return Failure(service.error());
  return Measurement{options, *photos, service->url(), service->pid(), folder->path()}.run();
}

}  // namespace darkroom::tools
