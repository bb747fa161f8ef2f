#include "http/delivery_metrics.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/metric_families.hpp"

namespace darkroom::http {
namespace {

using jobs::DeliveryStatus;

/// What came of a try, by what the delivery is after it.
constexpr std::array results{std::pair{DeliveryStatus::delivered, std::string_view{"delivered"}},
                             std::pair{DeliveryStatus::pending, std::string_view{"retried"}},
                             std::pair{DeliveryStatus::failed, std::string_view{"failed"}},
                             std::pair{DeliveryStatus::disabled, std::string_view{"disabled"}}};

double age(const std::optional<jobs::Timestamp>& moment, jobs::Timestamp now) {
  const auto none = jobs::Timestamp::duration::zero();
  return std::chrono::duration<double>(moment ? std::max(now - *moment, none) : none).count();
}

}  // namespace

void add_delivery_metrics(MetricFamilies& families, const actors::ServiceStatus& status,
                          jobs::Timestamp now) {
  const std::array channels{
      std::pair{std::string{jobs::delivery_channel::webhook}, &status.counts.webhooks},
      std::pair{std::string{jobs::delivery_channel::email}, &status.counts.emails}};
  families.gauge("darkroom_batches_open", "Batches with jobs that have not ended.")
      .add_number(status.open_batches);
  families
      .gauge("darkroom_deliveries_pending",
             "Messages about ended jobs and batches that are to be sent, or to be tried again.")
      .add_number(status.pending_deliveries);
  families
      .gauge("darkroom_delivery_oldest_seconds",
             "How long ago the oldest pending message was made, to ten seconds.")
      .add(age(status.oldest_delivery, now));
  families.counter("darkroom_delivery_tries_total",
                   "Tries to deliver a message, by what came of it.");
  for (const auto& [channel, counts] : channels) {
    for (const auto& [after, result] : results) {
      families.add_number(counts->tries.at(static_cast<std::size_t>(after)),
                          {{"channel", channel}, {"result", std::string{result}}});
    }
  }
  families.histogram("darkroom_delivery_duration_seconds", "How long a try took.");
  for (const auto& [channel, counts] : channels)
    families.add(counts->time, {{"channel", channel}});
}

}  // namespace darkroom::http
