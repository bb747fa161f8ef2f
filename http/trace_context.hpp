#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request_head.hpp"

namespace darkroom::http {

/// What a `traceparent` says (W3C Trace Context, level 1).
struct TraceParent {
  std::string_view trace_id;   ///< 32 lower-case hex digits, not all 0.
  std::string_view parent_id;  ///< 16 of them, not all 0.
  bool sampled = false;        ///< The caller may have recorded it.
};

/// Reads the value of the field, of version 00 or of a later one as far as that is like it; nullopt
/// for anything that the specification does not allow. The parts point into `text`.
[[nodiscard]] std::optional<TraceParent> parse_trace_parent(std::string_view text);

/// The `traceparent` of what is done about this request: in the client's trace where it has sent a
/// good one, else in a new trace; by a parent id of our own, of version 00.
[[nodiscard]] std::string trace_parent_for(const RequestHead& head);

}  // namespace darkroom::http
