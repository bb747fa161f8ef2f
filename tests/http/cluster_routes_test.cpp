#include "http/cluster_routes.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/http/raw_client.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using persistence::KeyScope;
using testing::HasSubstr;

class ClusterRoutesTest : public testing::Test {
 protected:
  [[nodiscard]] RawResponse get(const std::string& target, const std::string& key = "") {
    const auto line = key.empty() ? "" : "X-API-Key: " + key + "\r\n";
    return server_.exchange(request_text("GET", target, line)).value_or(RawResponse{});
  }

  TestServer server_{[](Services& services) {
    services.version = "1.2.3";
    services.wall_clock = [] { return jobs::Timestamp{}; };
    services.read_storage = [] {
      return StorageStatus{.disk = {.bytes = 1'000, .free_bytes = 400, .job_store_bytes = 50},
                           .reserve_bytes = 100};
    };
  }};
};

TEST_F(ClusterRoutesTest, ListsQueues) {
  actors::ServiceStatus status;
  status.queues = {{.name = "default"},
                   {.name = "media",
                    .weight = 3,
                    .paused = true,
                    .ready = 7,
                    .to_fetch = 5,
                    .later = 1,
                    .processing = 2,
                    .oldest_ready = jobs::parse_rfc3339("2026-11-21T10:00:00.000Z"),
                    .workers = 2,
                    .slots = 4,
                    .fetchers = 1,
                    .wanted_slots = 2}};
  server_.jobs().set_status(status);
  const auto answer = get("/v1/queues");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("content-type"), "application/json");
  EXPECT_EQ(
      answer.body,
      R"({"queues":[{"name":"default","weight":1,"paused":false,"ready":0,"to_fetch":0,"later":0,)"
      R"("processing":0,"oldest_ready_at":null,"workers":0,"slots":0,"fetchers":0,"wanted_slots":0},)"
      R"({"name":"media","weight":3,"paused":true,"ready":7,"to_fetch":5,"later":1,"processing":2,)"
      R"("oldest_ready_at":"2026-11-21T10:00:00.000Z","workers":2,"slots":4,"fetchers":1,"wanted_slots":2}]})"
      "\n");
}

TEST_F(ClusterRoutesTest, ListsWorkers) {
  server_.jobs().set_workers({.workers = {{.name = "n1-1",
                                           .node = "n1",
                                           .version = "1.2.3",
                                           .state = actors::WorkerActivity::ailing,
                                           .drained = true,
                                           .slots = 2,
                                           .busy = 1,
                                           .queues = {"media", "night"},
                                           .joined_at = jobs::Timestamp{},
                                           .silent_ms = 250,
                                           .ailment = "no space left"}},
                              .drained = {"n1", "n9"}});
  EXPECT_EQ(get("/v1/workers").body,
            R"({"workers":[{"name":"n1-1","node":"n1","version":"1.2.3","state":"ailing",)"
            R"("drained":true,"slots":2,"busy":1,"queues":["media","night"],)"
            R"("joined_at":"1970-01-01T00:00:00.000Z","silent_ms":250,)"
            R"("ailment":"no space left"}],"drained":["n1","n9"]})"
            "\n");
}

TEST_F(ClusterRoutesTest, SumUpWhatThereIs) {
  actors::ServiceStatus status{.store_writable = true, .workers = 2, .slots = 4, .processing = 3};
  status.queues = {{.name = "a", .ready = 2}, {.name = "b", .paused = true, .ready = 3}};
  status.counts.created = 12;
  status.counts.recoveries = 5;
  status.counts.ended.at(static_cast<std::size_t>(jobs::JobStatus::failed)) = 4;
  status.counts.queue_time["a"].note(std::chrono::milliseconds{10});
  status.counts.queue_time["b"].note(std::chrono::milliseconds{30});
  status.counts.renditions = {{.operation = jobs::Operation::resize, .bytes = 99}};
  status.counts.renditions.front().time.note(std::chrono::milliseconds{7});
  status.children = {{"local-1", 5, true}, {"local-2", 0, false}};
  status.pending_deliveries = 6;
  status.oldest_delivery = jobs::Timestamp{std::chrono::seconds{9}};
  server_.jobs().set_status(status);
  const auto answer = get("/v1/stats");
  EXPECT_EQ(answer.status, 200);
  rapidjson::Document stats;
  stats.Parse(answer.body.data(), answer.body.size());
  ASSERT_FALSE(stats.HasParseError()) << answer.body;
  EXPECT_STREQ(stats["version"].GetString(), "1.2.3");
  EXPECT_STREQ(stats["started_at"].GetString(), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(stats["jobs"]["created"].GetInt(), 12);
  EXPECT_EQ(stats["jobs"]["failed"].GetInt(), 4);
  EXPECT_TRUE(stats["jobs"]["time_to_complete"]["mean_ms"].IsNull()) << "none was completed";
  EXPECT_EQ(stats["attempts"]["recoveries"].GetInt(), 5);
  EXPECT_EQ(stats["queue"]["ready"].GetInt(), 5);
  EXPECT_STREQ(stats["queue"]["paused"][0].GetString(), "b");
  EXPECT_EQ(stats["queue"]["time_in_queue"]["count"].GetInt(), 2);
  EXPECT_DOUBLE_EQ(stats["queue"]["time_in_queue"]["mean_ms"].GetDouble(), 20);
  EXPECT_EQ(stats["deliveries"]["pending"].GetInt(), 6);
  EXPECT_STREQ(stats["deliveries"]["oldest_pending_at"].GetString(), "1970-01-01T00:00:09.000Z");
  EXPECT_EQ(stats["workers"]["slots"].GetInt(), 4);
  EXPECT_STREQ(stats["renditions"][0]["operation"].GetString(), "resize");
  EXPECT_EQ(stats["renditions"][0]["bytes"].GetInt(), 99);
  EXPECT_EQ(stats["storage"]["disk_free_bytes"].GetInt(), 400);
  EXPECT_EQ(stats["storage"]["job_store_bytes"].GetInt(), 50);
  EXPECT_TRUE(stats["storage"]["blob_bytes"].IsNull()) << "not counted yet";
  EXPECT_EQ(stats["http"]["in_flight"].GetInt(), 1);
  ASSERT_EQ(stats["failing"].Size(), 1U);
  EXPECT_STREQ(stats["failing"][0].GetString(), "local-1");
}

TEST_F(ClusterRoutesTest, AreForAdmins) {
  const auto admin = server_.jobs().make_key(KeyScope::admin);
  const auto writes = server_.jobs().make_key(KeyScope::write);
  for (const auto* target : {"/v1/queues", "/v1/workers", "/v1/stats"}) {
    EXPECT_EQ(get(target).status, 401) << target;
    EXPECT_EQ(get(target, writes).problem_code(), "forbidden_scope") << target;
    EXPECT_EQ(get(target, admin).status, 200) << target;
  }
}

TEST_F(ClusterRoutesTest, SayThatTheServiceDoesNotAnswer) {
  server_.jobs().fail_all(actors::ServiceErrorCode::unavailable, "It starts.");
  for (const auto* target : {"/v1/queues", "/v1/workers", "/v1/stats"}) {
    const auto refused = get(target);
    EXPECT_EQ(refused.problem_code(), "unavailable") << target;
    EXPECT_THAT(refused.body, HasSubstr("It starts.")) << target;
  }
}

}  // namespace
}  // namespace darkroom::http
