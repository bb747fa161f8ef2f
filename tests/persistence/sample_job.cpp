#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {

jobs::Timestamp at(std::int64_t milliseconds) {
  return *jobs::parse_rfc3339("2026-01-01T00:00:00.000Z") + std::chrono::milliseconds{milliseconds};
}

jobs::Job pending_job(std::int64_t run_at, std::string queue) {
  jobs::Job job;
  job.id = jobs::JobId::generate(at(0));
  job.queue = std::move(queue);
  job.preset = "default";
  job.created_at = at(0);
  job.updated_at = at(0);
  job.run_at = at(run_at);
  job.expires_at = at(86'400'000);
  job.original.blob_key = jobs::original_key(job.id, "jpg");
  job.original.filename = "photo.jpg";
  return job;
}

jobs::Job full_job() {
  auto job = pending_job(17, "slow");
  job.status = jobs::JobStatus::processing;
  job.priority = 200;
  job.preset = "posters";
  job.updated_at = at(5);
  job.completed_at = at(6);
  job.error_message = "the disk was full";
  job.original.content_type = "image/jpeg";
  job.original.format = "jpeg";
  job.original.sha256 = std::string(64, 'a');
  job.original.bytes = 5'000'000'000;
  job.original.width = 2725;
  job.original.height = 2225;
  for (const auto& spec : jobs::default_preset().renditions) {
    job.renditions.push_back({.spec = spec,
                              .status = jobs::RenditionStatus::completed,
                              .blob_key = jobs::rendition_key(job.id, spec),
                              .content_type = "image/jpeg",
                              .sha256 = std::string(64, 'b'),
                              .bytes = 12'345,
                              .width = 1024,
                              .height = 836,
                              .error_message = "slow"});
  }
  job.attempts = {{.number = 1,
                   .worker = "worker-1",
                   .started_at = at(1),
                   .finished_at = at(2),
                   .outcome = jobs::AttemptOutcome::crashed,
                   .error = "killed by signal 11"},
                  {.number = 2,
                   .worker = "worker-2",
                   .started_at = at(3),
                   .finished_at = std::nullopt,
                   .outcome = jobs::AttemptOutcome::running,
                   .error = std::nullopt}};
  job.lease = jobs::Lease{.token = {.high = 0xFFFF'FFFF'FFFF'FFFF, .low = 1},
                          .worker = {.name = "worker-2", .incarnation = 0x8000'0000'0000'0001}};
  return job;
}

jobs::Job with_status(jobs::Job job, jobs::JobStatus status) {
  job.status = status;
  return job;
}

}  // namespace darkroom::persistence
