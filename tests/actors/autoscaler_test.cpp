#include "actors/autoscaler.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tests/actors/virtual_time_test.hpp"

namespace darkroom::actors {
namespace {

using namespace std::chrono_literals;

class AutoscalerActorTest : public VirtualTimeTest {
 protected:
  AutoscalerActorTest() {
    actor = keep(system().spawn(
        autoscaler,
        AutoscalerConfig{.query = {.node = "paris", .queues = {"media"}},
                         .scaler = jobs::Autoscaler{{.min = 1, .max = 4}, 30s},
                         .apply = [this](std::uint32_t slots) { applied.push_back(slots); }}));
    registry = keep(system().spawn(answer, this));
    caf::anon_send(actor, atom::registry_v, registry);
    run();
  }

  static DemandActor::behavior_type answer(DemandActor::pointer, AutoscalerActorTest* test) {
    return {[test](atom::demand, const DemandQuery& query) -> caf::result<Demand> {
      EXPECT_EQ(query.node, "paris");
      EXPECT_EQ(query.queues, std::vector<std::string>{"media"});
      if (!test->reachable) return caf::make_error(caf::sec::runtime_error);
      return test->demand;
    }};
  }

  AutoscalerActor actor;
  DemandActor registry;
  Demand demand;
  bool reachable = true;
  std::vector<std::uint32_t> applied;
};

TEST_F(AutoscalerActorTest, FollowsTheDemandOfItsQueues) {
  demand = {.waiting = 10, .running = 1};
  advance(5s);
  EXPECT_EQ(applied, (std::vector<std::uint32_t>{2, 4}));
  demand = {};
  advance(60s);
  EXPECT_EQ(applied, (std::vector<std::uint32_t>{2, 4, 1}));
}

TEST_F(AutoscalerActorTest, LeavesAllAsItIsWhileNobodyKnowsTheDemand) {
  demand = {.waiting = 10, .running = 1};
  advance(5s);
  reachable = false;
  advance(300s);
  EXPECT_EQ(applied, (std::vector<std::uint32_t>{2, 4}));
}

}  // namespace
}  // namespace darkroom::actors
