#include <csignal>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/free_port.hpp"
#include "tests/cluster/picture_server.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

using ::testing::HasSubstr;

/// The service, and a server that has a picture.
class SourceUrlTest : public testing::Test {
 protected:
  void start_service(const std::string& allow, std::vector<std::string> more = {}) {
    more.push_back("--source-enabled=true");
    more.push_back("--source-allow=" + allow);
    service_.emplace(folder_.path() / "data", 1, more);
  }

  [[nodiscard]] const ApiClient& client() const { return service_->client(); }

  [[nodiscard]] Answer post(const std::string& url) const {
    return client().post("/v1/jobs", R"({"source_url":")" + url + R"(","queue":"default"})",
                         "application/json");
  }

  [[nodiscard]] std::string create(const std::string& url) const {
    const Answer made = post(url);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.status == 201 ? parse_job_report(made.body).id : "";
  }

  void expect_completed(const JobReport& job) {
    ASSERT_EQ(job.status, "completed") << job.error_message;
    EXPECT_TRUE(client().get(job.original_url).body == picture_);
    ASSERT_EQ(job.renditions.size(), 3U);
    for (const auto& rendition : job.renditions)
      EXPECT_EQ(client().get(rendition.url).status, 200) << rendition.name;
    EXPECT_EQ(job.renditions[0].width, 1'024U);
  }

  tests::TemporaryFolder folder_;
  std::string picture_ = jpeg_of(quadrants(1'200, 900));
  PictureServer server_{picture_};
  std::optional<ServiceProcess> service_;
};

TEST_F(SourceUrlTest, APictureIsFetchedAndDone) {
  start_service("127.0.0.1");
  server_.hold();
  const std::string id = create(server_.url());
  ASSERT_TRUE(eventually([&] { return server_.requests() == 1; }));
  const std::string before = client().get("/v1/jobs/" + id).body;
  EXPECT_THAT(before, HasSubstr(R"("source_url":")" + server_.url() + '"'));
  EXPECT_THAT(before, HasSubstr(R"("original":{"url":null,"filename":"photo.jpg",)"));
  server_.let_go();
  const JobReport job = client().wait_for_end(id);
  expect_completed(job);
  EXPECT_EQ(job.attempts.size(), 1U);
  EXPECT_THAT(client().get("/v1/jobs/" + id).body,
              HasSubstr(R"("filename":"photo.jpg","content_type":"image/jpeg","bytes":)" +
                        std::to_string(picture_.size())));
  EXPECT_EQ(client().remove("/v1/jobs/" + id).status, 204);
  EXPECT_EQ(client().get(job.original_url).status, 404);
}

TEST_F(SourceUrlTest, NoRequestGoesWhereItMayNot) {
  start_service("127.0.0.1");
  // The whole of 127.0.0.0/8 is this machine.
  server_.redirect_to("http://127.0.0.2:9/photo.jpg");
  const JobReport redirected = client().wait_for_end(create(server_.url("/away")));
  EXPECT_EQ(redirected.status, "failed");
  EXPECT_EQ(redirected.attempts.size(), 1U);
  EXPECT_THAT(redirected.error_message,
              HasSubstr("127.0.0.2 is at an address that no request may go to (loopback)"));
  server_.redirect_to(server_.url());
  expect_completed(client().wait_for_end(create(server_.url("/away"))));
}

TEST_F(SourceUrlTest, OnlyPublicAddressesAreAskedByDefault) {
  start_service("");
  const JobReport job = client().wait_for_end(create(server_.url()));
  EXPECT_EQ(job.status, "failed");
  EXPECT_THAT(job.error_message, HasSubstr("no request may go to (loopback)"));
  EXPECT_EQ(server_.requests(), 0U);
  EXPECT_THAT(client().get("/v1/jobs/" + job.id).body, HasSubstr(R"("original":{"url":null,)"));
}

TEST_F(SourceUrlTest, WhatIsNotThereFailsTheJobAtOnce) {
  start_service("127.0.0.1");
  const JobReport job = client().wait_for_end(create(server_.url("/other.jpg")));
  EXPECT_EQ(job.status, "failed");
  EXPECT_EQ(job.attempts.size(), 1U);
  EXPECT_EQ(job.error_message, "The picture could not be fetched: the server answered 404.");
  EXPECT_THAT(post("http://me:secret@127.0.0.1/").body,
              HasSubstr("has a user name in it, which is not allowed"));
}

TEST_F(SourceUrlTest, AJobSurvivesTheDeathOfAWorkerThatFetchesItsPicture) {
  start_service("127.0.0.1");
  server_.hold();
  const std::string id = create(server_.url());
  ASSERT_TRUE(eventually([&] { return server_.requests() == 1; }));
  kill(service_->worker("local-1").pid, SIGKILL);
  ASSERT_TRUE(eventually([&] { return server_.requests() == 2; })) << "nobody fetches it again";
  server_.let_go();
  const JobReport job = client().wait_for_end(id);
  expect_completed(job);
  ASSERT_EQ(job.attempts.size(), 2U);
  EXPECT_EQ(job.attempts[0].outcome, "crashed");
  EXPECT_THAT(job.original_url, HasSubstr(id + ".2.jpg")) << "each attempt has a file of its own";
}

TEST_F(SourceUrlTest, AFetchForACancelledJobIsLeftAtOnce) {
  start_service("127.0.0.1");
  server_.hold();
  const std::string id = create(server_.url());
  ASSERT_TRUE(eventually([&] { return server_.requests() == 1; }));
  EXPECT_EQ(client().post("/v1/jobs/" + id + "/cancel").status, 200);
  const std::string next = create(server_.url());
  ASSERT_TRUE(eventually([&] { return server_.requests() == 2; }));
  const std::string left = "The picture could not be fetched: It was stopped. job=" + id;
  EXPECT_TRUE(eventually([&] {
    return service_->program().output().find(left) != std::string::npos;
  })) << "while the server hangs";
  server_.let_go();
  expect_completed(client().wait_for_end(next));
  EXPECT_EQ(client().job(id).status, "cancelled");
}

TEST_F(SourceUrlTest, AServiceThatStopsHandsBackWhatItFetches) {
  start_service("127.0.0.1");
  server_.hold();
  const std::string id = create(server_.url());
  ASSERT_TRUE(eventually([&] { return server_.requests() == 1; }));
  service_->program().send(SIGTERM);
  EXPECT_EQ(service_->program().wait_for_exit(), 0);
  EXPECT_THAT(service_->program().output(),
              HasSubstr("The picture could not be fetched: It was stopped. job=" + id));
  server_.let_go();
  start_service("127.0.0.1");
  const JobReport job = client().wait_for_end(id);
  expect_completed(job);
  ASSERT_EQ(job.attempts.size(), 2U);
  EXPECT_EQ(job.attempts[0].outcome, "handed_back");
}

TEST_F(SourceUrlTest, AWorkerWithoutTheFilesSendsThePictureOn) {
  const int node_port = free_port();
  start_service("127.0.0.1", {"--node-join=" + std::to_string(node_port)});
  const Program worker{{"worker", "--config=none", "--name=far", "--slots=1",
                        "--worker-files=network", "--source-enabled=true",
                        "--source-allow=127.0.0.1", "--join=127.0.0.1:" + std::to_string(node_port),
                        "--storage-path=" + (folder_.path() / "scratch").string()}};
  ASSERT_TRUE(eventually([&] { return client().workers() == 2; }));
  // Each of the two fetches one.
  server_.hold();
  const std::string first = create(server_.url());
  const std::string second = create(server_.url());
  const auto names = std::set{client().wait_for_worker(first), client().wait_for_worker(second)};
  EXPECT_EQ(names.size(), 2U);
  server_.let_go();
  for (const auto& id : {first, second})
    expect_completed(client().wait_for_end(id));
  EXPECT_THAT(worker.output(), HasSubstr("original fetched"));
}

TEST_F(SourceUrlTest, ServersThatHangKeepNobodyElseWaiting) {
  start_service("127.0.0.1", {"--worker-slots=2"});
  server_.hold();
  std::vector<std::string> hanging;
  for (int i = 0; i < 6; ++i)
    hanging.push_back(create(server_.url()));
  ASSERT_TRUE(eventually([&] { return server_.requests() == 4; })) << "source.at_once";
  for (int i = 0; i < 3; ++i) {
    const Answer made = client().upload("a.jpg", picture_);
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(client().wait_for_end(parse_job_report(made.body).id).status, "completed");
  }
  EXPECT_EQ(server_.requests(), 4U) << "they hung all the time";
  server_.let_go();
  for (const auto& id : hanging)
    expect_completed(client().wait_for_end(id));
}

TEST(SourceUrl, IsRefusedUnlessItIsSwitchedOn) {
  const tests::TemporaryFolder folder;
  const ServiceProcess service{folder.path() / "data"};
  const Answer refused = service.client().post("/v1/jobs", R"({"source_url":"http://127.0.0.1/"})",
                                               "application/json");
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr(R"("code":"source_urls_disabled")"));
}

}  // namespace
}  // namespace darkroom::cluster
