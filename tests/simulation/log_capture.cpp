#include "tests/simulation/log_capture.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

namespace darkroom::simulation {
namespace {

/// Log lines about a job end with "job=ID", or have a space behind it.
std::optional<jobs::JobId> job_in(std::string_view line) {
  constexpr std::string_view field = "job=";
  constexpr std::size_t id_length = 36;
  const auto at = line.rfind(field);
  if (at == std::string_view::npos) return std::nullopt;
  return jobs::JobId::parse(line.substr(at + field.size(), id_length));
}

class TraceSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit TraceSink(Trace& trace) : trace_(trace) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view line{message.payload.data(), message.payload.size()};
    if (const auto job = job_in(line)) {
      trace_.note(*job, "log: " + std::string{line});
    } else {
      trace_.note("log: " + std::string{line});
    }
  }
  void flush_() override {}

  Trace& trace_;
};

}  // namespace

LogCapture::LogCapture(Trace& trace, bool to_trace) : before_(spdlog::default_logger()) {
  auto logger = std::make_shared<spdlog::logger>("simulation", std::make_shared<TraceSink>(trace));
  logger->set_level(to_trace ? spdlog::level::debug : spdlog::level::off);
  spdlog::set_default_logger(std::move(logger));
}

LogCapture::~LogCapture() {
  spdlog::set_default_logger(before_);
}

}  // namespace darkroom::simulation
