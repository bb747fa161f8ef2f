#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "persistence/file_descriptor.hpp"

namespace darkroom::tests {

/// What a server does with a connection, once it has read the head of a request from it.
struct ScriptedReply {
  std::string bytes;   ///< Sent, whatever they are.
  bool hangs = false;  ///< Keeps the connection open and silent; else it is closed.
};

/// A peer that breaks every rule, on a free port of this machine. The last reply is given again and
/// again.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<ScriptedReply> replies);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ScriptedServer(ScriptedServer&&) = delete;
  ScriptedServer& operator=(ScriptedServer&&) = delete;
  ~ScriptedServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// How many requests came.
  [[nodiscard]] std::size_t requests() const { return requests_; }

 private:
  void serve(const std::stop_token& stop);

  std::vector<ScriptedReply> replies_;
  persistence::FileDescriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> requests_{0};
  std::vector<persistence::FileDescriptor> hanging_;
  std::jthread thread_;
};

/// An answer with Content-Length.
[[nodiscard]] std::string answer(const std::string& status, const std::string& body,
                                 const std::string& header_lines = "");

/// A problem as the data plane sends it.
[[nodiscard]] std::string problem(const std::string& status, const std::string& code);

}  // namespace darkroom::tests
