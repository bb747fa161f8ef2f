#include "tools/service_load.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "imaging/probe.hpp"
#include "jobs/random.hpp"
#include "persistence/sha256.hpp"
#include "tools/http_client.hpp"
#include "tools/job_document.hpp"
#include "tools/rendition_checker.hpp"

namespace darkroom::tools {
namespace {

using Clock = std::chrono::steady_clock;

/// An upload that was answered with a job.
struct Accepted {
  JobDocument job;
  std::size_t photo = 0;
  Clock::time_point begun;
};

bool is_to_be_repeated(long status) {
  return status == 409 || status == 429 || status == 502 || status == 503 || status == 504;
}

std::string sha256_of(const BenchInput& photo) {
  persistence::Sha256 hash;
  hash.update(photo.file);
  return hash.finish();
}

class Load {
 public:
  Load(const LoadOptions& options, std::span<const BenchInput> photos)
      : options_(options), photos_(photos), run_(std::to_string(jobs::random_u64())) {
    for (const auto& photo : photos)
      hashes_.push_back(sha256_of(photo));
  }

  [[nodiscard]] LoadResult run() {
    start_ = Clock::now();
    {
      std::vector<std::jthread> uploaders;
      for (std::uint32_t i = 0; i < options_.uploaders; ++i)
        uploaders.emplace_back([this] { upload_all(); });
      follow_all();
    }
    sum_up();
    return std::move(result_);
  }

 private:
  // -- Uploading; on any of several threads

  void upload_all() {
    HttpClient client{options_.url};
    for (std::size_t number = next_++; number < options_.jobs; number = next_++) {
      auto begun = Clock::now();
      if (options_.rate > 0) {
        begun = start_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                             static_cast<double>(number) / options_.rate));
        std::this_thread::sleep_until(begun);
      }
      upload(client, number, begun);
    }
  }

  void upload(HttpClient& client, std::size_t number, Clock::time_point begun) {
    constexpr int tries = 20;
    constexpr std::chrono::milliseconds usual_wait{200};
    const auto photo = number % photos_.size();
    const std::vector<std::string> headers{
        "Content-Type: image/jpeg",
        "Idempotency-Key: \"bench-" + run_ + "-" + std::to_string(number) + "\""};
    std::string why;
    for (int i = 0; i < tries; ++i) {
      const auto answer = client.post("/v1/jobs", headers, photos_[photo].file);
      if (answer && (answer->status == 201 || answer->status == 200)) {
        accept(answer->body, photo, begun);
        return;
      }
      why = answer
                ? "an upload was answered " + std::to_string(answer->status) + ": " + answer->body
                : answer.error();
      if (answer && !is_to_be_repeated(answer->status)) break;
      ++retries_;
      std::this_thread::sleep_for(answer && answer->retry_after ? *answer->retry_after
                                                                : usual_wait);
    }
    const std::scoped_lock lock{mutex_};
    note_error(why);
    ++ended_uploads_;
    changed_.notify_one();
  }

  void accept(const std::string& body, std::size_t photo, Clock::time_point begun) {
    const auto now = Clock::now();
    auto job = read_job(body);
    const std::scoped_lock lock{mutex_};
    ++ended_uploads_;
    uploads_.add(now - begun);
    if (!first_upload_) first_upload_ = now - begun;
    last_accepted_ = now;
    if (!job) {
      note_error("an upload was answered with what is no job: " + body);
    } else if (job->original_sha256 != hashes_[photo]) {
      note_error("job " + job->id + " has another SHA-256 of its original than the file sent");
    } else {
      accepted_.push_back({std::move(*job), photo, begun});
    }
    changed_.notify_one();
  }

  // -- Waiting for the jobs; on one thread

  void follow_all() {
    HttpClient client{options_.url};
    while (const auto oldest = next_accepted())
      follow(client, *oldest);
  }

