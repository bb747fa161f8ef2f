#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom::jobs {

/// Wall-clock time, UTC, to the millisecond: what job records carry.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Monotonic time: what leases and timers are measured by, so that a wall clock that is set forth
/// or back costs no worker its lease. When a job expires is a matter of the wall clock.
using SteadyTime = std::chrono::steady_clock::time_point;

/// Source of wall-clock time; injected so that tests rule it. Must be callable from any thread.
using WallClock = std::function<Timestamp()>;

/// The system's clock, cut to milliseconds.
[[nodiscard]] Timestamp system_now();

/// RFC 3339 in UTC with milliseconds: "2026-11-21T03:31:08.250Z".
[[nodiscard]] std::string to_rfc3339(Timestamp time);

/// Parses what to_rfc3339 writes; nullopt for anything else.
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// IMF-fixdate of RFC 9110, section 5.6.7: "Sat, 21 Nov 2026 03:31:08 GMT".
[[nodiscard]] std::string to_http_date(Timestamp time);

}  // namespace darkroom::jobs
