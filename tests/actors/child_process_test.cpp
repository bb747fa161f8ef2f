#include "actors/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <future>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace darkroom::actors {
namespace {

class ChildProcessTest : public testing::Test {
 protected:
  ChildProcess::OnExit keep_exit() {
    return [this](const ProcessExit& exit) { ended.set_value(exit); };
  }

  ProcessExit exit() { return ended.get_future().get(); }

  std::promise<ProcessExit> ended;
};

TEST_F(ChildProcessTest, ReportsACleanEnd) {
  const auto process = ChildProcess::start("/bin/true", {"/bin/true"}, keep_exit());
  ASSERT_TRUE(process);
  EXPECT_TRUE(exit().clean);
}

TEST_F(ChildProcessTest, ReportsAnExitCode) {
  const auto process = ChildProcess::start("/bin/sh", {"/bin/sh", "-c", "exit 7"}, keep_exit());
  ASSERT_TRUE(process);
  const auto how = exit();
  EXPECT_FALSE(how.clean);
  EXPECT_EQ(how.description, "exit code 7");
}

TEST_F(ChildProcessTest, ReportsTheSignalThatKilledIt) {
  const auto process = ChildProcess::start("/bin/sleep", {"/bin/sleep", "600"}, keep_exit());
  ASSERT_TRUE(process);
  (*process)->signal(SIGKILL);
  EXPECT_EQ(exit().description, "signal 9 (Killed)");
}

TEST_F(ChildProcessTest, LeavesNoProcessBehind) {
  pid_t pid = 0;
  {
    const auto process = ChildProcess::start("/bin/sleep", {"/bin/sleep", "600"}, keep_exit());
    ASSERT_TRUE(process);
    pid = (*process)->pid();
    ASSERT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST_F(ChildProcessTest, IsOutOfReachOfTheTerminalsCtrlC) {
  const auto process = ChildProcess::start("/bin/sleep", {"/bin/sleep", "600"}, keep_exit());
  ASSERT_TRUE(process);
  EXPECT_EQ(getpgid((*process)->pid()), (*process)->pid());
}

TEST_F(ChildProcessTest, SaysWhyAProgramCannotBeStarted) {
  const auto process = ChildProcess::start("/no/such/program", {"/no/such/program"}, keep_exit());
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error(), "cannot start /no/such/program: No such file or directory");
}

}  // namespace
}  // namespace darkroom::actors
