#pragma once

#include <chrono>

#include "http/limits.hpp"

/// How the time for stopping (node.shutdown_timeout) is shared out. The configuration is checked
/// against the sum, so that a node that follows it never has to be cut short.
namespace darkroom::nodes::stop_times {

/// HTTP requests under way; then those that are cut off get http::limits::last_words.
inline constexpr std::chrono::milliseconds http_grace{750};
inline constexpr std::chrono::milliseconds http = http_grace + darkroom::http::limits::last_words;
/// What a worker process gets beyond worker.drain_timeout before it is killed.
inline constexpr std::chrono::milliseconds worker_exit{1'000};
/// Ingest, janitor and registry, which flushes once more.
inline constexpr std::chrono::milliseconds core{1'000};
/// All that is not worker.drain_timeout.
inline constexpr std::chrono::milliseconds beside_draining = http + worker_exit + core;

/// In a worker process: for the last answers after the drain time, then for its other actors.
inline constexpr std::chrono::milliseconds leave{500};
inline constexpr std::chrono::milliseconds worker_actors{300};
static_assert(leave + worker_actors < worker_exit);

}  // namespace darkroom::nodes::stop_times
