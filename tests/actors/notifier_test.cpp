#include "actors/notifier.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/catalogue.hpp"
#include "actors/delivery_sender.hpp"
#include "tests/actors/registry_fixture.hpp"

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;
using jobs::Delivery;
using jobs::DeliveryStatus;
using jobs::DeliveryVerdict;
using jobs::TriedDelivery;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Answers at once, as it is told to for each receiver.
class ScriptedTransport final : public DeliveryTransport {
 public:
  std::optional<TriedDelivery> send(const Delivery& delivery) override {
    sent.push_back(delivery);
    if (throws) throw std::runtime_error{"a bug"};
    if (stopped) return std::nullopt;
    auto tried = answers.contains(delivery.target) ? answers.at(delivery.target) : taken();
    tried.attempt.at = delivery.due_at;
    return tried;
  }
  void stop() override { stopped = true; }

  static TriedDelivery taken() {
    return {.attempt = {.status = 200}, .verdict = DeliveryVerdict::delivered};
  }
  static TriedDelivery silent() { return {.attempt = {.error = "It does not answer."}}; }

  std::map<std::string, TriedDelivery> answers;
  std::vector<Delivery> sent;
  bool throws = false;
  bool stopped = false;
};

class Notifier : public RegistryFixture {
 protected:
  static constexpr const char* hook = "https://example.com/hook";

  void SetUp() override {
    RegistryOptions options;
    options.outbox.webhooks = true;
    options.random = [] { return 0.0; };
    start_registry(options);
    catalogue = keep(system().spawn(actors::catalogue,
                                    std::shared_ptr<persistence::JobStore>{store}, wall_clock()));
    caf::anon_send(registry, atom::catalogue_v, catalogue);
    worker = join("worker-1", 4);
  }

  void start_notifier(std::size_t senders = 2) {
    notifier =
        keep(system().spawn(actors::notifier, NotifierOptions{.limits = {.senders = senders}}));
    introduce();
    for (std::uint32_t slot = 0; slot < senders; ++slot)
      caf::anon_send(notifier, atom::sender_v, slot, new_sender());
    run();
  }

  void introduce() {
    caf::anon_send(notifier, atom::registry_v, DeliveryRegistryActor{registry});
    caf::anon_send(notifier, atom::catalogue_v, catalogue);
    caf::anon_send(registry, atom::notifier_v, DeliveryAlarmActor{notifier});
  }

  DeliverySenderActor new_sender() {
    return keep(system().spawn(delivery_sender, std::shared_ptr<const persistence::JobStore>{store},
                               std::shared_ptr<DeliveryTransport>{transport}, wall_clock()));
  }

  /// A job with this callback ends well.
  jobs::JobId complete_job(const std::string& callback_url = hook, const std::string& tenant = {}) {
    auto job = new_job();
    job.callback_url = callback_url;
    job.tenant = tenant;
    const auto id = create(job).id;
    run();
    EXPECT_TRUE(complete(worker, worker.tasks->back()));
    run();
    return id;
  }

  Delivery delivery_of(const jobs::JobId& job) {
    auto found = ask<DeliveryList>(registry, atom::deliveries_v, job).value().deliveries;
    EXPECT_THAT(found, SizeIs(1));
    return found.at(0);
  }

  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  CatalogueActor catalogue;
  NotifierActor notifier;
  ScriptedWorker worker;
};

TEST_F(Notifier, SendsAtOnceWhatIsNew) {
  start_notifier();
  const auto job = complete_job();
  ASSERT_THAT(transport->sent, SizeIs(1));
  EXPECT_EQ(transport->sent[0].subject, job);
  const auto delivery = delivery_of(job);
  EXPECT_EQ(delivery.status, DeliveryStatus::delivered);
  ASSERT_THAT(delivery.tries, SizeIs(1));
  EXPECT_EQ(delivery.tries[0].status, 200U);
  EXPECT_EQ(delivery.body, "") << "listings go without";
  EXPECT_FALSE(transport->sent[0].body.empty());
  advance(120s);
  EXPECT_THAT(transport->sent, SizeIs(1)) << "and not again";
}

