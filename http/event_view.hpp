#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/job_event.hpp"

namespace darkroom::http {

/// "created", "pending", "processing", "progress", "retrying", "completed", "failed", "cancelled"
/// or "deleted".
[[nodiscard]] std::string_view event_name(const actors::JobEvent& event);

/// Whether nothing follows it, unless the job is sent again.
[[nodiscard]] bool is_last(const actors::JobEvent& event);

/// The event as Server-Sent Events have it (WHATWG HTML, section 9.2.6), with its revision as the
/// id. `job`: the whole job as JSON; empty to leave it out.
[[nodiscard]] std::string event_view(const actors::JobEvent& event, std::string_view job = {});

/// Says that jobs that ended behind `since`, up to `upto`, are not told of.
[[nodiscard]] std::string gap_view(std::uint64_t since, std::uint64_t upto);

/// What a stream begins with: how soon a client that is cut off is to come again.
[[nodiscard]] std::string_view stream_greeting();

/// Sent now and then, so that what stands between does not take the connection for dead.
[[nodiscard]] std::string_view stream_heartbeat();

}  // namespace darkroom::http
