#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

// `darkroom jobs` and `darkroom janitor run`, beside a running service.

namespace darkroom::cluster {
namespace {

using ::testing::HasSubstr;

class JobsCommand : public ::testing::Test {
 protected:
  [[nodiscard]] std::pair<int, std::string> run(std::vector<std::string> arguments) const {
    arguments.push_back("--storage-path=" + data().string());
    arguments.emplace_back("--config=none");
    Program program{arguments};
    const auto code = program.wait_for_exit();
    return {code.value_or(-1), program.output()};
  }

  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }

  tests::TemporaryFolder folder_;
};

TEST_F(JobsCommand, RetriesAndCancels) {
  const ServiceProcess service{data()};
  const ApiClient& client = service.client();
  const std::string whole = jpeg_of(quadrants(400, 300));
  std::vector<std::string> failed;
  for (int i = 0; i < 3; ++i)
    failed.push_back(client.create_job("cut.jpg", whole.substr(0, whole.size() / 2)));
  for (const auto& id : failed)
    ASSERT_EQ(client.wait_for_end(id).status, "failed");

  const auto [one_code, one] = run({"jobs", "retry", failed.front()});
  EXPECT_EQ(one_code, 0);
  EXPECT_EQ(one, "job " + failed.front() + " is pending\n");
  ASSERT_EQ(client.wait_for_end(failed.front()).status, "failed");

  // They fail again at once, and yet it comes to an end.
  const auto [all_code, all] = run({"jobs", "retry", "--all-failed"});
  EXPECT_EQ(all_code, 0);
  EXPECT_EQ(all, "sent 3 failed jobs again\n");
  for (const auto& id : failed) {
    const JobReport job = client.wait_for_end(id);
    EXPECT_EQ(job.status, "failed");
    EXPECT_EQ(job.attempts.size(), id == failed.front() ? 3U : 2U);
  }

  const auto [refused_code, refused] = run({"jobs", "cancel", failed.front()});
  EXPECT_EQ(refused_code, 1);
  EXPECT_THAT(refused, HasSubstr("is failed; only a job that is not finished can be cancelled"));
}

TEST_F(JobsCommand, HasTheJanitorRun) {
  const ServiceProcess service{data(), 1, {"--jobs-min-ttl=1s"}};
  const ApiClient& client = service.client();
  const Answer made =
      client.post("/v1/jobs?expires_in=1", jpeg_of(quadrants(400, 300)), "image/jpeg");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string path = "/v1/jobs/" + parse_job_report(made.body).id;
  ASSERT_TRUE(eventually([&] { return client.get(path).status == 404; }));
  const auto [code, output] = run({"janitor", "run"});
  EXPECT_EQ(code, 0);
  EXPECT_THAT(output, HasSubstr("removed 1 expired job with "));
  EXPECT_EQ(run({"janitor", "run"}).second,
            "removed 0 expired jobs with 0 files, 0 files that belonged to no job and 0 stale "
            "temporary files\n");
}

TEST_F(JobsCommand, SaysThatNoServiceRuns) {
  for (const auto& arguments :
       {std::vector<std::string>{"jobs", "retry", "--all-failed"}, {"janitor", "run"}}) {
    const auto [code, output] = run(arguments);
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("no service runs on the data folder " + data().string()));
  }
}

}  // namespace
}  // namespace darkroom::cluster