TEST_F(Notifier, SendsWhatWaitedForItsStart) {
  const auto job = complete_job();
  start_notifier();
  EXPECT_THAT(transport->sent, SizeIs(1));
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
}

TEST_F(Notifier, TriesAgainAsPlannedUntilItIsTaken) {
  transport->answers[hook] = ScriptedTransport::silent();
  start_notifier();
  const auto job = complete_job();
  EXPECT_THAT(transport->sent, SizeIs(1));
  advance(4'900ms);
  EXPECT_THAT(transport->sent, SizeIs(1));
  advance(1'200ms);
  EXPECT_THAT(transport->sent, SizeIs(2));
  transport->answers.clear();
  advance(5min + 2s);
  EXPECT_THAT(transport->sent, SizeIs(3));
  EXPECT_EQ(transport->sent[0].id, transport->sent[2].id);
  const auto delivery = delivery_of(job);
  EXPECT_EQ(delivery.status, DeliveryStatus::delivered);
  EXPECT_THAT(delivery.tries, SizeIs(3));
}

TEST_F(Notifier, SendsWhatIsSentAgainByHand) {
  transport->answers[hook] = {.attempt = {.status = 410}, .verdict = DeliveryVerdict::gone};
  start_notifier();
  const auto job = complete_job();
  auto delivery = delivery_of(job);
  EXPECT_EQ(delivery.status, DeliveryStatus::disabled);
  transport->answers.clear();
  ASSERT_TRUE(ask<DeliveryList>(registry, atom::replay_v, job, delivery.id));
  run();
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
  EXPECT_THAT(transport->sent, SizeIs(2));
}

TEST_F(Notifier, WhatThrowsIsAFailedTryAndTakesNobodyDown) {
  transport->throws = true;
  start_notifier();
  const auto job = complete_job();
  const auto delivery = delivery_of(job);
  EXPECT_EQ(delivery.status, DeliveryStatus::pending);
  ASSERT_THAT(delivery.tries, SizeIs(1));
  EXPECT_THAT(delivery.tries[0].error, testing::HasSubstr("see its log"));
  transport->throws = false;
  advance(7s);
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
}

TEST_F(Notifier, SendsNothingOfAJobThatWasDeleted) {
  transport->answers[hook] = ScriptedTransport::silent();
  start_notifier();
  const auto job = complete_job();
  ASSERT_THAT(transport->sent, SizeIs(1));
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, job));
  advance(60s);
  EXPECT_THAT(transport->sent, SizeIs(1));
}

TEST_F(Notifier, WhatTheStopInterruptsIsNoTry) {
  transport->stopped = true;
  start_notifier();
  const auto job = complete_job();
  EXPECT_THAT(delivery_of(job).tries, IsEmpty());
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::pending);
}

TEST_F(Notifier, SendsNothingMoreWhileItCannotBeKept) {
  start_notifier();
  transport->answers[hook] = ScriptedTransport::silent();
  const auto job = complete_job();
  ASSERT_THAT(transport->sent, SizeIs(1));
  transport->answers.clear();
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  advance(6s);
  EXPECT_THAT(transport->sent, SizeIs(2)) << "sent, and nobody could write it down";
  advance(60s);
  EXPECT_THAT(transport->sent, SizeIs(2));
  store->heal();
  advance(3s);
  EXPECT_THAT(transport->sent, SizeIs(2));
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
  // It was silent for long.
  worker = join("worker-1", 4, {}, 2);
  const auto other = complete_job("https://example.org/");
  EXPECT_EQ(delivery_of(other).status, DeliveryStatus::delivered);
}

