#include <utility>

#include "actors/registry_ledger.hpp"

// What a worker is told to do, and what it found as the original of a job that names its source.

namespace darkroom::actors {

using jobs::Job;

Task RegistryLedger::task_of(const Job& job) {
  const auto attempt = job.attempts.back().number;
  Task task{
      .job = job.id,
      .token = job.lease->token,
      .attempt = attempt,
      .original_key = has_original(job) ? job.original.blob_key : jobs::fetched_key(job, attempt),
      .renditions = {},
      .original_sha256 = job.original.sha256,
      .original_bytes = job.original.bytes,
      .request_id = job.request_id,
      .trace_parent = job.trace_parent,
      .source_url = job.source_url};
  for (const auto& rendition : job.renditions) {
    if (rendition.status != jobs::RenditionStatus::completed) {
      task.renditions.push_back(rendition.spec);
    }
  }
  return task;
}

RegistryLedger::Result<void> RegistryLedger::take_original(const FetchedReport& report, Now now) {
  const auto known = get(report.job);
  const bool taken_already = known && known->original.blob_key == report.original.blob_key &&
                             known->original.sha256 == report.original.sha256 &&
                             !known->original.sha256.empty();
  if (taken_already) return {};
  return change(report.job, now, [&](Job& job) {
    return jobs::take_original(job, report.token, report.original, report.alpha, now.wall);
  });
}

}  // namespace darkroom::actors
