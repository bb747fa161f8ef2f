#include "tools/bench_scale.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "tools/photo_files.hpp"
#include "tools/pixels_load.hpp"
#include "tools/scratch_folder.hpp"
#include "tools/service_load.hpp"
#include "tools/started_service.hpp"

namespace darkroom::tools {
namespace {

using Failure = tl::unexpected<std::string>;

/// Jobs a second while all workers were busy and nobody uploaded any more: from the last upload to
/// the end of the tenth job before the last. None where too few jobs lie in between.
std::optional<double> busy_rate(const std::vector<JobTimes>& jobs) {
  constexpr std::size_t margin = 10;
  std::vector<jobs::Timestamp> ends;
  for (const auto& job : jobs)
    ends.push_back(job.completed);
  std::ranges::sort(ends);
  // By their creation.
  const auto filled = jobs.back().created;
  const auto first = std::max<std::size_t>(
      margin, static_cast<std::size_t>(std::ranges::upper_bound(ends, filled) - ends.begin()));
  if (first + 2 * margin > ends.size()) return std::nullopt;
  const auto last = ends.size() - margin;
  const auto seconds = std::chrono::duration<double>(ends[last] - ends[first]).count();
  if (seconds <= 0) return std::nullopt;
  return static_cast<double>(last - first) / seconds;
}

class Measurement {
 public:
  Measurement(const ScaleOptions& options, const PhotoFiles& photos, std::filesystem::path folder)
      : options_(options), photos_(photos), folder_(std::move(folder)) {
    report_.photos = photos.description;
    report_.one.workers = 1;
    report_.many.workers = options.workers;
  }

  [[nodiscard]] tl::expected<ScaleReport, std::string> run() {
    report_.load = {.before = load_average(), .after = 0, .cores = usable_cores()};
    for (std::uint32_t turn = 0; turn < options_.turns; ++turn) {
      for (auto* series : {&report_.one, &report_.many}) {
        const auto name = std::to_string(turn) + "-" + std::to_string(series->workers);
        if (auto ran = run_once(*series, folder_ / name); !ran) return Failure(ran.error());
      }
    }
    report_.load.after = load_average();
    return std::move(report_);
  }

 private:
  [[nodiscard]] tl::expected<void, std::string> run_once(ScaleSeries& series,
                                                         const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    const auto alone = pixels_alone(photos_.paths, options_.jobs / 2, series.workers, folder);
    if (!alone) return Failure(alone.error());
    series.pixels.push_back(alone->jobs_per_second);
    const auto service =
        StartedService::start(service_program(options_.program), folder, series.workers);
    if (!service) return Failure(service.error());
    // More connections would fill the queue no sooner.
    constexpr std::uint32_t uploaders = 4;
    const auto load = run_load({.url = service->url(),
                                .jobs = options_.jobs,
                                .uploaders = uploaders,
                                .rate = 0,
                                .download = Download::none},
                               photos_.inputs);
    if (load.error_count > 0) return Failure(load.errors.front());
    const auto rate = busy_rate(load.jobs);
    if (!rate) return Failure("the queue was empty before all was uploaded; give more --jobs");
    series.service.push_back(*rate);
    return {};
  }

  const ScaleOptions& options_;
  const PhotoFiles& photos_;
  std::filesystem::path folder_;
  ScaleReport report_;
};

}  // namespace

tl::expected<ScaleReport, std::string> bench_scale(const ScaleOptions& options) {
  const auto folder = ScratchFolder::make(
      options.directory.empty() ? std::filesystem::current_path() : options.directory);
  if (!folder) return Failure(folder.error());
  const auto photos = open_photos(options.photos, options.synthetic, folder->path());
  if (!photos) return Failure(photos.error());
  return Measurement{options, *photos, folder->path()}.run();
}

}  // namespace darkroom::tools
