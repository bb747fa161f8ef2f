#include "jobs/delivery.hpp"

#include <algorithm>
#include <cctype>

#include "jobs/enum_names.hpp"

namespace darkroom::jobs {
namespace {

constexpr auto delivery_status_names =
    enum_names<DeliveryStatus>("pending", "delivered", "failed", "disabled");

}  // namespace

std::string receiver_of(const Delivery& delivery) {
  // All mail goes by the one server.
  if (delivery.channel != delivery_channel::webhook) return delivery.channel;
  const std::string_view url = delivery.target;
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return delivery.target;
  const auto begin = scheme + 3;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  std::string receiver{url.substr(0, end)};
  if (const auto user = receiver.rfind('@'); user != std::string::npos && user >= begin) {
    receiver.erase(begin, user + 1 - begin);
  }
  std::ranges::transform(receiver, receiver.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return receiver;
}

std::string_view to_string(DeliveryStatus status) {
  return delivery_status_names.name(status);
}

std::optional<DeliveryStatus> parse_delivery_status(std::string_view text) {
  return delivery_status_names.parse(text);
}

}  // namespace darkroom::jobs
