#pragma once

#include "jobs/job.hpp"

namespace darkroom::http {

/// A job of `sample.jpg` with the renditions of the default preset, all made where it is completed.
[[nodiscard]] inline jobs::Job dialect_sample(jobs::JobStatus status) {
  jobs::Job job;
  job.id = jobs::JobId::parse("0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f").value();
  job.status = status;
  job.created_at = jobs::parse_rfc3339("2025-11-05T00:47:15.267Z").value();
  job.original.blob_key = jobs::original_key(job.id, "jpg");
  job.original.filename = "sample.jpg";
  job.public_name = "sample.jpg";
  for (const auto& spec : jobs::default_preset().renditions) {
    auto& rendition = job.renditions.emplace_back();
    rendition.spec = spec;
    if (status != jobs::JobStatus::completed) continue;
    rendition.status = jobs::RenditionStatus::completed;
    rendition.blob_key = jobs::rendition_key(job.id, spec, 1);
  }
  return job;
}

}  // namespace darkroom::http
