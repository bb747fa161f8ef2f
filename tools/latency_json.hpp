#pragma once

#include "json/json_writer.hpp"
#include "tools/latencies.hpp"
#include "tools/machine_load.hpp"

namespace darkroom::tools {

/// As an object of that name; docs/performance.md has its fields.
inline void write_times(json::JsonWriter& json, const char* name, const Latencies::Summary& times) {
  json.object(name, [&] {
    json.member("count", times.count);
    json.member("p50_ms", times.p50_ms);
    json.member("p95_ms", times.p95_ms);
    json.member("p99_ms", times.p99_ms);
    json.member("max_ms", times.max_ms);
  });
}

inline void write_load(json::JsonWriter& json, const MachineLoad& load) {
  json.object("load_average", [&] {
    json.member("before", load.before);
    json.member("after", load.after);
    json.member("cores", load.cores);
  });
}

}  // namespace darkroom::tools
