#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/cluster/api_client.hpp"
#include "tests/cluster/program.hpp"

namespace darkroom::torture {

/// `darkroom serve` with two workers of its own and a third that has joined from outside, all of
/// which can be killed, stopped and started again while clients go on using the same ports. Used by
/// one thread.
class ServiceUnderTest {
 public:
  /// Throws std::runtime_error if it does not start.
  explicit ServiceUnderTest(std::filesystem::path data);
  ~ServiceUnderTest();
  ServiceUnderTest(const ServiceUnderTest&) = delete;
  ServiceUnderTest& operator=(const ServiceUnderTest&) = delete;

  [[nodiscard]] const cluster::ApiClient& client() const { return *client_; }
  [[nodiscard]] const std::filesystem::path& data() const { return data_; }

  void start_service();
  /// Ends it by this signal, and waits for that.
  void end_service(int signal);
  void stop_service_for(std::chrono::milliseconds duration);

  void start_lone_worker();
  void end_lone_worker(int signal);

  /// The workers that run now: name and process.
  struct Worker {
    std::string name;
    cluster::ProcessIdentity process;
  };
  [[nodiscard]] std::vector<Worker> workers() const;

  /// All three workers have joined and the service is ready.
  [[nodiscard]] bool wait_until_ready() const;

  /// What the service and the lone worker have said since they were last started.
  [[nodiscard]] std::string output() const;

 private:
  std::filesystem::path data_;
  int http_port_ = 0;
  int node_port_ = 0;
  std::unique_ptr<cluster::ApiClient> client_;
  std::unique_ptr<cluster::Program> service_;
  std::unique_ptr<cluster::Program> lone_;
};

}  // namespace darkroom::torture
