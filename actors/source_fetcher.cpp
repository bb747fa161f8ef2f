#include "actors/source_fetcher.hpp"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/task_errors.hpp"
#include "imaging/memory_estimate.hpp"
#include "imaging/plan.hpp"
#include "jobs/rendition_resolve.hpp"

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using jobs::JobError;
using Self = SourceFetcherActor::stateful_pointer<SourceFetcherState>;

tl::unexpected<JobError> not_fetched(ErrorKind kind, const std::string& why) {
  return tl::make_unexpected(JobError{kind, "The picture could not be fetched: " + why});
}

/// Where another try would meet the same.
bool lasts(outbound::Failure::Kind kind) {
  using Kind = outbound::Failure::Kind;
  return kind == Kind::bad_url || kind == Kind::refused_address || kind == Kind::too_large ||
         kind == Kind::too_many_redirects;
}

/// Of an answer that is no picture.
ErrorKind kind_of(int status) {
  const bool may_pass = status >= 500 || status == 408 || status == 425 || status == 429;
  return may_pass ? ErrorKind::transient : ErrorKind::permanent;
}

/// With the whole of the picture.
bool is_success(int status) {
  return status >= 200 && status < 300 && status != 206;
}

}  // namespace

void SourceFetcherState::start(const Task& task) {
  const auto stop = config.stop->begin(task.token);
  auto report = fetch(task, stop.get_token());
  if (report) {
    spdlog::info("original fetched: {} {}x{} job={} bytes={}", report->original.format,
                 report->original.width, report->original.height, task.job.to_string(),
                 report->original.bytes);
    self->send(config.reports_to, atom::fetched_v, std::move(*report));
    return;
  }
  // Its source may be a client's secret, so the log has no more of it than the client is told.
  spdlog::info("original not fetched: {} job={}", report.error().message, task.job.to_string());
  self->send(
      config.reports_to, atom::finish_v,
      JobReport{.worker = config.worker,
                .job = task.job,
                .token = task.token,
                .outcome = stop.stop_requested() ? JobOutcome::handed_back : JobOutcome::failed,
                .error = std::move(report.error()),
                .results = {}});
}

tl::expected<FetchedReport, JobError> SourceFetcherState::fetch(const Task& task,
                                                                const std::stop_token& stop) {
  auto file = config.files->new_original(task);
  if (!file) return tl::unexpected(std::move(file.error()));
  if (auto got = download(task, **file, stop); !got) return tl::unexpected(std::move(got.error()));
  const auto whole = (*file)->finish();
  if (!whole) return tl::unexpected(whole.error());
  const auto info = examine(task, *whole);
  if (!info) return tl::unexpected(info.error());
  if (auto kept = (*file)->keep(stop); !kept) return tl::unexpected(std::move(kept.error()));
  FetchedReport report{
      .worker = config.worker, .job = task.job, .token = task.token, .original = {}};
  auto& original = report.original;
  original.blob_key = task.original_key;
  original.content_type = imaging::content_type(info->format);
  original.format = imaging::to_string(info->format);
  original.sha256 = whole->sha256;
  original.bytes = whole->file.bytes().size();
  original.width = info->width;
  original.height = info->height;
  original.frames = info->frames;
  report.alpha = info->alpha;
  return report;
}

tl::expected<void, JobError> SourceFetcherState::download(const Task& task, NewOriginal& file,
                                                          const std::stop_token& stop) {
  std::optional<JobError> not_written;
  const auto answer =
      config.client->get({.url = task.source_url,
                          .headers = {{"Accept", "image/*"}},
                          .max_bytes = config.max_bytes,
                          .timeout = config.options.timeout,
                          .max_redirects = static_cast<int>(config.options.max_redirects),
                          .go_on = [&stop] { return !stop.stop_requested(); }},
                         [&](std::span<const std::byte> piece) {
                           if (auto written = file.write(piece); !written)
                             not_written = std::move(written.error());
                           return !not_written;
                         });
  if (not_written) return tl::unexpected(std::move(*not_written));
  if (!answer) {
    const auto& failure = answer.error();
    return not_fetched(lasts(failure.kind) ? ErrorKind::permanent : ErrorKind::transient,
                       failure.message);
  }
  if (is_success(answer->status)) return {};
  return not_fetched(kind_of(answer->status),
                     fmt::format("the server answered {}{}.", answer->status,
                                 answer->status == 206 ? ", a part that was not asked for" : ""));
}

tl::expected<imaging::ImageInfo, JobError> SourceFetcherState::examine(
    const Task& task, const NewOriginal::Whole& whole) const {
  const auto bytes = whole.file.bytes();
  if (bytes.empty()) {
    return not_fetched(ErrorKind::permanent, "the server answered without any bytes.");
  }
  const auto info = imaging::probe(bytes, config.limits);
  if (!info) return tl::unexpected(from_imaging(info.error()));
  auto specs = task.renditions;
  jobs::resolve_formats(specs, info->alpha);
  const auto estimate = imaging::estimate_memory(*info, imaging::plan_renditions(*info, specs),
                                                 specs, *config.backend);
  const auto within =
      imaging::check_memory(*info, specs.size(), estimate.at_once, config.limits.max_memory);
  if (!within) return tl::unexpected(from_imaging(within.error()));
  return *info;
}

SourceFetcherActor::behavior_type source_fetcher(Self self, SourceFetcherConfig config) {
  self->state.config = std::move(config);
  return {[self](atom::run, const Task& task) { self->state.start(task); }};
}

}  // namespace darkroom::actors
