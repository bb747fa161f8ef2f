#pragma once

#include "http/node_facts.hpp"

namespace darkroom::http {

class MetricFamilies;

/// What a node knows without the job service: its version, its HTTP server and its disk.
void add_node_metrics(MetricFamilies& families, const NodeFacts& node);

}  // namespace darkroom::http
