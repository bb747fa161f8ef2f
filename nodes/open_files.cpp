#include "nodes/open_files.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

namespace darkroom::nodes {
namespace {

/// A connection is a socket and the file that is sent or received on it.
constexpr std::uint64_t files_per_connection = 2;
/// A node's connection is a socket of the front's, one to what lies behind it and that one's own
/// end, and a file.
constexpr std::uint64_t files_per_peer = 4;
/// Logs and locks of the job store, sockets of the workers, threads' event descriptors.
constexpr std::uint64_t other_files = 128;

}  // namespace

std::uint64_t open_files_needed(const Config& config) {
  return files_per_connection * config.http.max_connections +
         static_cast<std::uint64_t>(config.store.max_open_files) + config.worker_processes +
         (config.node.join != 0 ? files_per_peer * config.node.max_peers : 0) + other_files;
}

Config fit_connections(Config config) {
  const std::size_t chosen_for_all = http::Options{}.max_connections;
  rlimit limit{};
  if (config.http.max_connections != chosen_for_all || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return config;
  }
  const std::uint64_t needed = open_files_needed(config);
  if (needed <= limit.rlim_max) return config;
  const std::uint64_t too_many = (needed - limit.rlim_max - 1) / files_per_connection + 1;
  // Then even a single connection is too much; allow_open_files() says so.
  if (too_many >= chosen_for_all) return config;
  config.http.max_connections = chosen_for_all - static_cast<std::size_t>(too_many);
  spdlog::warn(
      "http.max_connections is {} instead of {}, since this process may have only {} files open; "
      "raise the limit (ulimit -Hn, or LimitNOFILE= of systemd)",
      config.http.max_connections, chosen_for_all, limit.rlim_max);
  return config;
}

tl::expected<void, std::string> allow_open_files(std::uint64_t needed) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return tl::make_unexpected(fmt::format("the limit of open files cannot be read: {}",
                                           std::generic_category().message(errno)));
  }
  if (limit.rlim_cur >= needed) return {};
  if (limit.rlim_max < needed) {
    return tl::make_unexpected(
        fmt::format("{} files may have to be open at once, and this process may have {}; raise the "
                    "limit (ulimit -Hn, or LimitNOFILE= of systemd), or lower "
                    "http.max_connections, store.max_open_files or node.max_peers",
                    needed, limit.rlim_max));
  }
  limit.rlim_cur = needed;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  return tl::make_unexpected(fmt::format("the limit of open files cannot be raised to {}: {}",
                                         needed, std::generic_category().message(errno)));
}

}  // namespace darkroom::nodes
