#pragma once

#include <string>
#include <string_view>

#include "jobs/timestamp.hpp"

namespace darkroom::nodes {

/// One event as it is logged. A message ends with what programs should find, in the style of
/// logfmt: "upload accepted job=0198... bytes=829183 note=\"two words\"". A line about a job has
/// its id so, as `job`.
struct LogLine {
  jobs::Timestamp time;
  std::string_view level;    ///< "trace" to "error"
  std::string_view node;     ///< Which process: "coordinator", "worker-1".
  std::string_view message;  ///< Any bytes; the formatters make them safe.
};

/// "2026-11-21T03:31:08.250Z info  [coordinator] message\n", the message made printable().
[[nodiscard]] std::string text_log_line(const LogLine& line);

/// One JSON object and a line break: time, level, node, message, and the key=value pairs at the end
/// of the message as members of their own. A value without quotes that is a whole number becomes a
/// JSON number, everything else a string. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_log_line(const LogLine& line);

}  // namespace darkroom::nodes
