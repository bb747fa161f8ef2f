#include "actors/registry_link.hpp"

#include <gtest/gtest.h>

#include "actors/committer.hpp"
#include "tests/actors/registry_fixture.hpp"

// What a node's actors get of a registry that is elsewhere, and what they get while it is not
// there.

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;

/// Writes nothing, so that whoever asks for a change waits.
class StuckCommitter final : public Committer {
 public:
  void start(persistence::WriteSet) override {}
  std::optional<Outcome> take() override { return std::nullopt; }
  Outcome wait() override { return {}; }
};

class RegistryLinkTest : public RegistryFixture {
 protected:
  RegistryLinkActor start_link(std::uint64_t incarnation = 7, NodeRole role = NodeRole::ingest) {
    RegistryLinkConfig config;
    config.hello = {.node = {"paris", incarnation}, .role = role, .version = "1"};
    config.hello.queues = queues;
    config.hello.starts_on_demand = on_demand;
    config.connect = [this](RegistryLinkActor::pointer,
                            const std::function<void(ClusterRegistryActor)>& connected,
                            const std::function<void(std::string)>& failed) {
      ++tries;
      if (registry) {
        connected(registry);
      } else {
        failed("nobody is there");
      }
    };
    config.enlisted = [this](const NodeWelcome& welcome) { welcomes.push_back(welcome); };
    link = keep(system().spawn(registry_link, std::move(config)));
    run();
    advance(10ms);
    return link;
  }

  void start_stuck_registry() {
    RegistryOptions options;
    options.new_committer = [](const std::shared_ptr<persistence::JobStore>&,
                               const std::function<void()>&) {
      return std::make_unique<StuckCommitter>();
    };
    start_registry(options);
  }

  void kill_registry() {
    kill(registry);
    registry = nullptr;
    run();
  }

  RegistryLinkActor link;
  int tries = 0;
  std::vector<std::string> queues;
  bool on_demand = false;
  std::vector<NodeWelcome> welcomes;
};

TEST_F(RegistryLinkTest, GivesAWorkerNodeNoKeyForClients) {
  RegistryOptions options;
  options.client_url_key = "a key";
  start_registry(options);
  start_link(7, NodeRole::worker);
  ASSERT_EQ(welcomes.size(), 1U);
  EXPECT_EQ(welcomes[0].client_url_key, "");
}

TEST_F(RegistryLinkTest, PassesRequestsOnAndAnswersBack) {
  RegistryOptions options;
  options.version = "2.0";
  options.files.path = "/data";
  options.client_url_key = "a key";
  start_registry(options);
  start_link();
  ASSERT_EQ(welcomes.size(), 1U);
  EXPECT_EQ(welcomes[0].version, "2.0");
  EXPECT_EQ(welcomes[0].files.path, "/data");
  EXPECT_EQ(welcomes[0].client_url_key, "a key");

  EXPECT_TRUE(ask<atom::done>(link, atom::admit_v));
  const auto job = new_job();
  const auto created = ask<CreatedJob>(link, atom::create_v, job);
  ASSERT_TRUE(created);
  EXPECT_EQ(created->job.id, job.id);
  EXPECT_EQ(ask<jobs::Job>(link, atom::get_v, job.id)->status, jobs::JobStatus::pending);
  EXPECT_EQ(ask<ServiceStatus>(link, atom::status_v)->pending, 1U);
  EXPECT_NE(ask<KeyTable>(link, atom::api_keys_v, std::uint64_t{0})->version, 0U);
  EXPECT_EQ(ask<jobs::Job>(link, atom::cancel_v, job.id)->status, jobs::JobStatus::cancelled);
  EXPECT_EQ(ask<jobs::Job>(link, atom::retry_v, job.id)->status, jobs::JobStatus::pending);
  EXPECT_EQ(ask<jobs::Job>(link, atom::remove_v, job.id)->id, job.id);
  EXPECT_EQ(ask<jobs::Job>(link, atom::get_v, job.id).error().code, ServiceErrorCode::unknown_job);
}

TEST_F(RegistryLinkTest, HearsWhichQueuesThereAre) {
  RegistryOptions options;
  options.queue_weights = {{"media", 3}};
  start_registry(options);
  start_link();
  ASSERT_EQ(welcomes.size(), 1U);
  EXPECT_EQ(welcomes[0].queues, (std::vector<std::string>{"default", "media"}));
}

