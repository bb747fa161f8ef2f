#pragma once

namespace darkroom::http {

class MetricFamilies;

/// What this process takes of its machine, by the names that Prometheus' own clients use. Its
/// worker processes are not in it. What the system does not tell is left out.
void add_process_metrics(MetricFamilies& families);

}  // namespace darkroom::http
