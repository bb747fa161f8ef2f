#include "http/control_cluster_routes.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/route_set.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "tests/http/in_memory_job_service.hpp"
#include "tests/http/raw_client.hpp"

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Routes final : public RouteSet {
 public:
  explicit Routes(actors::JobService& jobs) : cluster_(jobs) {}
  void add_to(Router& router) override { cluster_.add_to(router); }

 private:
  ControlClusterRoutes cluster_;
};

/// The routes on a port; how they are reached by a socket is tested in control_socket_test.cpp.
class ControlCluster : public testing::Test {
 protected:
  ControlCluster() {
    Options options;
    options.port = 0;
    auto listener = Listener::open(options.host, options.port);
    server_ = Server::start(std::move(*listener), options, std::make_unique<Routes>(jobs_));
    actors::ServiceStatus status;
    status.queues = {{.name = "default"},
                     {.name = "media",
                      .weight = 3,
                      .ready = 7,
                      .processing = 2,
                      .oldest_ready = jobs::parse_rfc3339("2026-11-21T10:00:00.000Z"),
                      .wanted_slots = 9}};
    jobs_.set_status(status);
    jobs_.set_workers({.workers = {{.name = "n1-1",
                                    .node = "n1",
                                    .version = "",
                                    .state = actors::WorkerActivity::working,
                                    .slots = 2,
                                    .busy = 1,
                                    .queues = {"media"},
                                    .joined_at = jobs::Timestamp{},
                                    .silent_ms = 250,
                                    .ailment = "no space left in /w"}},
                       .drained = {"n9"}});
  }

  [[nodiscard]] RawResponse ask(const std::string& method, const std::string& target) const {
    return exchange(server_->port(), request_text(method, target)).value_or(RawResponse{});
  }

  InMemoryJobService jobs_;
  std::unique_ptr<Server> server_;
};

TEST_F(ControlCluster, ListsQueues) {
  const auto answer = ask("GET", "/control/queues");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(
      answer.body,
      AllOf(
          HasSubstr(
              R"({"name":"default","weight":1,"paused":false,"ready":0,"to_fetch":0,"later":0,)"
              R"("processing":0,"oldest_ready_at":null,"workers":0,"slots":0,"fetchers":0,"wanted_slots":0})"),
          HasSubstr(R"({"name":"media","weight":3,"paused":false,"ready":7,"to_fetch":0,"later":0,)"
                    R"("processing":2,"oldest_ready_at":"2026-11-21T10:00:00.000Z",)"),
          HasSubstr(R"("wanted_slots":9})")));
}

TEST_F(ControlCluster, PausesAndResumesAQueue) {
  EXPECT_EQ(ask("POST", "/control/queues/pause?name=media").body,
            "{\"name\":\"media\",\"paused\":true}\n");
  EXPECT_THAT(ask("GET", "/control/queues").body, HasSubstr(R"("weight":3,"paused":true)"));
  EXPECT_EQ(ask("POST", "/control/queues/resume?name=media").status, 200);
  EXPECT_THAT(ask("GET", "/control/queues").body, Not(HasSubstr(R"("paused":true)")));
  EXPECT_EQ(ask("POST", "/control/queues/pause?name=medai").problem_code(), "unknown_queue");
  EXPECT_EQ(ask("POST", "/control/queues/pause").problem_code(), "unknown_queue");
  EXPECT_EQ(ask("GET", "/control/queues/pause?name=media").status, 405);
}

TEST_F(ControlCluster, ListsWorkers) {
  EXPECT_EQ(
      ask("GET", "/control/workers").body,
      R"({"workers":[{"name":"n1-1","node":"n1","version":null,"state":"working","drained":false,)"
      R"("slots":2,"busy":1,"queues":["media"],)"
      R"("joined_at":"1970-01-01T00:00:00.000Z","silent_ms":250,"ailment":"no space left in /w"}],)"
      R"("drained":["n9"]})"
      "\n");
}

TEST_F(ControlCluster, DrainsAndResumesAWorkerOrANode) {
  EXPECT_THAT(
      ask("POST", "/control/workers/drain?name=n1").body,
      HasSubstr(R"("name":"n1-1","node":"n1","version":null,"state":"working","drained":true)"));
  EXPECT_THAT(ask("POST", "/control/workers/resume?name=n1-1").body,
              HasSubstr(R"("drained":false)"));
  const auto refused = ask("POST", "/control/workers/drain?name=n2");
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.problem_code(), "unknown_worker");
}

TEST_F(ControlCluster, SaysThatTheServiceDoesNotAnswer) {
  jobs_.fail_all(actors::ServiceErrorCode::unavailable, "It starts.");
  for (const auto* target : {"/control/queues", "/control/workers"})
    EXPECT_EQ(ask("GET", target).problem_code(), "unavailable") << target;
  for (const auto* target : {"/control/queues/pause?name=media", "/control/workers/drain?name=n1"})
    EXPECT_EQ(ask("POST", target).problem_code(), "unavailable") << target;
}

}  // namespace
}  // namespace darkroom::http