TEST_F(Notifier, BeginsNothingNewWhileItCannotBeKept) {
  start_notifier(1);
  std::vector<jobs::JobId> jobs;
  for (int i = 0; i < 4; ++i) {
    const auto target = "https://host" + std::to_string(i) + ".example/";
    transport->answers[target] = {.attempt = {.status = 503}};
    jobs.push_back(complete_job(target));
  }
  ASSERT_THAT(transport->sent, SizeIs(4));
  transport->answers.clear();
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  advance(60s);
  EXPECT_THAT(transport->sent, SizeIs(5)) << "all four are due, and there is one sender";
  store->heal();
  advance(5s);
  EXPECT_THAT(transport->sent, SizeIs(8)) << "each once more";
  for (const auto& job : jobs)
    EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
}

TEST_F(Notifier, TellsARegistryThatWasStartedAgain) {
  start_notifier();
  const auto before = complete_job();
  kill(registry);
  RegistryOptions options;
  options.outbox.webhooks = true;
  start_registry(options);
  caf::anon_send(registry, atom::catalogue_v, catalogue);
  introduce();
  worker = join("worker-1", 4, {}, 2);
  const auto job = complete_job();
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
  EXPECT_EQ(delivery_of(before).status, DeliveryStatus::delivered);
}

/// Senders that keep what they are given until they are told what came of it.
class SlowNotifier : public Notifier {
 protected:
  /// A sender that answers when it is told to.
  using HoldingSender = DeliverySenderActor::extend<caf::reacts_to<atom::flush>>;

  struct Sending {
    jobs::JobId id;
    caf::actor_id sender = 0;
    caf::typed_response_promise<SentDelivery> promise;
    std::optional<TriedDelivery> tried = {};
  };
  using Held = std::shared_ptr<std::deque<Sending>>;

  static HoldingSender::behavior_type hold(HoldingSender::pointer self, const Held& held) {
    return {[self, held](atom::deliver, const jobs::JobId& id) -> caf::result<SentDelivery> {
              auto promise = self->make_response_promise<SentDelivery>();
              held->push_back({id, self->id(), promise});
              return promise;
            },
            [self, held](atom::flush) {
              std::erase_if(*held, [&](Sending& sending) {
                if (sending.sender != self->id() || !sending.tried) return false;
                sending.promise.deliver(SentDelivery{sending.tried});
                return true;
              });
            }};
  }

  DeliverySenderActor holding_sender() {
    senders.push_back(keep(system().spawn(hold, held)));
    return senders.back();
  }

  void start(std::size_t count, std::size_t of_receiver = 3) {
    notifier = keep(
        system().spawn(actors::notifier,
                       NotifierOptions{.limits = {.senders = count, .of_receiver = of_receiver}}));
    introduce();
    for (std::uint32_t slot = 0; slot < count; ++slot)
      caf::anon_send(notifier, atom::sender_v, slot, holding_sender());
    run();
  }

  void answer(std::size_t which, const TriedDelivery& tried) {
    held->at(which).tried = tried;
    auto& at = held->at(which).tried->attempt.at;
    if (at == jobs::Timestamp{}) at = now();
    for (const auto& sender : senders)
      caf::anon_send(sender, atom::flush_v);
    run();
  }

  std::vector<std::string> targets() const {
    std::vector<std::string> found;
    for (const auto& sending : *held)
      found.push_back(store->delivery(sending.id).value()->target);
    return found;
  }

  std::vector<HoldingSender> senders;
  Held held = std::make_shared<std::deque<Sending>>();
};

TEST_F(SlowNotifier, ADeadReceiverDelaysNothingElse) {
  start(2);
  for (int i = 0; i < 8; ++i)
    complete_job("https://dead.example/" + std::to_string(i));
  EXPECT_THAT(targets(), ElementsAre("https://dead.example/0"));
  complete_job("https://alive.example/");
  EXPECT_THAT(targets(), ElementsAre("https://dead.example/0", "https://alive.example/"));
  answer(1, ScriptedTransport::taken());
  complete_job("https://alive.example/2");
  EXPECT_THAT(targets(), ElementsAre("https://dead.example/0", "https://alive.example/2"));
}

