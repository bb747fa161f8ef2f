#include "tests/torture/service_under_test.hpp"

#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <unistd.h>

#include "tests/cluster/free_port.hpp"

namespace darkroom::torture {
namespace {

constexpr const char* lone_name = "lone";

std::string worker_name(const cluster::ProcessIdentity& process) {
  const std::string line =
      tests::content_of(std::filesystem::path{"/proc"} / std::to_string(process.pid) / "cmdline");
  const std::string words = "--name=";
  const auto found = line.find(words);
  if (found == std::string::npos) return {};
  return {line.c_str() + found + words.size()};
}

}  // namespace

ServiceUnderTest::ServiceUnderTest(std::filesystem::path data)
    : data_(std::move(data)), http_port_(cluster::free_port()), node_port_(cluster::free_port()) {
  client_ = std::make_unique<cluster::ApiClient>(http_port_);
  start_service();
  start_lone_worker();
  if (!wait_until_ready()) throw std::runtime_error("the service is not ready:\n" + output());
}

ServiceUnderTest::~ServiceUnderTest() = default;

void ServiceUnderTest::start_service() {
  service_ = std::make_unique<cluster::Program>(std::vector<std::string>{
      "serve", "--config=none", "--http-port=" + std::to_string(http_port_),
      "--node-join=" + std::to_string(node_port_), "--storage-path=" + data_.string(),
      "--worker-processes=2",
      // However many workers are killed under a job, that is not its own fault here; so every job
      // has to be completed.
      "--retry-crashes=100", "--supervisor-restarts=10000", "--supervisor-max=2s"});
}

void ServiceUnderTest::end_service(int signal) {
  service_->send(signal);
  if (!service_->wait_for_exit())
    throw std::runtime_error("the service does not end:\n" + output());
}

void ServiceUnderTest::stop_service_for(std::chrono::milliseconds duration) {
  service_->send(SIGSTOP);
  std::this_thread::sleep_for(duration);
  service_->send(SIGCONT);
}

void ServiceUnderTest::start_lone_worker() {
  lone_ = std::make_unique<cluster::Program>(std::vector<std::string>{
      "worker", "--config=none", std::string{"--name="} + lone_name, "--slots=1",
      "--join=127.0.0.1:" + std::to_string(node_port_), "--storage-path=" + data_.string()});
}

void ServiceUnderTest::end_lone_worker(int signal) {
  lone_->send(signal);
  if (!lone_->wait_for_exit()) throw std::runtime_error("the lone worker does not end");
}

std::vector<ServiceUnderTest::Worker> ServiceUnderTest::workers() const {
  std::vector<Worker> found;
  for (const auto& child : service_->children()) {
    if (auto name = worker_name(child); !name.empty()) found.push_back({std::move(name), child});
  }
  return found;
}

bool ServiceUnderTest::wait_until_ready() const {
  return cluster::eventually([&] { return client_->workers() == 3; });
}

std::string ServiceUnderTest::output() const {
  return (service_ ? service_->output() : "") + (lone_ ? lone_->output() : "");
}

}  // namespace darkroom::torture
