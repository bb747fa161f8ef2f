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

jobs::RenditionSpec full_spec() {
  return {.name = "poster",
          .operation = jobs::Operation::resize,
          .width = 1600,
          .height = 900,
          .quality = 75,
          .format = jobs::OutputFormat::avif,
          .folder = "posters",
          .fit = jobs::Fit::cover,
          .gravity = jobs::Gravity::northwest,
          .focus = jobs::FocalPoint{0.1, 2.0 / 3},
          .enlarge = true,
          .background = {1, 2, 3},
          .lossless = true,
          .progressive = true,
          .subsampling = jobs::ChromaSubsampling::s444,
          .effort = 9,
          .max_bytes = 5'000'000'000,
          .sharpen = 0.7,
          .linear_light = true,
          .keep_copyright = true,
          .watermark = jobs::Watermark{.name = "logo",
                                       .image = "/srv/logo.png",
                                       .position = jobs::Gravity::southwest,
                                       .opacity = 0.25,
                                       .scale = 0.15}};
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
  job.original.frames = 12;
  job.original.blurhash = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";
  job.original.dominant_colour = "#336699";
  auto specs = jobs::default_preset().renditions;
  specs.push_back(full_spec());
  for (const auto& spec : specs) {
    job.renditions.push_back({.spec = spec,
                              .status = jobs::RenditionStatus::completed,
                              .blob_key = jobs::rendition_key(job.id, spec, 2),
                              .content_type = "image/jpeg",
                              .sha256 = std::string(64, 'b'),
                              .bytes = 12'345,
                              .width = 1024,
                              .height = 836,
                              .error_message = "slow",
                              .milliseconds = 41});
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
  job.forgiven_attempts = 1;
  job.sent_again_at = at(3);
  job.alone = true;
  job.idempotency = jobs::Idempotency{.key = "8e03978e-40d5-43dd", .fingerprint = "abc"};
  job.reusable = true;
  job.tenant = "6f4b6612125fb3a0";
  job.reused_from = jobs::JobId::generate(at(0));
  job.revision = 1'767'225'600'000'001;
  job.batch = jobs::JobId::generate(at(0));
  job.metadata = R"({"order":7})";
  job.callback_url = "https://example.com/hook";
  job.email = "anna@example.com";
  job.public_name = "photo.jpg";
  job.source_url = "https://example.com/photo.jpg";
  job.request_id = "8f0c7a4e";
  job.trace_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  job.not_before = at(16);
  return job;
}

jobs::Job with_status(jobs::Job job, jobs::JobStatus status) {
  job.status = status;
  return job;
}

}  // namespace darkroom::persistence
