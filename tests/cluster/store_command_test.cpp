#include <atomic>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Outcome {
  int code = -1;
  std::string output;
};

/// Runs `darkroom store` to its end.
Outcome store(std::vector<std::string> arguments, const fs::path& data) {
  arguments.insert(arguments.begin(), "store");
  arguments.push_back("--storage-path=" + data.string());
  arguments.emplace_back("--config=none");
  Program program{arguments};
  const auto code = program.wait_for_exit();
  return {code.value_or(-1), program.output()};
}

class StoreCommand : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] fs::path backup() const { return folder_.path() / "backup"; }

  tests::TemporaryFolder folder_;
};

TEST_F(StoreCommand, BackUpWhileUploadsRunHasEachJobThatWasDoneBefore) {
  const std::string picture = jpeg_of(quadrants(320, 240));
  std::vector<std::string> done_before;
  {
    const ServiceProcess service{data()};
    for (int i = 0; i < 5; ++i)
      done_before.push_back(service.client().create_job("small.jpg", picture));
    for (const auto& id : done_before)
      ASSERT_EQ(service.client().wait_for_end(id).status, "completed");
    std::atomic<bool> stop = false;
    std::thread uploads{[&] {
      while (!stop)
        (void)service.client().upload("small.jpg", picture);
    }};
    // The second one is incremental.
    for (int i = 0; i < 2; ++i) {
      const auto made = store({"backup", backup().string()}, data());
      EXPECT_EQ(made.code, 0) << made.output;
      EXPECT_THAT(made.output, HasSubstr("backed up "));
    }
    const auto verified = store({"verify"}, data());
    EXPECT_EQ(verified.code, 0) << verified.output;
    stop = true;
    uploads.join();
    const auto refused = store({"restore", backup().string()}, data());
    EXPECT_EQ(refused.code, 1) << refused.output;
    EXPECT_THAT(refused.output, HasSubstr("stop the service"));
  }

  const auto restored = folder_.path() / "restored";
  const auto back = store({"restore", backup().string()}, restored);
  ASSERT_EQ(back.code, 0) << back.output;
  const auto verified = store({"verify"}, restored);
  EXPECT_EQ(verified.code, 0) << verified.output;
  const ServiceProcess service{restored};
  for (const auto& id : done_before) {
    const JobReport job = service.client().job(id);
    EXPECT_EQ(job.status, "completed");
    EXPECT_EQ(service.client().get(job.original_url).body, picture);
    for (const auto& rendition : job.renditions)
      EXPECT_EQ(service.client().get(rendition.url).body.size(), rendition.bytes);
  }
  // The backup also has what was under way, which goes on.
  EXPECT_EQ(service.client().job(service.client().create_job("small.jpg", picture)).id.size(), 36U);
}

TEST_F(StoreCommand, TellsWhatTheServiceHasInMemory) {
  const ServiceProcess service{data()};
  const auto stats = store({"stats"}, data());
  EXPECT_EQ(stats.code, 0) << stats.output;
  EXPECT_THAT(stats.output, HasSubstr("job store in memory of the running service"));
}

TEST_F(StoreCommand, WorksOverTheSocketOfAServiceThatWasKilled) {
  {
    ServiceProcess service{data()};
    service.program().send(SIGKILL);
    ASSERT_TRUE(service.program().wait_for_exit());
  }
  ASSERT_TRUE(fs::is_socket(data() / "control.sock"));
  const auto made = store({"backup", backup().string()}, data());
  EXPECT_EQ(made.code, 0) << made.output;
  const ServiceProcess again{data()};
  EXPECT_THAT(store({"stats"}, data()).output, HasSubstr("of the running service"));
}

TEST_F(StoreCommand, ServiceRefusesAFolderThatIsBeingRestored) {
  folder_.write("data/restore-unfinished", "");
  Program program{serve_arguments(data(), 1)};
  EXPECT_EQ(program.wait_for_exit(), 1);
  EXPECT_THAT(program.output(), HasSubstr("a restore into it was cut off"));
  EXPECT_FALSE(fs::exists(data() / "jobs"));
}

}  // namespace
}  // namespace darkroom::cluster
