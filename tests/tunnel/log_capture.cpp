#include "tests/tunnel/log_capture.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "tests/tunnel/plain_socket.hpp"

namespace darkroom::tunnel::tests {

struct LogCapture::Lines final : spdlog::sinks::base_sink<std::mutex> {
  std::mutex text_mutex;
  std::condition_variable more;
  std::string text;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::scoped_lock lock{text_mutex};
    const auto level = spdlog::level::to_string_view(message.level);
    text.append(level.data(), level.size());
    text += ": ";
    text.append(message.payload.data(), message.payload.size());
    text += '\n';
    more.notify_all();
  }
  void flush_() override {}
};

LogCapture::LogCapture() : lines_(std::make_shared<Lines>()), before_(spdlog::default_logger()) {
  const auto logger = std::make_shared<spdlog::logger>("test", lines_);
  logger->set_level(spdlog::level::debug);
  spdlog::set_default_logger(logger);
}

LogCapture::~LogCapture() {
  spdlog::set_default_logger(before_);
}

std::string LogCapture::text() const {
  const std::scoped_lock lock{lines_->text_mutex};
  return lines_->text;
}

bool LogCapture::wait_for(const std::string& text) const {
  std::unique_lock lock{lines_->text_mutex};
  return lines_->more.wait_for(lock, patience,
                               [&] { return lines_->text.find(text) != std::string::npos; });
}

}  // namespace darkroom::tunnel::tests