TEST_F(SlowNotifier, ComesBackToWhatItHadNoRoomFor) {
  start(1);
  constexpr int count = 7;  // One is being sent, three wait, and the others lie behind.
  std::vector<jobs::JobId> jobs;
  for (int i = 0; i < count; ++i) {
    jobs.push_back(complete_job("https://example.com/" + std::to_string(i)));
    advance(6s);
    EXPECT_TRUE(beat(worker, {}, 4));
  }
  for (int i = 0; i < count; ++i) {
    ASSERT_THAT(*held, SizeIs(1)) << i;
    answer(0, ScriptedTransport::taken());
    for (int step = 0; step < 2; ++step) {
      advance(6s);
      EXPECT_TRUE(beat(worker, {}, 4));
    }
  }
  for (const auto& job : jobs)
    EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
  EXPECT_THAT(*held, IsEmpty());
}

TEST_F(SlowNotifier, ATenantWhoseReceiversSayNothingDelaysNobodyElse) {
  start(8);
  for (int i = 0; i < 40; ++i)
    complete_job("https://hangs" + std::to_string(i) + ".example/", "anna");
  EXPECT_THAT(*held, SizeIs(4)) << "new receivers have half of the senders";
  complete_job("https://alive.example/", "bert");
  ASSERT_THAT(targets(), testing::Contains("https://alive.example/"));
  answer(4, ScriptedTransport::taken());
  complete_job("https://alive.example/2", "bert");
  EXPECT_THAT(targets(), testing::Contains("https://alive.example/2"));
}

TEST_F(SlowNotifier, WithoutTenantsReceiversThatSayNothingDelayNoneThatAnswers) {
  start(8);
  complete_job("https://alive.example/");
  answer(0, ScriptedTransport::taken());
  for (int i = 0; i < 40; ++i)
    complete_job("https://hangs" + std::to_string(i) + ".example/");
  EXPECT_THAT(*held, SizeIs(6)) << "a quarter of the senders is kept";
  for (const std::string path : {"2", "3", "4"}) {
    complete_job("https://alive.example/" + path);
    ASSERT_THAT(targets(), testing::Contains("https://alive.example/" + path));
    answer(6, ScriptedTransport::taken());
  }
}

TEST_F(SlowNotifier, AnAnswerThatTookLongIsAsGoodAsNone) {
  start(8);
  complete_job("https://slow.example/");
  auto late = ScriptedTransport::taken();
  late.attempt.milliseconds = 19'000;
  answer(0, late);
  for (int i = 0; i < 40; ++i)
    complete_job("https://hangs" + std::to_string(i) + ".example/");
  complete_job("https://slow.example/2");
  EXPECT_THAT(targets(), testing::Not(testing::Contains("https://slow.example/2")));
}

TEST_F(SlowNotifier, AnAddressThatWasNeverAskedIsNotSilent) {
  start(8);
  complete_job("https://alive.example/");
  answer(0, ScriptedTransport::taken());
  complete_job("https://alive.example/private");
  answer(0, {.attempt = {.error = "That address is none of the public ones."},
             .verdict = DeliveryVerdict::refused});
  for (int i = 0; i < 40; ++i)
    complete_job("https://hangs" + std::to_string(i) + ".example/");
  complete_job("https://alive.example/2");
  EXPECT_THAT(targets(), testing::Contains("https://alive.example/2")) << "it is proven still";
}

