#include <csignal>
#include <string>

#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

std::string path_of(const std::string& id, const std::string& action = {}) {
  return "/v1/jobs/" + id + action;
}

TEST(Cancel, AQueuedAndARunningJobStopForGood) {
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  const std::string small = jpeg_of(quadrants(400, 300));
  std::string running;
  std::string queued;
  {
    ServiceProcess service{data};
    const ApiClient& client = service.client();
    running = client.create_job("large.ppm", ppm_of(large_picture()));
    queued = client.create_job("small.jpg", small);
    ASSERT_TRUE(client.wait_for_worker(running)) << "the job ended unseen";

    const Answer left = client.post(path_of(queued, "/cancel"));
    EXPECT_EQ(left.status, 200) << left.body;
    EXPECT_EQ(parse_job_report(left.body).status, "cancelled");
    EXPECT_TRUE(parse_job_report(left.body).attempts.empty());
    const Answer stopped = client.post(path_of(running, "/cancel"));
    ASSERT_EQ(stopped.status, 200) << stopped.body;
    EXPECT_EQ(parse_job_report(stopped.body).status, "cancelled");
    EXPECT_EQ(client.post(path_of(running, "/cancel")).body, stopped.body);

    // The worker goes on with others, and none of its results counts.
    const JobReport next = client.wait_for_end(client.create_job("small.jpg", small));
    EXPECT_EQ(next.status, "completed") << next.error_message;
    EXPECT_EQ(client.get(path_of(running)).body, stopped.body);
    service.program().send(SIGKILL);
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
  }
  const ServiceProcess service{data};
  const ApiClient& client = service.client();
  for (const std::string& id : {running, queued}) {
    EXPECT_EQ(client.job(id).status, "cancelled");
    const Answer again = client.post(path_of(id, "/retry"));
    EXPECT_EQ(again.status, 200) << again.body;
    const JobReport job = client.wait_for_end(id);
    EXPECT_EQ(job.status, "completed") << job.error_message;
    EXPECT_EQ(client.post(path_of(id, "/cancel")).status, 409);
    for (const JobReport::Rendition& rendition : job.renditions)
      EXPECT_NO_THROW((void)decoded(client.get(rendition.url).body)) << rendition.url;
  }
}

}  // namespace
}  // namespace darkroom::cluster
