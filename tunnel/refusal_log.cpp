#include "tunnel/refusal_log.hpp"

#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace darkroom::tunnel {

void RefusalLog::refused(const std::string& address, std::string_view why, Time now) {
  if (!may_pass(address, now)) {
    ++held_back_;
    return;
  }
  const std::uint64_t others = std::exchange(held_back_, 0);
  spdlog::warn("node port: refused {}: {}{}", address, why,
               others == 0 ? std::string{} : fmt::format(" ({} more were refused before)", others));
}

bool RefusalLog::may_pass(const std::string& address, Time now) {
  if (now - began_ >= interval) {
    began_ = now;
    lines_.clear();
  }
  return lines_.size() < lines_per_interval && lines_.emplace(address, now).second;
}

}  // namespace darkroom::tunnel
