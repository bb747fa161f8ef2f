#pragma once

#include "actors/job_service.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::http {

class MetricFamilies;

/// Who is told of the end of jobs and batches, how that goes, and what is not at its end.
void add_delivery_metrics(MetricFamilies& families, const actors::ServiceStatus& status,
                          jobs::Timestamp now);

}  // namespace darkroom::http
