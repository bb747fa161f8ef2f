#include <cstdlib>
#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "nodes/confinement.hpp"
#include "nodes/open_files.hpp"

// Limits cannot be taken back, so each test has a process of its own.

namespace darkroom::nodes {
namespace {

constexpr int as_expected = 3;

[[noreturn]] void exit_with(bool expected) {
  std::_Exit(expected ? as_expected : 1);
}

void set_open_files(rlim_t soft, rlim_t hard) {
  const rlimit limit{soft, hard};
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) exit_with(false);
}

rlim_t soft_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

TEST(OpenFiles, RaiseTheSoftLimitAsFarAsTheyMust) {
  EXPECT_EXIT(
      {
        set_open_files(64, 512);
        exit_with(allow_open_files(300).has_value() && soft_limit() == 300);
      },
      ::testing::ExitedWithCode(as_expected), "");
}

TEST(OpenFiles, LeaveALimitThatSuffices) {
  EXPECT_EXIT(
      {
        set_open_files(400, 512);
        exit_with(allow_open_files(300).has_value() && soft_limit() == 400);
      },
      ::testing::ExitedWithCode(as_expected), "");
}

TEST(OpenFiles, SayWhatToDoAboutAHardLimit) {
  EXPECT_EXIT(
      {
        set_open_files(64, 512);
        const auto allowed = allow_open_files(513);
        std::cerr << (allowed ? "allowed" : allowed.error());
        exit_with(!allowed);
      },
      ::testing::ExitedWithCode(as_expected),
      "513 files may have to be open at once, and this process may have 512; raise the limit");
}

TEST(OpenFiles, AreNeededByConnectionsAndTables) {
  Config config;
  const auto before = open_files_needed(config);
  config.http.max_connections += 100;
  EXPECT_EQ(open_files_needed(config), before + 200);
  config.store.max_open_files += 100;
  EXPECT_EQ(open_files_needed(config), before + 300);
}

TEST(OpenFiles, AreNeededByNodesOnlyWhereNodesMayJoin) {
  Config config;
  const auto alone = open_files_needed(config);
  config.node.max_peers += 100;
  EXPECT_EQ(open_files_needed(config), alone);
  config.node.join = 4'747;
  EXPECT_EQ(open_files_needed(config), alone + 4 * config.node.max_peers);
}

TEST(OpenFiles, HaveRoomForFewerConnectionsWhereNobodyChoseTheirNumber) {
  EXPECT_EXIT(
      {
        set_open_files(64, 1'024);
        spdlog::set_default_logger(spdlog::stderr_logger_mt("to stderr"));
        const Config fitted = fit_connections(Config{});
        exit_with(fitted.http.max_connections < Config{}.http.max_connections &&
                  allow_open_files(open_files_needed(fitted)).has_value() &&
                  open_files_needed(fitted) + 2 > 1'024);
      },
      ::testing::ExitedWithCode(as_expected), "http.max_connections is [0-9]+ instead of 2048");
}

TEST(OpenFiles, HaveNoSayInWhatSomebodyChose) {
  EXPECT_EXIT(
      {
        set_open_files(64, 1'024);
        Config config;
        config.http.max_connections = 3'000;
        const Config fitted = fit_connections(config);
        exit_with(fitted.http.max_connections == 3'000 &&
                  !allow_open_files(open_files_needed(fitted)));
      },
      ::testing::ExitedWithCode(as_expected), "");
}

[[noreturn]] void exit_confined() {
  confine_worker();
  rlimit core{1, 1};
  ::getrlimit(RLIMIT_CORE, &core);
  exit_with(core.rlim_max == 0 && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

TEST(Confinement, LeavesAWorkerNoPrivilegesAndNoCoreFiles) {
  EXPECT_EXIT(exit_confined(), ::testing::ExitedWithCode(as_expected), "");
}

}  // namespace
}  // namespace darkroom::nodes
