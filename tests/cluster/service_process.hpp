#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cluster/api_client.hpp"
#include "tests/cluster/program.hpp"

namespace darkroom::cluster {

/// A running `darkroom serve` on a free port, whose workers have joined.
class ServiceProcess {
 public:
  /// Throws std::runtime_error with the log if it is not ready within `patience`.
  explicit ServiceProcess(const std::filesystem::path& data, int workers = 1,
                          const std::vector<std::string>& more_arguments = {});

  [[nodiscard]] Program& program() { return program_; }
  [[nodiscard]] const Program& program() const { return program_; }
  [[nodiscard]] const ApiClient& client() const { return client_; }
  [[nodiscard]] int port() const { return port_; }

  /// Where the workers find the registry, on loopback; it is told to them alone.
  [[nodiscard]] std::uint16_t node_port() const;

  /// The process of the worker of this name; throws std::runtime_error if there is none.
  [[nodiscard]] ProcessIdentity worker(const std::string& name) const;

 private:
  Program program_;
  int port_;
  ApiClient client_;
};

/// The arguments of `darkroom serve` on a free port with this folder.
[[nodiscard]] std::vector<std::string> serve_arguments(const std::filesystem::path& data,
                                                       int workers);

}  // namespace darkroom::cluster
