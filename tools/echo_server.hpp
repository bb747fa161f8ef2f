#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <tl/expected.hpp>

#include "persistence/file_descriptor.hpp"

namespace darkroom::tools {

/// A server on a free port of 127.0.0.1 that reads each request to its end, throws it away and
/// answers 201 with as many bytes as the service does: what the loopback network, and a thread for
/// each connection, allow at most.
class EchoServer {
 public:
  [[nodiscard]] static tl::expected<std::unique_ptr<EchoServer>, std::string> start();

  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  EchoServer(EchoServer&&) = delete;
  EchoServer& operator=(EchoServer&&) = delete;
  /// Waits for the connections: clients must have closed theirs.
  ~EchoServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  EchoServer(persistence::FileDescriptor listener, std::uint16_t port);

  void accept_all();

  persistence::FileDescriptor listener_;
  std::uint16_t port_;
  std::vector<std::jthread> connections_;
  std::jthread acceptor_;
};

}  // namespace darkroom::tools
