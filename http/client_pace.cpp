#include "http/client_pace.hpp"

#include <algorithm>

namespace darkroom::http {

void ClientPace::waited(Duration time) {
  patience_ -= std::min<Duration>(time, patience_);
}

void ClientPace::moved(std::uint64_t bytes) {
  if (floor_.bytes_per_second == 0) return;
  const std::chrono::duration<double> earned{static_cast<double>(bytes) /
                                             static_cast<double>(floor_.bytes_per_second)};
  // As numbers with a fraction, in which no count of bytes overflows.
  const std::chrono::duration<double> room = floor_.grace - patience_;
  patience_ += std::chrono::duration_cast<Duration>(std::min(earned, room));
}

ClientPace::Duration ClientPace::patience() const {
  return floor_.bytes_per_second == 0 ? Duration::max() : patience_;
}

}  // namespace darkroom::http
