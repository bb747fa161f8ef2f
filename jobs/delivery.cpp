#include "jobs/delivery.hpp"

#include "jobs/enum_names.hpp"

namespace darkroom::jobs {
namespace {

constexpr auto delivery_status_names =
    enum_names<DeliveryStatus>("pending", "delivered", "failed", "disabled");

}  // namespace

std::string_view to_string(DeliveryStatus status) {
  return delivery_status_names.name(status);
}

std::optional<DeliveryStatus> parse_delivery_status(std::string_view text) {
  return delivery_status_names.parse(text);
}

}  // namespace darkroom::jobs
