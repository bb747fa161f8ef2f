#include "tools/bench_store.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <utility>

#include "persistence/job_store.hpp"
#include "tools/process_memory.hpp"
#include "tools/sample_jobs.hpp"
#include "tools/scratch_folder.hpp"

namespace darkroom::tools {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = tl::expected<void, std::string>;

/// Unfinished jobs have numbers of their own, behind those of all finished ones.
constexpr std::uint64_t first_unfinished = std::uint64_t{1} << 40U;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::uint64_t size_on_disk(const std::filesystem::path& directory) {
  std::uint64_t sum = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{directory, error}) {
    const auto size = entry.is_regular_file(error) ? entry.file_size(error) : 0;
    if (!error) sum += size;
  }
  return sum;
}

/// One store, closed and opened again for each size.
class StoreBench {
 public:
  StoreBench(const StoreOptions& options, std::filesystem::path directory)
      : options_(options), directory_(std::move(directory)) {}

  tl::expected<StoreReport, std::string> measure(std::uint64_t finished) {
    StoreReport report;
    report.finished = finished;
    auto measured = fill(finished);
    if (measured) measured = reopen(report);
    if (measured) measured = measure_creates(report);
    if (measured) measured = measure_reads(report);
    if (!measured) return tl::unexpected(std::move(measured.error()));
    report.fill_seconds = fill_seconds_;
    report.resident_bytes = resident_memory();
    report.disk_bytes = size_on_disk(directory_);
    return report;
  }

 private:
  Outcome open() {
    auto opened = persistence::open_rocks_job_store(directory_, {});
    if (!opened) return tl::unexpected(std::move(opened.error().message));
    store_ = std::move(*opened);
    return {};
  }

  Outcome commit(const std::vector<persistence::JobChange>& changes) {
    if (auto written = store_->commit(changes); !written) {
      return tl::unexpected(std::move(written.error().message));
    }
    return {};
  }

  /// In large commits: how the jobs came there is not what is measured.
  Outcome fill(std::uint64_t finished) {
    constexpr std::uint64_t batch = 5'000;
    const auto start = Clock::now();
    Outcome done;
    if (!store_) done = open();
    if (done && filled_ == 0) done = create_unfinished();
    while (done && filled_ < finished) {
      std::vector<persistence::JobChange> changes;
      for (const auto end = std::min(finished, filled_ + batch); filled_ < end; ++filled_)
        changes.push_back({.before = std::nullopt, .after = finished_job(filled_)});
      done = commit(changes);
    }
    fill_seconds_ = milliseconds_since(start) / 1'000;
    return done;
  }

  Outcome create_unfinished() {
    std::vector<persistence::JobChange> changes;
    for (std::uint64_t i = 0; i < options_.unfinished; ++i)
      changes.push_back({.before = std::nullopt, .after = waiting_job(i)});
    return commit(changes);
  }

  static jobs::Job waiting_job(std::uint64_t number) {
    number += first_unfinished;
    return sample_job(numbered_id(number), number, numbered_time(number));
  }

  Outcome reopen(StoreReport& report) {
    store_.reset();
    const auto start = Clock::now();
    if (auto opened = open(); !opened) return opened;
    report.open_ms = milliseconds_since(start);
    const auto opened = Clock::now();
    std::uint64_t found = 0;
    const auto walked = store_->for_each_unfinished([&](const jobs::Job&) { ++found; });
    report.load_ms = milliseconds_since(opened);
    if (!walked) return tl::unexpected(walked.error().message);
    if (found != options_.unfinished)
      return tl::unexpected(std::string{"unfinished jobs are missing"});
    return {};
  }

  /// Each job is completed after that, so that the number of unfinished ones stays.
  Outcome measure_creates(StoreReport& report) {
    Latencies times;
    for (std::size_t i = 0; i < options_.samples; ++i, ++filled_) {
      const auto done = finished_job(filled_);
      const auto job = sample_job(done.id, filled_, done.created_at);
      const auto start = Clock::now();
      if (auto written = commit({{.before = std::nullopt, .after = job}}); !written) return written;
      times.add(Clock::now() - start);
      if (auto written = commit({{.before = job, .after = done}}); !written) return written;
    }
    report.create = times.summary();
    return {};
  }

  Outcome measure_reads(StoreReport& report) {
    std::uniform_int_distribution<std::uint64_t> any{0, filled_ - 1};
    Latencies gets;
    Latencies first_pages;
    Latencies random_pages;
    for (std::size_t i = 0; i < options_.samples; ++i) {
      const auto wanted = numbered_id(any(random_));
      const auto start = Clock::now();
      const auto job = store_->get(wanted);
      gets.add(Clock::now() - start);
      if (!job) return tl::unexpected(job.error().message);
      if (!*job) return tl::unexpected("job " + wanted.to_string() + " is missing");
    }
    for (std::size_t i = 0; i < options_.samples / 10; ++i) {
      if (auto done = list(std::nullopt, first_pages); !done) return done;
      if (auto done = list(numbered_id(any(random_)), random_pages); !done) return done;
    }
    report.get = gets.summary();
    report.first_page = first_pages.summary();
    report.random_page = random_pages.summary();
    return {};
  }

  Outcome list(const std::optional<jobs::JobId>& before, Latencies& times) {
    constexpr std::size_t page = 50;
    const auto start = Clock::now();
    const auto found = store_->list(before, page);
    times.add(Clock::now() - start);
    if (!found) return tl::unexpected(found.error().message);
    return {};
  }

  StoreOptions options_;
  std::filesystem::path directory_;
  std::unique_ptr<persistence::JobStore> store_;
  std::uint64_t filled_ = 0;
  double fill_seconds_ = 0;
  std::mt19937_64 random_{20260101};
};

}  // namespace

tl::expected<std::vector<StoreReport>, std::string> bench_store(
    const StoreOptions& options, const std::function<void(const StoreReport&)>& progress) {
  const auto folder = ScratchFolder::make(
      options.directory.empty() ? std::filesystem::current_path() : options.directory);
  if (!folder) return tl::unexpected(folder.error());
  auto sizes = options.finished;
  std::ranges::sort(sizes);
  StoreBench bench{options, folder->path() / "jobs"};
  std::vector<StoreReport> reports;
  for (const auto finished : sizes) {
    auto report = bench.measure(finished);
    if (!report) return tl::unexpected(std::move(report.error()));
    progress(*report);
    reports.push_back(*report);
  }
  return reports;
}

}  // namespace darkroom::tools
