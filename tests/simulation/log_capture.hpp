#pragma once

#include <memory>

#include "tests/simulation/trace.hpp"

namespace spdlog {
class logger;
}

namespace darkroom::simulation {

/// While it lives, what the service logs goes to the trace, or nowhere.
class LogCapture {
 public:
  LogCapture(Trace& trace, bool to_trace);
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

 private:
  std::shared_ptr<spdlog::logger> before_;
};

}  // namespace darkroom::simulation
