#include "http/access_log.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "http/limits.hpp"
#include "jobs/log_pair.hpp"

namespace darkroom::http {

void log_access(const AccessEntry& entry) {
  const auto path = entry.target.substr(0, entry.target.find_first_of("?#"));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(entry.took);
  spdlog::info("{}{}{} status={} bytes={} ms={}{}{}{}",
               entry.whole ? "request answered" : "request broken off",
               jobs::log_pair("method", entry.method),
               jobs::log_pair("path", path.substr(0, limits::logged_path_bytes)), entry.status,
               entry.bytes, took.count(), jobs::log_pair("client", entry.client),
               jobs::log_pair("key", entry.key_id),
               jobs::request_pairs(entry.request_id, entry.trace_parent));
}

}  // namespace darkroom::http
