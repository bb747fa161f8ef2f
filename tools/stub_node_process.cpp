#include "tools/stub_node_process.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "actors/options.hpp"
#include "tools/stub_node.hpp"
#include "tools/turnaround_log.hpp"

namespace darkroom::tools {
namespace {

/// All threads that are started later inherit it.
sigset_t block_stop_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

}  // namespace

int run_stub_nodes(const StubNodeProcessOptions& options) {
  const auto signals = block_stop_signal();
  const auto interval = actors::WorkerOptions{}.heartbeat;
  std::vector<std::unique_ptr<StubNode>> nodes;
  for (std::uint32_t i = 0; i < options.count; ++i) {
    auto node = StubNode::start({.port = options.port,
                                 .name = "node-" + std::to_string(options.first + i),
                                 .slots = options.slots,
                                 .first_heartbeat = interval * i / options.count});
    if (!node) {
      std::cerr << node.error() << "\n";
      return 1;
    }
    nodes.push_back(std::move(*node));
  }
  int signal = 0;
  sigwait(&signals, &signal);
  TurnaroundLog log;
  for (const auto& node : nodes)
    node->add_to(log);
  const auto written = write_log(options.log, log);
  if (!written) std::cerr << written.error() << "\n";
  std::cerr.flush();
  // Not by way of hundreds of actor systems, which end one after the other while work comes in.
  std::_Exit(written ? 0 : 1);
}

}  // namespace darkroom::tools
