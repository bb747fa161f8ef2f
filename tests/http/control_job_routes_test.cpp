#include "http/control_job_routes.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/route_set.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "tests/http/in_memory_job_service.hpp"
#include "tests/http/raw_client.hpp"

namespace darkroom::http {
namespace {

class Routes final : public RouteSet {
 public:
  explicit Routes(actors::JobService& jobs) : jobs_(jobs) {}
  void add_to(Router& router) override { jobs_.add_to(router); }

 private:
  ControlJobRoutes jobs_;
};

/// The routes on a port; how they are reached by a socket is tested in control_socket_test.cpp.
class ControlJobs : public testing::Test {
 protected:
  ControlJobs() {
    Options options;
    options.port = 0;
    auto listener = Listener::open(options.host, options.port);
    server_ = Server::start(std::move(*listener), options, std::make_unique<Routes>(jobs_));
  }

  [[nodiscard]] RawResponse post(const std::string& target) const {
    return exchange(server_->port(), request_text("POST", target)).value_or(RawResponse{});
  }

  jobs::JobId failed_job() {
    actors::NewJob upload;
    upload.id = jobs::JobId::generate(jobs::system_now());
    upload.preset = "default";
    const auto id = upload.id;
    EXPECT_TRUE(jobs_.create(std::move(upload)));
    jobs_.fail(id);
    return id;
  }

  [[nodiscard]] jobs::JobStatus status_of(const jobs::JobId& id) {
    return jobs_.get(id).value().status;
  }

  InMemoryJobService jobs_;
  std::unique_ptr<Server> server_;
};

TEST_F(ControlJobs, RetryAndCancelOne) {
  const auto id = failed_job();
  const std::string path = "/control/jobs/" + id.to_string();
  EXPECT_EQ(post(path + "/retry").member("status"), "pending");
  EXPECT_EQ(post(path + "/cancel").member("status"), "cancelled");
  EXPECT_EQ(status_of(id), jobs::JobStatus::cancelled);
  EXPECT_EQ(post("/control/jobs/42/cancel").problem_code(), "unknown_job");
}

TEST_F(ControlJobs, RetryAllThatFailed) {
  const std::vector<jobs::JobId> failed{failed_job(), failed_job()};
  const auto first = post("/control/jobs/retry-failed");
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.member("sent"), "2");
  for (const auto& id : failed) {
    EXPECT_EQ(status_of(id), jobs::JobStatus::pending);
    // It fails again at once.
    jobs_.fail(id);
  }
  const auto end = post("/control/jobs/retry-failed?after=" + first.member("last"));
  EXPECT_EQ(end.body, "{\"sent\":0,\"last\":null}\n");
  EXPECT_EQ(post("/control/jobs/retry-failed?after=42").status, 404);
}

TEST_F(ControlJobs, RunTheJanitor) {
  const auto report = post("/control/janitor/run");
  EXPECT_EQ(report.status, 200);
  EXPECT_EQ(report.body,
            "{\"expired_jobs\":1,\"removed_files\":4,\"orphaned_files\":0,"
            "\"stale_temporaries\":0,\"errors\":0}\n");
}

TEST_F(ControlJobs, SayWhenTheServiceIsNotThere) {
  jobs_.fail_all(actors::ServiceErrorCode::unavailable, "The registry restarts.");
  for (const auto* target : {"/control/janitor/run", "/control/jobs/retry-failed"})
    EXPECT_EQ(post(target).problem_code(), "unavailable") << target;
}

}  // namespace
}  // namespace darkroom::http
