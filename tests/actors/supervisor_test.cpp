#include "actors/supervisor.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/virtual_time_test.hpp"

namespace darkroom::actors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

/// The least that can be supervised.
using ChildActor = caf::typed_actor<caf::reacts_to<atom::run>>;

class SupervisorTest : public VirtualTimeTest {
 protected:
  static ChildActor::behavior_type run_child(ChildActor::pointer self,
                                             std::vector<std::string>* log, const std::string& name,
                                             bool stubborn) {
    self->set_exit_handler([self, log, name, stubborn](caf::exit_msg& exit) {
      log->push_back("stop " + name);
      if (!stubborn) self->quit(exit.reason);
    });
    return {[](atom::run) {}};
  }

  ChildSpec child(const std::string& name, std::size_t stage = 0, bool stubborn = false) {
    return {.name = name,
            .start =
                [this, name, stubborn](caf::actor_system& sys) {
                  log.push_back("start " + name);
                  auto actor = sys.spawn(run_child, &log, name, stubborn);
                  running[name] = caf::actor_cast<caf::strong_actor_ptr>(actor);
                  return running[name];
                },
            .stage = stage};
  }

  SupervisorActor start(std::vector<ChildSpec> children, jobs::RestartPolicy policy = {}) {
    SupervisorOptions options;
    options.policy = policy;
    options.escalate = [this](const std::string& text) { escalated.push_back(text); };
    auto actor = keep(system().spawn(supervisor, std::move(options), std::move(children)));
    run();
    return actor;
  }

  ~SupervisorTest() override {
    for (const auto& [name, handle] : running)
      kill(caf::actor_cast<caf::actor>(handle));
  }

  void crash(const std::string& name) { kill(caf::actor_cast<caf::actor>(running.at(name))); }

  std::vector<std::string> log;
  std::vector<std::string> escalated;
  std::map<std::string, caf::strong_actor_ptr> running;
};

TEST_F(SupervisorTest, RestartsAFailedChildAfterOneTwoFourSeconds) {
  start({child("a")});
  for (const auto wait : {milliseconds{1'000}, milliseconds{2'000}, milliseconds{4'000}}) {
    log.clear();
    crash("a");
    advance(wait - milliseconds{20});
    EXPECT_TRUE(log.empty()) << wait.count();
    advance(milliseconds{30});
    EXPECT_THAT(log, ElementsAre("start a"));
  }
}

TEST_F(SupervisorTest, StartsOverAfterACalmMinute) {
  start({child("a")});
  crash("a");
  advance(milliseconds{1'100});
  advance(seconds{61});
  log.clear();
  crash("a");
  advance(milliseconds{1'100});
  EXPECT_THAT(log, ElementsAre("start a"));
}

TEST_F(SupervisorTest, LeavesTheOtherChildrenAlone) {
  start({child("a"), child("b")});
  log.clear();
  crash("a");
  advance(seconds{2});
  EXPECT_THAT(log, ElementsAre("start a"));
}

TEST_F(SupervisorTest, EscalatesAfterTooManyRestartsAndStopsTheRest) {
  jobs::RestartPolicy policy;
  policy.restarts = 2;
  start({child("a"), child("b")}, policy);
  for (int i = 0; i < 3; ++i) {
    crash("a");
    advance(seconds{5});
  }
  ASSERT_EQ(escalated.size(), 1U);
  EXPECT_THAT(escalated[0], HasSubstr("a failed too often"));
  EXPECT_EQ(log.back(), "stop b");
}

TEST_F(SupervisorTest, GoesOnWithoutAChildThatIsNotVital) {
  jobs::RestartPolicy policy;
  policy.restarts = 2;
  auto worker = child("worker");
  worker.vital = false;
  start({child("registry"), worker}, policy);
  for (int i = 0; i < 10; ++i) {
    crash("worker");
    advance(seconds{31});
  }
  EXPECT_TRUE(escalated.empty());
  EXPECT_THAT(log, testing::Not(testing::Contains("stop registry")));
  EXPECT_EQ(std::ranges::count(log, "start worker"), 11);
}

TEST_F(SupervisorTest, AStartThatThrowsIsAFailureLikeAnother) {
  int tries = 0;
  auto flaky = child("a");
  flaky.start = [&tries, start = flaky.start](caf::actor_system& sys) {
    if (++tries == 1) throw std::runtime_error{"no thread"};
    return start(sys);
  };
  start({flaky});
  EXPECT_TRUE(log.empty());
  advance(milliseconds{1'100});
  EXPECT_THAT(log, ElementsAre("start a"));
}

TEST_F(SupervisorTest, StopsTheHighestStageFirst) {
  const auto actor = start({child("registry", 0), child("janitor", 1), child("worker", 2)});
  log.clear();
  kill(actor, caf::exit_reason::user_shutdown);
  EXPECT_THAT(log, ElementsAre("stop worker", "stop janitor", "stop registry"));
}

TEST_F(SupervisorTest, KillsAChildThatDoesNotStop) {
  const auto actor = start({child("registry", 0), child("stuck", 1, true)});
  log.clear();
  kill(actor, caf::exit_reason::user_shutdown);
  EXPECT_THAT(log, ElementsAre("stop stuck"));
  advance(seconds{6});
  EXPECT_THAT(log, ElementsAre("stop stuck", "stop registry"));
}

TEST_F(SupervisorTest, DoesNotRestartWhatItStopped) {
  const auto actor = start({child("a")});
  kill(actor, caf::exit_reason::user_shutdown);
  log.clear();
  advance(seconds{60});
  EXPECT_TRUE(log.empty());
}

}  // namespace
}  // namespace darkroom::actors