  /// None when there are no more to come.
  [[nodiscard]] std::optional<Accepted> next_accepted() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !accepted_.empty() || ended_uploads_ == options_.jobs; });
    if (accepted_.empty()) return std::nullopt;
    auto oldest = std::move(accepted_.front());
    accepted_.pop_front();
    return oldest;
  }

  void follow(HttpClient& client, const Accepted& accepted) {
    // At full speed a job takes as long as the queue is, and each question costs the workers time.
    const std::chrono::milliseconds pause{options_.rate > 0 ? 10 : 100};
    constexpr std::chrono::minutes patience{10};
    const auto end = Clock::now() + patience;
    while (Clock::now() < end) {
      const auto answer = client.get("/v1/jobs/" + accepted.job.id);
      ++result_.status_requests;
      const auto job = answer && answer->status == 200 ? read_job(answer->body) : std::nullopt;
      if (job && job->is_final()) {
        ended(client, *job, accepted);
        return;
      }
      if (answer && answer->status == 404) break;
      if (!job) ++retries_;
      std::this_thread::sleep_for(pause);
    }
    const std::scoped_lock lock{mutex_};
    note_error("job " + accepted.job.id + " is gone, or does not end");
  }

  void ended(HttpClient& client, const JobDocument& job, const Accepted& accepted) {
    auto checked = checker_.check(job, accepted.photo);
    if (checked) {
      seen_.add(Clock::now() - accepted.begun);
      const auto number = result_.completed++;
      if (job.created && job.started && job.completed) {
        result_.jobs.push_back({*job.created, *job.started, *job.completed});
      }
      constexpr std::size_t sample = 10;
      const bool wanted = options_.download == Download::all ||
                          (options_.download == Download::sample && number % sample == 0);
      if (wanted) {
        checked = checker_.download(client, job, accepted.photo);
        ++result_.downloads;
      }
    }
    if (checked) return;
    const std::scoped_lock lock{mutex_};
    note_error(checked.error());
  }

  // -- The end

  /// The mutex is locked.
  void note_error(const std::string& what) {
    constexpr std::size_t shown = 5;
    ++result_.error_count;
    if (result_.errors.size() < shown) result_.errors.push_back(what);
  }

  void sum_up() {
    auto& result = result_;
    result.retries = retries_;
    result.upload = uploads_.summary();
    result.seen = seen_.summary();
    const auto in_seconds = [](auto time) { return std::chrono::duration<double>(time).count(); };
    const auto uploading = in_seconds(last_accepted_ - start_);
    if (uploading > 0) {
      result.accepted_per_second = static_cast<double>(result.upload.count) / uploading;
    }
    if (result.jobs.empty()) return;
    std::ranges::sort(result.jobs, {}, &JobTimes::created);
    Latencies recorded;
    Latencies waited;
    Latencies worked;
    auto last = result.jobs.front().completed;
    for (const auto& job : result.jobs) {
      recorded.add(job.completed - job.created);
      waited.add(job.started - job.created);
      worked.add(job.completed - job.started);
      last = std::max(last, job.completed);
    }
    result.recorded = recorded.summary();
    result.waited = waited.summary();
    result.worked = worked.summary();
    // By the service's clock alone, but for the first upload, which began before its job.
    result.seconds = in_seconds(last - result.jobs.front().created) +
                     in_seconds(first_upload_.value_or(Clock::duration::zero()));
    if (result.seconds > 0) {
      result.jobs_per_second = static_cast<double>(result.completed) / result.seconds;
    }
  }

  const LoadOptions& options_;
  std::span<const BenchInput> photos_;
  std::string run_;  ///< Makes the idempotency keys of this run its own.
  std::vector<std::string> hashes_;
  Clock::time_point start_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> retries_{0};

  std::mutex mutex_;  ///< Guards what follows, and the errors.
  std::condition_variable changed_;
  std::deque<Accepted> accepted_;
  std::size_t ended_uploads_ = 0;
  Latencies uploads_;
  std::optional<Clock::duration> first_upload_;
  Clock::time_point last_accepted_;

  RenditionChecker checker_;
  Latencies seen_;
  LoadResult result_;
};

}  // namespace

LoadResult run_load(const LoadOptions& options, std::span<const BenchInput> photos) {
  return Load{options, photos}.run();
}

}  // namespace darkroom::tools
