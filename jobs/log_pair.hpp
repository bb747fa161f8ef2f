#pragma once

#include <string>
#include <string_view>

namespace darkroom::jobs {

/// A pair at the end of a log message (logfmt), " key=value", with a space before it; empty where
/// the value is. Text that programs would take for something else stands in quotes, and is made
/// safe: a number as well.
[[nodiscard]] std::string log_pair(std::string_view key, std::string_view value);

/// The pairs by which a line about a job, or a request, says where that came from: the request's id
/// and the id of its trace. `trace_parent` is a W3C traceparent.
[[nodiscard]] std::string request_pairs(std::string_view request_id, std::string_view trace_parent);

}  // namespace darkroom::jobs
