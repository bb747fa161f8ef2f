#include "tests/simulation/trace.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace darkroom::simulation {

void Trace::note(std::string text) {
  add({now_, std::nullopt, std::move(text)});
}

void Trace::note(const jobs::JobId& job, std::string text) {
  add({now_, job, std::move(text)});
}

// FNV-1a, a step for each number rather than each byte.
void Trace::mix(std::uint64_t number) {
  hash_ = (hash_ ^ number) * 0x100000001B3U;
}

void Trace::add(Event event) {
  mix(static_cast<std::uint64_t>(event.at.time_since_epoch().count()));
  if (event.job) mix(std::hash<jobs::JobId>{}(*event.job));
  for (const char c : event.text)
    mix(static_cast<unsigned char>(c));
  events_.push_back(std::move(event));
}

std::string Trace::lines(const std::optional<jobs::JobId>& job) const {
  std::string text;
  if (events_.empty()) return text;
  const auto start = events_.front().at;
  for (const auto& event : events_) {
    if (job && event.job && event.job != job) continue;
    const std::chrono::duration<double> since = event.at - start;
    text += fmt::format("{:>10.3f} s  {}{}{}\n", since.count(), event.text,
                        event.job ? " job=" : "", event.job ? event.job->to_string() : "");
  }
  return text;
}

}  // namespace darkroom::simulation
