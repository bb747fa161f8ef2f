#include "tests/cluster/service_process.hpp"

#include <stdexcept>

namespace darkroom::cluster {
namespace {

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// The words a process was started with, each followed by a zero byte; see proc(5).
std::string command_line_of(const ProcessIdentity& process) {
  return tests::content_of(std::filesystem::path{"/proc"} / std::to_string(process.pid) /
                           "cmdline");
}

int announced_port(const Program& program) {
  const std::string words = "listening on http://127.0.0.1:";
  // The line's end is awaited too, lest half of the number is read.
  int port = 0;
  (void)eventually([&] {
    const std::string log = program.output();
    const auto found = log.find(words);
    if (found == std::string::npos || log.find('\n', found) == std::string::npos) return false;
    port = std::stoi(log.substr(found + words.size()));
    return true;
  });
  if (port == 0) throw std::runtime_error("the service does not listen:\n" + program.output());
  return port;
}

}  // namespace

std::vector<std::string> serve_arguments(const std::filesystem::path& data, int workers) {
  return {"serve", "--config=none", "--http-port=0", "--storage-path=" + data.string(),
          "--worker-processes=" + std::to_string(workers)};
}

ServiceProcess::ServiceProcess(const std::filesystem::path& data, int workers,
                               const std::vector<std::string>& more_arguments)
    : program_(joined(serve_arguments(data, workers), more_arguments)),
      port_(announced_port(program_)),
      client_(port_) {
  const auto wanted = static_cast<std::uint64_t>(workers);
  if (!eventually([&] { return client_.workers() == wanted; }))
    throw std::runtime_error("the workers do not join:\n" + program_.output());
}

std::uint16_t ServiceProcess::node_port() const {
  const std::string words = "--join=127.0.0.1:";
  for (const ProcessIdentity& child : program_.children()) {
    const std::string line = command_line_of(child);
    const auto found = line.find(words);
    if (found != std::string::npos)
      return static_cast<std::uint16_t>(std::stoul(line.substr(found + words.size())));
  }
  throw std::runtime_error("there is no worker to ask for the node port");
}

ProcessIdentity ServiceProcess::worker(const std::string& name) const {
  for (const ProcessIdentity& child : program_.children()) {
    // With the zero byte, so that the name is compared whole.
    if (command_line_of(child).find("--name=" + name + '\0') != std::string::npos) return child;
  }
  throw std::runtime_error("there is no process of worker " + name);
}

}  // namespace darkroom::cluster