TEST_F(SlowNotifier, WhatIsSentAgainByHandWhileItIsTriedIsTriedAgain) {
  start(2);
  const auto job = complete_job();
  ASSERT_THAT(*held, SizeIs(1));
  const auto delivery = delivery_of(job);
  advance(2s);
  ASSERT_TRUE(ask<DeliveryList>(registry, atom::replay_v, job, delivery.id));
  run();
  EXPECT_THAT(*held, SizeIs(1)) << "not beside the other";
  auto before = ScriptedTransport::taken();
  before.attempt.at = delivery.due_at;
  answer(0, before);
  ASSERT_THAT(*held, SizeIs(1));
  EXPECT_EQ(held->front().id, delivery.id);
  auto after = ScriptedTransport::taken();
  after.attempt.at = delivery.due_at + 3s;
  answer(0, after);
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
  EXPECT_THAT(delivery_of(job).tries, SizeIs(2));
  advance(120s);
  EXPECT_THAT(*held, IsEmpty());
}

TEST_F(SlowNotifier, ASenderThatHangsIsEndedAndItsDeliverySentByAnother) {
  start(1);
  const auto job = complete_job();
  ASSERT_THAT(*held, SizeIs(1));
  caf::scoped_actor watcher{system()};
  watcher->monitor(senders.front());
  advance(69s);
  EXPECT_TRUE(watcher->mailbox().empty()) << "it has its time";
  advance(2s);
  bool ended = false;
  watcher->receive([&](const caf::down_msg& down) { ended = down.source == senders.front(); },
                   caf::after(0s) >> [] {});
  ASSERT_TRUE(ended);
  held->clear();
  caf::anon_send(notifier, atom::sender_v, std::uint32_t{0}, holding_sender());
  advance(12s);
  ASSERT_THAT(*held, SizeIs(1));
  answer(0, ScriptedTransport::taken());
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
}

TEST_F(SlowNotifier, GoesThroughABacklogNowAndThenOnly) {
  constexpr std::size_t backlog = 300;  // Several pages.
  start(1, 1);
  for (std::size_t i = 0; i < backlog; ++i)
    complete_job();
  advance(6s);
  EXPECT_TRUE(beat(worker, {}, 4));
  const auto before = store->due_read();
  advance(5s);
  EXPECT_TRUE(beat(worker, {}, 4));
  EXPECT_EQ(store->due_read(), before) << "all of it was seen, and there is no room";
  // Now there is room for one.
  answer(0, ScriptedTransport::taken());
  advance(5s);
  EXPECT_TRUE(beat(worker, {}, 4));
  EXPECT_THAT(*held, SizeIs(1));
  EXPECT_LE(store->due_read() - before, backlog) << "one round";
  answer(0, ScriptedTransport::taken());
  advance(5s);
  EXPECT_LE(store->due_read() - before, backlog) << "the next comes later";
  advance(6s);
  EXPECT_GT(store->due_read() - before, backlog);
  EXPECT_THAT(*held, SizeIs(1));
}

TEST_F(SlowNotifier, WhatIsBeingSentIsNotSentTwice) {
  start(2);
  complete_job();
  // Looks from the beginning are among these.
  advance(65s);
  EXPECT_THAT(*held, SizeIs(1));
}

TEST_F(SlowNotifier, WhatASenderLeavesBehindIsSentByAnother) {
  start(2);
  const auto job = complete_job();
  ASSERT_THAT(*held, SizeIs(1));
  held->clear();
  kill(senders.front());
  caf::anon_send(notifier, atom::sender_v, std::uint32_t{0}, holding_sender());
  // Another is sent meanwhile, so that looks go on from there.
  advance(6s);
  complete_job("https://example.org/");
  ASSERT_THAT(*held, SizeIs(1));
  answer(0, ScriptedTransport::taken());
  advance(60s);
  EXPECT_THAT(*held, IsEmpty()) << "the request to the dead one has not ended yet";
  advance(60s);
  ASSERT_THAT(*held, SizeIs(1));
  answer(0, ScriptedTransport::taken());
  EXPECT_EQ(delivery_of(job).status, DeliveryStatus::delivered);
}

}  // namespace
}  // namespace darkroom::actors
