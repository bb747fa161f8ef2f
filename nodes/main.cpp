#include <exception>
#include <iostream>
#include <span>
#include <variant>

#include "nodes/certs_command.hpp"
#include "nodes/cluster_command.hpp"
#include "nodes/command_line.hpp"
#include "nodes/config_command.hpp"
#include "nodes/environment.hpp"
#include "nodes/ingest_node.hpp"
#include "nodes/jobs_command.hpp"
#include "nodes/keys_command.hpp"
#include "nodes/process_command.hpp"
#include "nodes/service.hpp"
#include "nodes/settings.hpp"
#include "nodes/signals.hpp"
#include "nodes/store_command.hpp"
#include "nodes/webhook_command.hpp"
#include "nodes/worker_child.hpp"
#include "nodes/worker_node.hpp"

namespace {

using namespace darkroom;

struct Run {
  int operator()(const nodes::ServeCommand& command) const {
    nodes::block_signals();
    return nodes::run_service(command.config, nodes::ServiceKind::all_in_one);
  }
  int operator()(const nodes::CoordinatorCommand& command) const {
    nodes::block_signals();
    return nodes::run_service(command.config, nodes::ServiceKind::coordinator);
  }
  int operator()(const nodes::IngestCommand& command) const {
    nodes::block_signals();
    return nodes::run_ingest(command);
  }
  int operator()(const nodes::WorkerChildCommand& command) const {
    nodes::block_signals();
    return nodes::run_worker_child(command);
  }
  int operator()(const nodes::WorkerCommand& command) const {
    nodes::block_signals();
    return nodes::run_worker(command);
  }
  int operator()(const nodes::ProcessCommand& command) const {
    return nodes::run_process(command, std::cout, std::cerr);
  }
  int operator()(const nodes::ConfigCommand& command) const {
    return nodes::run_config(command, std::cout, std::cerr);
  }
  int operator()(const nodes::StoreCommand& command) const {
    return nodes::run_store(command, std::cout, std::cerr);
  }
  int operator()(const nodes::JobsCommand& command) const {
    return nodes::run_jobs(command, std::cout, std::cerr);
  }
  int operator()(const nodes::JanitorCommand& command) const {
    return nodes::run_janitor(command, std::cout, std::cerr);
  }
  int operator()(const nodes::QueuesCommand& command) const {
    return nodes::run_queues(command, std::cout, std::cerr);
  }
  int operator()(const nodes::WorkersCommand& command) const {
    return nodes::run_workers(command, std::cout, std::cerr);
  }
  int operator()(const nodes::KeysCommand& command) const {
    return nodes::run_keys(command, std::cout, std::cerr);
  }
  int operator()(const nodes::CertsCommand& command) const {
    return nodes::run_certs(command, std::cout, std::cerr);
  }
  int operator()(const nodes::WebhookCommand&) const { return nodes::run_webhook(std::cout); }
};

int run(std::span<const char* const> arguments) {
  const auto environment = nodes::process_environment();
  nodes::forget_secrets(nodes::all_settings());
  const auto command = nodes::parse_command_line(arguments, environment);
  if (command) return std::visit(Run{}, *command);
  std::cout << command.error().out;
  std::cerr << command.error().err;
  return command.error().code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& exception) {
    std::cerr << "darkroom: " << exception.what() << '\n';
    return 1;
  }
}
