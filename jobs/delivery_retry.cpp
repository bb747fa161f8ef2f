#include "jobs/delivery_retry.hpp"

#include <algorithm>
#include <array>

namespace darkroom::jobs {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::chrono::seconds, 9> waits{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
constexpr double jitter = 0.1;

DeliveryStatus status_after(DeliveryVerdict verdict, std::size_t failures,
                            std::uint32_t max_tries) {
  switch (verdict) {
    case DeliveryVerdict::delivered:
      return DeliveryStatus::delivered;
    case DeliveryVerdict::refused:
      return DeliveryStatus::failed;
    case DeliveryVerdict::gone:
      return DeliveryStatus::disabled;
    case DeliveryVerdict::retry:
      break;
  }
  return failures < max_tries ? DeliveryStatus::pending : DeliveryStatus::failed;
}

}  // namespace

std::chrono::milliseconds delivery_wait(std::size_t failures, std::chrono::milliseconds retry_after,
                                        double random) {
  const auto index = std::clamp<std::size_t>(failures, 1, waits.size()) - 1;
  const std::chrono::milliseconds wait = waits.at(index);
  const auto more = static_cast<double>(wait.count()) * jitter * random;
  const auto planned = wait + std::chrono::milliseconds{static_cast<std::int64_t>(more)};
  // A share of it on top does not hurt, but a receiver may ask for any time at all.
  return std::max(planned, std::min<std::chrono::milliseconds>(retry_after, longest_delivery_wait));
}

void note_try(Delivery& delivery, const TriedDelivery& tried, std::uint32_t max_tries,
              double random, Timestamp now) {
  if (std::ranges::find(delivery.tries, tried.attempt) != delivery.tries.end()) return;
  // It began before the delivery was due, so that was put off to after it; see replay().
  const bool overtaken =
      delivery.status == DeliveryStatus::pending && tried.attempt.at < delivery.due_at;
  delivery.tries.push_back(tried.attempt);
  if (overtaken) delivery.forgiven_tries = static_cast<std::uint32_t>(delivery.tries.size());
  const auto failures = delivery.tries.size() -
                        std::min<std::size_t>(delivery.forgiven_tries, delivery.tries.size() - 1);
  while (delivery.tries.size() > kept_tries) {
    delivery.tries.erase(delivery.tries.begin());
    if (delivery.forgiven_tries > 0) --delivery.forgiven_tries;
  }
  if (overtaken) return;
  const bool ended = delivery.status != DeliveryStatus::pending;
  if (ended && tried.verdict != DeliveryVerdict::delivered) return;
  delivery.status = status_after(tried.verdict, failures, max_tries);
  if (delivery.status == DeliveryStatus::pending) {
    delivery.due_at = now + delivery_wait(failures, tried.retry_after, random);
  }
}

void replay(Delivery& delivery, Timestamp now) {
  delivery.status = DeliveryStatus::pending;
  delivery.due_at = now;
  delivery.forgiven_tries = static_cast<std::uint32_t>(delivery.tries.size());
}

}  // namespace darkroom::jobs
