#include "actors/worker_process.hpp"

#include <fstream>
#include <functional>
#include <future>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include "actors/message_block.hpp"
#include "tests/cluster/eventually.hpp"
#include "tests/files/temporary_folder.hpp"

// Real processes, so in real time.

namespace darkroom::actors {
namespace {

struct Config : caf::actor_system_config {
  Config() { add_messages(*this); }
};

class WorkerProcessTest : public testing::Test {
 protected:
  /// Each process adds a line with its pid to the file, and one when it was told to end.
  void start(bool wanted) {
    // In this order: who reads that it has begun may tell it to end at once. Nothing that it starts
    // lives for long, as a signal that comes just then may not reach it.
    start(wanted, "trap 'echo ended >> \"" + log.string() + "\"; exit 0' TERM; echo begun >> '" +
                      log.string() + "'; while :; do sleep 0.02; done");
  }

  void start(bool wanted, const std::string& script) {
    actor = self->spawn<caf::detached + caf::monitored>(
        worker_process,
        WorkerProcessOptions{.worker = "anna",
                             .program = "/bin/sh",
                             .arguments =
                                 [script] {
                                   return std::vector<std::string>{"sh", "-c", script};
                                 },
                             .wanted = wanted,
                             .lease = std::chrono::seconds{60},
                             .silent_leases = 3,
                             .retirement = std::chrono::seconds{1}});
  }

  ~WorkerProcessTest() override {
    self->send_exit(actor, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
    actor = nullptr;
  }

  std::string written() const {
    std::ifstream file{log};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  testing::AssertionResult comes_to(const std::string& lines) {
    if (cluster::eventually([&] { return written() == lines; })) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << written();
  }

  tests::TemporaryFolder folder;
  std::filesystem::path log = folder.path() / "log";
  Config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  WorkerProcessActor actor;
};

TEST_F(WorkerProcessTest, RunsWhileItIsWanted) {
  start(false);
  caf::anon_send(actor, atom::scale_v, true);
  EXPECT_TRUE(comes_to("begun\n"));
  caf::anon_send(actor, atom::scale_v, false);
  EXPECT_TRUE(comes_to("begun\nended\n"));
  caf::anon_send(actor, atom::scale_v, true);
  EXPECT_TRUE(comes_to("begun\nended\nbegun\n"));
}

TEST_F(WorkerProcessTest, IsFollowedByAnotherWhereItIsWantedAgainBeforeItHasEnded) {
  start(true);
  EXPECT_TRUE(comes_to("begun\n"));
  caf::anon_send(actor, atom::scale_v, false);
  caf::anon_send(actor, atom::scale_v, true);
  EXPECT_TRUE(comes_to("begun\nended\nbegun\n"));
}

TEST_F(WorkerProcessTest, SaysThatAProcessEndedBecauseItWasToldTo) {
  std::promise<std::string> told;
  const AttendanceActor registry = system.spawn(
      [](std::promise<std::string>& heard) -> AttendanceActor::behavior_type {
        return {[](atom::joined, const std::string&) {
                  return Attendance{true, true};
                },
                [&heard](atom::exited, const std::string&, const std::string& how) {
                  heard.set_value(how);
                }};
      },
      std::ref(told));
  start(true);
  caf::anon_send(actor, atom::registry_v, registry);
  EXPECT_TRUE(comes_to("begun\n"));
  caf::anon_send(actor, atom::scale_v, false);
  auto how = told.get_future();
  ASSERT_EQ(how.wait_for(std::chrono::seconds{10}), std::future_status::ready);
  EXPECT_EQ(how.get(), "exit code 0, as it was told to");
}

TEST_F(WorkerProcessTest, IsKilledWhereItDoesNotEnd) {
  start(true, "trap '' TERM; echo begun >> '" + log.string() + "'; exec sleep 600");
  EXPECT_TRUE(comes_to("begun\n"));
  caf::anon_send(actor, atom::scale_v, false);
  caf::anon_send(actor, atom::scale_v, true);
  EXPECT_TRUE(comes_to("begun\nbegun\n"));
  // Or it would be in the way of the test's end.
  caf::anon_send(actor, atom::scale_v, false);
  self->send_exit(actor, caf::exit_reason::kill);
}

}  // namespace
}  // namespace darkroom::actors
