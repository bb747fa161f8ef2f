#include "jobs/pending_deliveries.hpp"

namespace darkroom::jobs {

PendingDeliveries::Period PendingDeliveries::period_of(const JobId& id) {
  constexpr std::size_t time_bytes = 6;  // RFC 9562, section 5.7: unix_ts_ms comes first.
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < time_bytes; ++i)
    milliseconds = milliseconds << 8U | id.bytes().at(i);
  return std::chrono::floor<Period>(std::chrono::milliseconds{milliseconds});
}

void PendingDeliveries::add(const JobId& id) {
  ++made_[period_of(id)];
  ++size_;
}

void PendingDeliveries::remove(const JobId& id) {
  const auto found = made_.find(period_of(id));
  if (found == made_.end()) return;
  if (--found->second == 0) made_.erase(found);
  --size_;
}

std::optional<Timestamp> PendingDeliveries::oldest() const {
  if (made_.empty()) return std::nullopt;
  const auto end = made_.begin()->first + Period{1};
  return Timestamp{std::chrono::milliseconds{end} - std::chrono::milliseconds{1}};
}

}  // namespace darkroom::jobs
