#include "tools/bench_memory.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <fstream>
#include <functional>
#include <future>
#include <iomanip>
#include <memory>
#include <mutex>
#include <queue>
#include <random>
#include <thread>
#include <utility>

#include "imaging/backend.hpp"
#include "imaging/memory_estimate.hpp"
#include "imaging/operations.hpp"
#include "imaging/plan.hpp"
#include "jobs/memory_budget.hpp"
#include "tools/synthetic_photo.hpp"

namespace darkroom::tools {
namespace {

using imaging::EncodedImage;
using Done = tl::expected<void, imaging::Error>;

/// The figure of a line such as "VmRSS:   1234 kB", in bytes.
std::uint64_t process_status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    std::uint64_t kib = 0;
    if (word == name + ":" && file >> kib) return kib << 10U;
  }
  return 0;
}

/// Makes the peak count from now on.
void forget_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// A thread that does one thing after the other, as a detached actor does.
class Lane {
 public:
  std::future<Done> run(std::function<Done()> work) {
    std::packaged_task<Done()> task(std::move(work));
    auto done = task.get_future();
    const std::scoped_lock lock(mutex_);
    tasks_.push(std::move(task));
    changed_.notify_one();
    return done;
  }

 private:
  void work(const std::stop_token& stop) {
    while (true) {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [&] { return !tasks_.empty(); })) return;
      auto task = std::move(tasks_.front());
      tasks_.pop();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::queue<std::packaged_task<Done()>> tasks_;
  std::jthread thread_{[this](const std::stop_token& stop) { work(stop); }};
};

/// jobs::MemoryBudget for threads that wait.
class SharedBudget {
 public:
  explicit SharedBudget(std::uint64_t bytes) : budget_(bytes) {}

  jobs::LeaseToken reserve(std::uint64_t bytes) {
    const auto task = jobs::LeaseToken::generate();
    std::unique_lock lock(mutex_);
    budget_.ask(task, bytes);
    grant();
    changed_.wait(lock, [&] { return std::erase(granted_, task) > 0; });
    return task;
  }

  void release(const jobs::LeaseToken& task) {
    const std::scoped_lock lock(mutex_);
    budget_.release(task);
    grant();
  }

