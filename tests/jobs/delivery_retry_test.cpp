#include "jobs/delivery_retry.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t max_tries = 10;

Timestamp at(std::chrono::milliseconds since) {
  return Timestamp{since};
}

Delivery new_delivery() {
  return {.id = JobId::generate(at(1s)), .due_at = at(1s)};
}

TriedDelivery attempt(DeliveryVerdict verdict, Timestamp when, std::uint32_t status = 0) {
  return {.attempt = {.at = when, .status = status, .error = "no"}, .verdict = verdict};
}

TEST(DeliveryRetry, WaitsAsStandardWebhooksProposes) {
  const std::vector<std::chrono::milliseconds> waits{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  auto delivery = new_delivery();
  auto now = at(1s);
  for (const auto wait : waits) {
    note_try(delivery, attempt(DeliveryVerdict::retry, now), max_tries, 0.0, now);
    ASSERT_EQ(delivery.status, DeliveryStatus::pending);
    EXPECT_EQ(delivery.due_at, now + wait);
    now = delivery.due_at;
  }
  note_try(delivery, attempt(DeliveryVerdict::retry, now), max_tries, 0.0, now);
  EXPECT_EQ(delivery.status, DeliveryStatus::failed);
  EXPECT_EQ(delivery.tries.size(), max_tries);
}

TEST(DeliveryRetry, AddsATenthAtMost) {
  EXPECT_EQ(delivery_wait(1, 0s, 0.0), 5s);
  EXPECT_EQ(delivery_wait(1, 0s, 0.5), 5'250ms);
  EXPECT_LT(delivery_wait(2, 0s, 0.999), 5min + 30s);
  EXPECT_EQ(delivery_wait(99, 0s, 0.0), 24h);
}

TEST(DeliveryRetry, LeavesTheReceiverAloneForAsLongAsItAsks) {
  EXPECT_EQ(delivery_wait(1, 90s, 0.0), 90s);
  EXPECT_EQ(delivery_wait(2, 90s, 0.0), 5min) << "it asks for less than the plan";
  EXPECT_EQ(delivery_wait(1, 1'000h, 0.0), 24h);
}

TEST(DeliveryRetry, EndsWithWhatTheReceiverSays) {
  const std::pair<DeliveryVerdict, DeliveryStatus> ends[] = {
      {DeliveryVerdict::delivered, DeliveryStatus::delivered},
      {DeliveryVerdict::gone, DeliveryStatus::disabled},
      {DeliveryVerdict::refused, DeliveryStatus::failed}};
  for (const auto& [verdict, status] : ends) {
    auto delivery = new_delivery();
    note_try(delivery, attempt(verdict, at(2s), 200), max_tries, 0.5, at(2s));
    EXPECT_EQ(delivery.status, status);
    ASSERT_EQ(delivery.tries.size(), 1U);
    EXPECT_EQ(delivery.tries.front().status, 200U);
  }
}

TEST(DeliveryRetry, ALateTryChangesAnEndOnlyWhereItWasTaken) {
  auto delivery = new_delivery();
  delivery.status = DeliveryStatus::disabled;
  note_try(delivery, attempt(DeliveryVerdict::retry, at(2s)), max_tries, 0.5, at(2s));
  EXPECT_EQ(delivery.status, DeliveryStatus::disabled);
  note_try(delivery, attempt(DeliveryVerdict::delivered, at(3s)), max_tries, 0.5, at(3s));
  EXPECT_EQ(delivery.status, DeliveryStatus::delivered);
  EXPECT_EQ(delivery.tries.size(), 2U);
}

/// Tries it when it is due, to no avail.
void fail_when_due(Delivery& delivery) {
  const auto now = delivery.due_at;
  note_try(delivery, attempt(DeliveryVerdict::retry, now), 2, 0.0, now);
}

TEST(DeliveryRetry, SentAgainByHandItHasAllItsTries) {
  auto delivery = new_delivery();
  fail_when_due(delivery);
  fail_when_due(delivery);
  ASSERT_EQ(delivery.status, DeliveryStatus::failed);
  replay(delivery, at(9s));
  EXPECT_EQ(delivery.status, DeliveryStatus::pending);
  EXPECT_EQ(delivery.due_at, at(9s));
  EXPECT_EQ(delivery.tries.size(), 2U);
  fail_when_due(delivery);
  EXPECT_EQ(delivery.status, DeliveryStatus::pending);
  EXPECT_EQ(delivery.due_at, at(14s)) << "the first wait again";
  fail_when_due(delivery);
  EXPECT_EQ(delivery.status, DeliveryStatus::failed);
}

TEST(DeliveryRetry, KeepsABoundedNumberOfTries) {
  auto delivery = new_delivery();
  for (std::uint32_t i = 0; i < 3 * kept_tries; ++i) {
    const auto now = at(std::chrono::seconds{i + 2});
    replay(delivery, now);
    note_try(delivery, attempt(DeliveryVerdict::retry, now, i + 1), 2, 0.0, now);
    ASSERT_EQ(delivery.status, DeliveryStatus::pending) << i;
  }
  EXPECT_EQ(delivery.tries.size(), kept_tries);
  EXPECT_EQ(delivery.tries.back().status, 3 * kept_tries);
  fail_when_due(delivery);
  EXPECT_EQ(delivery.status, DeliveryStatus::failed);
}

TEST(DeliveryRetry, ATryThatIsToldOfAgainCountsOnce) {
  auto delivery = new_delivery();
  const auto tried = attempt(DeliveryVerdict::retry, at(1s), 503);
  note_try(delivery, tried, max_tries, 0.0, at(2s));
  const auto once = delivery;
  note_try(delivery, tried, max_tries, 0.0, at(40s));
  EXPECT_EQ(delivery, once);
  note_try(delivery, attempt(DeliveryVerdict::retry, at(7s), 503), max_tries, 0.0, at(8s));
  EXPECT_EQ(delivery.tries.size(), 2U) << "the next one counts";
  note_try(delivery, tried, max_tries, 0.0, at(90s));
  EXPECT_EQ(delivery.tries.size(), 2U) << "however late the other is told";
}

TEST(DeliveryRetry, SentAgainByHandWhileItIsTriedItIsTriedAgain) {
  for (const auto verdict : {DeliveryVerdict::delivered, DeliveryVerdict::retry,
                             DeliveryVerdict::refused, DeliveryVerdict::gone}) {
    auto delivery = new_delivery();
    replay(delivery, at(4s));
    note_try(delivery, attempt(verdict, at(3s)), 1, 0.0, at(20s));
    EXPECT_EQ(delivery.status, DeliveryStatus::pending);
    EXPECT_EQ(delivery.due_at, at(4s));
    ASSERT_EQ(delivery.tries.size(), 1U) << "it is listed all the same";
    note_try(delivery, attempt(DeliveryVerdict::retry, at(21s)), 2, 0.0, at(22s));
    EXPECT_EQ(delivery.status, DeliveryStatus::pending) << "with all its tries";
    EXPECT_EQ(delivery.due_at, at(27s));
  }
}

TEST(DeliveryReceiver, IsTheHostAndPortOfAWebhookAndTheServerOfMail) {
  const auto of = [](const std::string& url) {
    return receiver_of({.id = {}, .channel = "webhook", .target = url});
  };
  EXPECT_EQ(of("https://Example.com:8443/a?b#c"), "https://example.com:8443");
  EXPECT_EQ(of("https://example.com"), "https://example.com");
  EXPECT_EQ(of("http://example.com?x"), "http://example.com");
  EXPECT_EQ(of("http://user@example.com/"), "http://example.com");
  EXPECT_EQ(of("rubbish"), "rubbish");
  EXPECT_EQ(receiver_of({.id = {}, .channel = "email", .target = "a@example.com"}),
            receiver_of({.id = {}, .channel = "email", .target = "b@example.org"}));
}

}  // namespace
}  // namespace darkroom::jobs
