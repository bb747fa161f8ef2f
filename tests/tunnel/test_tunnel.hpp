#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/tunnel/plain_socket.hpp"
#include "tunnel/connector.hpp"
#include "tunnel/front.hpp"
#include "tunnel/tls_files.hpp"

namespace darkroom::tunnel::tests {

inline const Versions same_versions{.wire = "darkroom-5", .program = "0.1.0"};
/// Files and peers are looked at so often, that tests need not wait.
inline constexpr std::chrono::milliseconds often{50};

/// A front on a free port of 127.0.0.1 with these files, and a target for each channel.
[[nodiscard]] inline std::unique_ptr<Front> start_front(const TlsFiles& files, std::uint16_t target,
                                                        Options node = {}) {
  node.tls = files;
  auto front =
      Front::start({.node = std::move(node), .versions = same_versions, .watch_interval = often});
  if (!front) throw std::runtime_error(front.error());
  (*front)->set_target(Channel::control, target);
  (*front)->set_target(Channel::data, target);
  return *std::move(front);
}

/// What a connector reports, to be waited for: the reason, or "reached".
class Reports {
 public:
  void add(std::string report) {
    const std::scoped_lock lock{mutex_};
    reports_.push_back(std::move(report));
    more_.notify_all();
  }
  [[nodiscard]] std::string next() {
    std::unique_lock lock{mutex_};
    if (!more_.wait_for(lock, patience, [this] { return !reports_.empty(); })) return "(nothing)";
    std::string report = std::move(reports_.front());
    reports_.pop_front();
    return report;
  }
  [[nodiscard]] bool none() {
    const std::scoped_lock lock{mutex_};
    return reports_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::string> reports_;
};

/// A connector whose reports go to `reports`.
[[nodiscard]] inline std::unique_ptr<Connector> start_connector(
    const TlsFiles& files, std::uint16_t port, Reports& reports, Options node = {},
    const Versions& versions = same_versions, const std::string& host = "127.0.0.1") {
  node.tls = files;
  auto connector =
      Connector::start({.host = host,
                        .port = port,
                        .node = std::move(node),
                        .versions = versions,
                        .node_name = certificate_name(files).value_or("worker-1"),
                        .on_problem = [&reports](const std::string& why) { reports.add(why); },
                        .on_reached = [&reports] { reports.add("reached"); },
                        .watch_interval = often});
  if (!connector) throw std::runtime_error(connector.error());
  return *std::move(connector);
}

}  // namespace darkroom::tunnel::tests