 private:
  void grant() {
    for (const auto& task : budget_.grant())
      granted_.push_back(task);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  jobs::MemoryBudget budget_;
  std::vector<jobs::LeaseToken> granted_;
};

struct Upload {
  EncodedImage file;
  std::vector<jobs::RenditionSpec> specs;
  imaging::Plan plan;
  std::uint64_t estimate = 0;
};

std::vector<jobs::RenditionSpec> webp_renditions() {
  auto specs = jobs::default_preset().renditions;
  specs.erase(specs.begin() + 1);  // The one of full size.
  for (auto& spec : specs)
    spec.format = jobs::OutputFormat::webp;
  return specs;
}

/// Sizes from an avatar to a camera's, many of them small; four formats.
tl::expected<std::vector<Upload>, std::string> make_uploads() {
  struct Kind {
    std::uint32_t width;
    std::uint32_t height;
    imaging::EncodeOptions options;
  };
  std::vector<Kind> kinds;
  using jobs::OutputFormat;
  for (const auto& [width, height] : {std::pair{160U, 120U},
                                      {320U, 240U},
                                      {639U, 481U},
                                      {800U, 600U},
                                      {1'280U, 853U},
                                      {2'725U, 2'225U}}) {
    kinds.push_back({width, height, {.quality = 85}});
    kinds.push_back({width, height, {.quality = 90, .progressive = true}});
    if (width > 1'000) continue;
    kinds.push_back({width, height, {.format = OutputFormat::png, .effort = 1}});
    kinds.push_back({width, height, {.format = OutputFormat::webp, .effort = 1}});
  }
  std::vector<Upload> uploads;
  const auto& backend = imaging::fast_backend();
  for (const Kind& kind : kinds) {
    auto file = backend.encode(*synthetic_photo(kind.width, kind.height), kind.options);
    if (!file) return tl::unexpected(std::move(file.error().message));
    Upload upload{.file = std::move(*file), .specs = {}, .plan = {}};
    upload.specs = uploads.size() % 5 == 4 ? webp_renditions() : jobs::default_preset().renditions;
    const auto info = imaging::probe(upload.file, imaging::no_limits);
    if (!info) return tl::unexpected(info.error().message);
    upload.plan = imaging::plan_renditions(*info, upload.specs);
    upload.estimate = imaging::estimate_memory(*info, upload.plan, upload.specs, backend).at_once;
    uploads.push_back(std::move(upload));
  }
  return uploads;
}

/// One slot of a worker.
class Slot {
 public:
  Done run(const Upload& upload) {
    const auto& backend = imaging::fast_backend();
    auto decoded = backend.decode(upload.file, imaging::no_limits, upload.plan.decode);
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    pictures_.assign(upload.specs.size(), nullptr);
    const auto original = std::make_shared<const imaging::Picture>(std::move(*decoded));
    // In two rounds: what starts from the original, then what starts from that.
    for (const bool from_original : {true, false}) {
      std::vector<std::future<Done>> under_way;
      for (const auto& step : upload.plan.steps) {
        if (step.source.has_value() == from_original) continue;
        const auto& spec = upload.specs[step.rendition];
        const auto source = from_original ? original : pictures_[*step.source];
        under_way.push_back(
            lanes_.at(static_cast<std::size_t>(spec.operation)).run([this, source, &spec, &step] {
              return make(source, spec, step);
            }));
      }
      for (auto& one : under_way) {
        if (auto done = one.get(); !done) return done;
      }
    }
    pictures_.clear();
    return {};
  }

 private:
  Done make(const imaging::PicturePtr& source, const jobs::RenditionSpec& spec,
            const imaging::PlanStep& step) {
    auto made =
        imaging::render(imaging::fast_backend(), {.picture = source, .watermark = {}}, spec);
    if (!made) return tl::unexpected(std::move(made.error()));
    pictures_[step.rendition] = std::move(made->picture);
    return {};
  }

  std::array<Lane, 3> lanes_;
  std::vector<imaging::PicturePtr> pictures_;
};

/// The jobs of all slots, and what is measured meanwhile.
class Run {
 public:
  Run(const std::vector<Upload>& uploads, const MemoryOptions& options)
      : uploads_(uploads), options_(options), budget_(options.budget << 20U) {}

  tl::expected<MemoryReport, std::string> run() {
    for (const Upload& upload : uploads_)
      report_.largest_estimate = std::max(report_.largest_estimate, upload.estimate);
    report_.budget = options_.budget << 20U;
    if (report_.largest_estimate > report_.budget) {
      return tl::unexpected("the largest job needs " +
                            std::to_string((report_.largest_estimate >> 20U) + 1) +
                            " MiB; give it with --budget");
    }
    forget_peak();
    report_.resident_before = process_status("VmRSS");
    const auto start = std::chrono::steady_clock::now();
    const double cpu = cpu_seconds();
    {
      std::vector<std::jthread> slots;
      for (std::uint32_t i = 0; i < options_.slots; ++i)
        slots.emplace_back([this] { work(); });
    }
    report_.cpu_seconds = cpu_seconds() - cpu;
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    report_.peak = process_status("VmHWM");
    if (!failure_.empty()) return tl::unexpected(failure_);
    return report_;
  }

 private:
  void work() {
    Slot slot;
    while (const Upload* upload = next()) {
      const auto memory = budget_.reserve(upload->estimate);
      const auto done = slot.run(*upload);
      budget_.release(memory);
      finished(done);
    }
  }

  const Upload* next() {
    const std::scoped_lock lock(mutex_);
    if (started_ == options_.jobs || !failure_.empty()) return nullptr;
    ++started_;
    return &uploads_[random_() % uploads_.size()];
  }

  void finished(const Done& done) {
    const std::scoped_lock lock(mutex_);
    if (!done) failure_ = done.error().message;
    ++finished_;
    const std::size_t interval = std::max<std::size_t>(options_.jobs / 10, 1);
    if (finished_ % interval == 0) report_.samples.push_back({finished_, process_status("VmRSS")});
  }

  const std::vector<Upload>& uploads_;
  const MemoryOptions& options_;
  SharedBudget budget_;
  std::mutex mutex_;
  std::mt19937 random_{1};
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
  std::string failure_;
  MemoryReport report_;
};

double in_mib(std::uint64_t bytes) {
  return static_cast<double>(bytes) / (1U << 20U);
}

}  // namespace

tl::expected<MemoryReport, std::string> bench_memory(const MemoryOptions& options) {
  const auto uploads = make_uploads();
  if (!uploads) return tl::unexpected(uploads.error());
  return Run(*uploads, options).run();
}

void write_memory_table(std::ostream& out, const MemoryReport& report) {
  out << std::fixed << std::setprecision(1);
  out << "   jobs  resident MiB\n";
  out << std::setw(7) << 0 << std::setw(14) << in_mib(report.resident_before) << "\n";
  for (const auto& sample : report.samples)
    out << std::setw(7) << sample.jobs << std::setw(14) << in_mib(sample.resident) << "\n";
  out << "peak " << in_mib(report.peak) << " MiB, of which " << in_mib(report.resident_before)
      << " MiB before the first job; budget of the jobs " << in_mib(report.budget)
      << " MiB, largest job " << in_mib(report.largest_estimate) << " MiB; CPU "
      << report.cpu_seconds << " s in " << report.seconds << " s\n";
}

void write_memory_json(std::ostream& out, const MemoryReport& report) {
  out << "{\"resident_before\": " << report.resident_before << ", \"samples\": [";
  const char* separator = "";
  for (const auto& sample : report.samples) {
    out << std::exchange(separator, ", ") << "{\"jobs\": " << sample.jobs
        << ", \"resident\": " << sample.resident << "}";
  }
  out << "], \"peak\": " << report.peak << ", \"budget\": " << report.budget
      << ", \"largest_estimate\": " << report.largest_estimate
      << ", \"cpu_seconds\": " << report.cpu_seconds << ", \"seconds\": " << report.seconds
      << "}\n";
}

}  // namespace darkroom::tools
