#pragma once

#include <cstdint>

#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// A time to wait as poll() takes it, in milliseconds: rounded up, so that a wait does not end
/// before its time and spin.
[[nodiscard]] int poll_time(jobs::SteadyTime::duration wait);

enum class Polled : std::uint8_t { ready, not_ready, failed };

/// Waits for `events`, as poll() has them, until that time.
[[nodiscard]] Polled poll_until(int descriptor, short events, jobs::SteadyTime until);

}  // namespace darkroom::http