TEST_F(RegistryLinkTest, ANodeThatStartsWorkersOnDemandCountsUnlessNoWorkCanComeToIt) {
  start_registry();
  on_demand = true;
  start_link();
  const auto resting = [this] {
    return ask<ServiceStatus>(registry, atom::status_v)->resting_nodes;
  };
  EXPECT_EQ(resting(), 1U);
  EXPECT_EQ(ask<ServiceStatus>(link, atom::status_v)->resting_nodes, 1U);
  kill(link);
  EXPECT_EQ(resting(), 0U);

  queues = {"nobodys"};
  start_link(8);
  EXPECT_EQ(resting(), 0U);
  kill(link);
  queues = {"nobodys", "default"};
  start_link(9);
  EXPECT_EQ(resting(), 1U);
}

TEST_F(RegistryLinkTest, TellsOfTheWorkersOfItsNode) {
  start_registry();
  start_link();
  const auto anna = join("anna");
  EXPECT_TRUE(ask<Attendance>(link, atom::joined_v, std::string{"anna"})->here);
  const auto job = create();
  kill(anna.actor);
  caf::anon_send(link, atom::exited_v, std::string{"anna"}, std::string{"signal 11"});
  run();
  EXPECT_NE(get(job.id).attempts.at(0).error.value_or("").find("signal 11"), std::string::npos);
}

TEST_F(RegistryLinkTest, RefusesWhileTheRegistryIsAwayAndFindsItAgain) {
  start_link();
  EXPECT_EQ(ask<atom::done>(link, atom::admit_v).error().code, ServiceErrorCode::unavailable);
  start_registry();
  advance(2s);
  EXPECT_EQ(welcomes.size(), 1U);
  EXPECT_TRUE(ask<atom::done>(link, atom::admit_v));
  kill_registry();
  EXPECT_EQ(ask<atom::done>(link, atom::admit_v).error().code, ServiceErrorCode::unavailable);
  start_registry();
  advance(2s);
  EXPECT_EQ(welcomes.size(), 2U);
  EXPECT_TRUE(ask<atom::done>(link, atom::admit_v));
}

TEST_F(RegistryLinkTest, ASecondNodeOfOneNameIsRefusedWhileTheFirstLives) {
  start_registry();
  const auto first = start_link(1);
  const auto second = start_link(2);
  advance(60s);
  EXPECT_EQ(welcomes.size(), 1U);
  EXPECT_TRUE(ask<atom::done>(first, atom::admit_v));
  EXPECT_EQ(ask<atom::done>(second, atom::admit_v).error().code, ServiceErrorCode::unavailable);
  kill(first);
  advance(10s);
  EXPECT_EQ(welcomes.size(), 2U);
  EXPECT_TRUE(ask<atom::done>(second, atom::admit_v));
}

TEST_F(RegistryLinkTest, TriesEverLessOften) {
  start_link();
  advance(10s);
  const int in_ten_seconds = tries;
  EXPECT_GE(in_ten_seconds, 7);
  EXPECT_LE(in_ten_seconds, 12);
  advance(600s);
  // Every two seconds, for ever.
  EXPECT_NEAR(tries - in_ten_seconds, 300, 10);
}

TEST_F(RegistryLinkTest, WhoWaitsHearsAtOnceThatTheConnectionBroke) {
  start_stuck_registry();
  start_link();
  caf::scoped_actor self{system()};
  auto answer = self->request(link, 3'600s, atom::create_v, new_job());
  run();
  kill_registry();
  // No time passes here.
  bool answered = false;
  answer.receive([](const CreatedJob&) { ADD_FAILURE(); },
                 [&](const caf::error& error) {
                   answered = true;
                   EXPECT_EQ(to_service_error(error).code, ServiceErrorCode::unavailable);
                 });
  EXPECT_TRUE(answered);
}

TEST_F(RegistryLinkTest, WhoWaitsHearsInTimeThatNoAnswerCame) {
  start_stuck_registry();
  start_link();
  caf::scoped_actor self{system()};
  auto answer = self->request(link, 3'600s, atom::create_v, new_job());
  advance(5s);
  bool answered = false;
  answer.receive([](const CreatedJob&) { ADD_FAILURE(); },
                 [&](const caf::error&) { answered = true; });
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace darkroom::actors
