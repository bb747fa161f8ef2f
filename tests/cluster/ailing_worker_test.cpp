#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/free_port.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/persistence/small_file_system.hpp"

// A worker node whose own disk takes nothing.

namespace darkroom::cluster {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::vector<std::string> worker_arguments(int port, const std::filesystem::path& storage) {
  return {"worker",
          "--config=none",
          "--name=lone",
          "--slots=1",
          "--worker-files=network",
          "--join=127.0.0.1:" + std::to_string(port),
          "--storage-path=" + storage.string()};
}

TEST(AilingWorker, LeavesJobsToOthersWhileItsDiskIsFullAndWorksAgainOnceThereIsRoom) {
  const auto disk = persistence::SmallFileSystem::mount(std::size_t{1} << 20U);
  if (!disk) GTEST_SKIP() << "mounting a small file system takes root";
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  const int port = free_port();
  const ServiceProcess service{data, 1, {"--node-join=" + std::to_string(port)}};
  const Program worker{worker_arguments(port, disk->path())};
  ASSERT_TRUE(eventually([&] { return service.client().workers() == 2; })) << worker.output();
  disk->fill();

  const std::string picture = jpeg_of(quadrants(400, 300));
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i)
    ids.push_back(service.client().create_job("a.jpg", picture));
  for (const auto& id : ids) {
    const JobReport job = service.client().wait_for_end(id);
    EXPECT_EQ(job.status, "completed") << job.error_message;
    EXPECT_EQ(job.attempts.back().worker, "local-1");
  }
  const auto full = "no space left in " + (disk->path() / "temporary").string();
  ASSERT_TRUE(worker.wait_for_output("takes no jobs for 1 s, and then tries one: " + full));
  Program list{{"workers", "list", "--config=none", "--storage-path=" + data.string()}};
  ASSERT_EQ(list.wait_for_exit(), 0);
  EXPECT_THAT(list.output(), AllOf(HasSubstr("ailing"), HasSubstr("lone-1 is ailing: " + full)));

  disk->give_back();
  kill(service.worker("local-1").pid, SIGSTOP);
  for (int i = 0; i < 2; ++i)
    ids.push_back(service.client().create_job("a.jpg", picture));
  EXPECT_TRUE(worker.wait_for_output("this worker's machine can do jobs again"));
  kill(service.worker("local-1").pid, SIGCONT);
  for (const auto& id : ids)
    EXPECT_EQ(service.client().wait_for_end(id).status, "completed");
}

TEST(AilingWorker, DoesNotStartWithAFolderThatCannotBeUsed) {
  const tests::TemporaryFolder folder;
  std::ofstream{folder.path() / "file"} << "no folder";
  Program worker{worker_arguments(1, folder.path() / "file")};
  EXPECT_EQ(worker.wait_for_exit(5s), 1);
  EXPECT_THAT(worker.output(), AllOf(HasSubstr("cannot start: the folder "),
                                     HasSubstr("Not a directory"), HasSubstr("storage.path")));
}

}  // namespace
}  // namespace darkroom::cluster
