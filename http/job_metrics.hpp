#pragma once

#include "actors/job_service.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::http {

class MetricFamilies;

/// How the job service stands: jobs, queues, and what its node keeps running. `now` is for ages.
void add_service_metrics(MetricFamilies& families, const actors::ServiceStatus& status,
                         jobs::Timestamp now);

/// What became of jobs, attempts and renditions.
void add_job_metrics(MetricFamilies& families, const actors::JobCounts& counts);

void add_worker_metrics(MetricFamilies& families, const actors::WorkerList& list);

}  // namespace darkroom::http
