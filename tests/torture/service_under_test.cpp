#include "tests/torture/service_under_test.hpp"

#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace darkroom::torture {
namespace {

constexpr const char* lone_name = "lone";

/// A port that nobody has now. Somebody might take it before it is used; the start then fails.
int free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool bound =
      descriptor >= 0 &&
      ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

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
    : data_(std::move(data)), http_port_(free_port()), node_port_(free_port()) {
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
      "worker", "--config=none", std::string{"--name="} + lone_name,
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
