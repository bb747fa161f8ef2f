#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom::http {

/// What the access log tells of one request.
struct AccessEntry {
  std::string_view method = "-";
  std::string_view target =
      "-";                  ///< Of the request line. Its query is not logged: it may be secret.
  int status = 0;           ///< 0: there was no answer.
  bool whole = true;        ///< All of the answer was sent.
  std::uint64_t bytes = 0;  ///< Of the answer, its header included.
  std::chrono::steady_clock::duration took{};
  std::string_view client = {};
  std::string_view request_id = {};
  std::string_view trace_parent = {};
  std::string_view key_id = {};  ///< Of the API key; empty without one.
};

/// Logs one line of level info.
void log_access(const AccessEntry& entry);

}  // namespace darkroom::http
