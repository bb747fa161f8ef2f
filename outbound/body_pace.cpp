#include "outbound/body_pace.hpp"

namespace darkroom::outbound {

bool BodyPace::too_slow(std::uint64_t bytes, Time now) {
  if (bytes == 0) return false;
  if (!slow_since_) slow_since_ = looked_at_ = now;
  const std::chrono::duration<double> passed = now - looked_at_;
  if (passed < std::chrono::seconds{1}) return false;
  const auto enough = static_cast<double>(least_) * passed.count();
  if (static_cast<double>(bytes - seen_) >= enough) slow_since_ = now;
  looked_at_ = now;
  seen_ = bytes;
  return now - *slow_since_ >= grace_;
}

}  // namespace darkroom::outbound
