#include <chrono>
#include <csignal>

#include <gtest/gtest.h>

#include "tests/cluster/program.hpp"

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;

TEST(StandaloneWorker, WaitsForItsServiceAndStopsWhenTold) {
  const tests::TemporaryFolder folder;
  // Nothing listens on port 1, which only root may open.
  Program worker{{"worker", "--config=none", "--join=127.0.0.1:1", "--name=lone",
                  "--storage-path=" + (folder.path() / "data").string()}};
  ASSERT_TRUE(worker.wait_for_output("waiting for the coordinator"));
  worker.send(SIGTERM);
  EXPECT_EQ(worker.wait_for_exit(3s), 0);
}

}  // namespace
}  // namespace darkroom::cluster
