#include "actors/delivery_sender.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "persistence/packed_delivery.hpp"
#include "tests/actors/virtual_time_test.hpp"

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;
using jobs::Delivery;
using jobs::DeliveryStatus;

class CountingTransport final : public DeliveryTransport {
 public:
  std::optional<jobs::TriedDelivery> send(const Delivery& /*delivery*/) override {
    ++sent;
    return jobs::TriedDelivery{.attempt = {.status = 200},
                               .verdict = jobs::DeliveryVerdict::delivered};
  }
  void stop() override {}

  int sent = 0;
};

class DeliverySender : public VirtualTimeTest {
 protected:
  DeliverySender() {
    sender =
        keep(system().spawn(delivery_sender, std::shared_ptr<const persistence::JobStore>{store},
                            std::shared_ptr<DeliveryTransport>{transport}, wall_clock()));
  }

  jobs::JobId stored(DeliveryStatus status, jobs::Timestamp due_at) {
    const Delivery delivery{.id = jobs::JobId::generate(now()),
                            .subject = jobs::JobId::generate(now()),
                            .event = "job.completed",
                            .channel = "webhook",
                            .target = "https://example.com/",
                            .status = status,
                            .due_at = due_at};
    EXPECT_TRUE(store->commit(
        persistence::WriteSet{.records = {{.kind = persistence::Record::delivery,
                                           .id = delivery.id,
                                           .after = persistence::pack_delivery(delivery)}}}));
    return delivery.id;
  }

  bool sends(const jobs::JobId& id) {
    const int before = transport->sent;
    const auto answer = ask<SentDelivery>(sender, atom::deliver_v, id);
    EXPECT_TRUE(answer);
    EXPECT_EQ(answer->tried.has_value(), transport->sent > before);
    return transport->sent > before;
  }

  std::shared_ptr<persistence::JobStore> store{persistence::make_memory_job_store()};
  std::shared_ptr<CountingTransport> transport = std::make_shared<CountingTransport>();
  DeliverySenderActor sender;
};

TEST_F(DeliverySender, SendsWhatIsDue) {
  EXPECT_TRUE(sends(stored(DeliveryStatus::pending, now())));
}

TEST_F(DeliverySender, LeavesWhatWasPutOffUntilItIsDue) {
  const auto id = stored(DeliveryStatus::pending, now() + 5s);
  EXPECT_FALSE(sends(id));
  advance(4'990ms);
  EXPECT_FALSE(sends(id));
  advance(10ms);
  EXPECT_TRUE(sends(id));
}

TEST_F(DeliverySender, LeavesWhatHasEndedOrIsGone) {
  for (const auto status :
       {DeliveryStatus::delivered, DeliveryStatus::failed, DeliveryStatus::disabled})
    EXPECT_FALSE(sends(stored(status, now())));
  EXPECT_FALSE(sends(jobs::JobId::generate(now())));
}

}  // namespace
}  // namespace darkroom::actors
