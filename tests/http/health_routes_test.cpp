#include <chrono>
#include <filesystem>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

TEST(HealthRoutes, AnswerWhileTheProcessLives) {
  TestServer server;
  server.jobs().fail_all(actors::ServiceErrorCode::unavailable, "The registry restarts.");
  const auto response = server.exchange(request_text("GET", "/healthz"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "{\"status\":\"ok\"}\n");
}

TEST(HealthRoutes, AreReadyWithAStoreAndAWorker) {
  TestServer server;
  const auto response = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body,
            R"({"status":"ready","store_writable":true,"workers":1,"slots":2,"pending":3,)"
            R"("processing":4,"failing":[],"reason":null})"
            "\n");
}

TEST(HealthRoutes, SayWhyTheyAreNotReady) {
  TestServer server;
  server.jobs().set_status({.store_writable = false, .workers = 1, .slots = 2});
  const auto no_store = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(no_store);
  EXPECT_EQ(no_store->status, 503);
  EXPECT_EQ(no_store->problem_code(), "not_ready");
  EXPECT_EQ(no_store->field("retry-after"), "2");
  EXPECT_EQ(no_store->member("retryable"), "true");
  EXPECT_EQ(no_store->member("store_writable"), "false");
  EXPECT_EQ(no_store->member("slots"), "2");
  EXPECT_EQ(no_store->member("detail"), "The store cannot be written; the service's log says why.");

  server.jobs().set_status({.store_writable = true});
  const auto no_worker = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(no_worker);
  EXPECT_EQ(no_worker->status, 503);
  EXPECT_EQ(no_worker->member("detail"), "No worker has joined.");

  actors::QueueStatus drained;
  drained.name = "default";
  server.jobs().set_status({.store_writable = true, .workers = 1, .slots = 1, .queues = {drained}});
  const auto none_takes = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(none_takes);
  EXPECT_EQ(none_takes->status, 503);
  EXPECT_EQ(none_takes->member("detail"),
            "All workers are drained, or take the jobs of no queue there is.");

  server.jobs().set_status({.store_writable = true, .queues = {drained}, .resting_nodes = 1});
  const auto on_demand = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(on_demand);
  EXPECT_EQ(on_demand->status, 200) << "a node starts workers when there is work";

  server.jobs().fail_all(actors::ServiceErrorCode::unavailable, "The registry restarts.");
  const auto no_registry = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(no_registry);
  EXPECT_EQ(no_registry->status, 503);
  EXPECT_EQ(no_registry->member("detail"), "The registry restarts.");
}

TEST(HealthRoutes, AreNotReadyWhileNoFileCanBeStored) {
  TestServer server;
  const auto probe = [&server] { return server.exchange(request_text("GET", "/readyz")); };
  const auto reaches = [&probe](int status) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    auto response = probe();
    while (response && response->status != status && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
      response = probe();
    }
    return response;
  };
  ASSERT_EQ(probe()->status, 200);
  std::filesystem::rename(server.folder() / "temporary", server.folder() / "elsewhere");
  const auto not_ready = reaches(503);
  ASSERT_TRUE(not_ready);
  EXPECT_EQ(not_ready->status, 503);
  EXPECT_EQ(not_ready->member("store_writable"), "false");
  EXPECT_EQ(not_ready->body.find(server.folder().string()), std::string::npos);
  std::filesystem::rename(server.folder() / "elsewhere", server.folder() / "temporary");
  EXPECT_EQ(reaches(200)->status, 200);
}

TEST(HealthRoutes, LogEachChangeOnce) {
  TestServer server;
  std::ostringstream lines;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)));
  spdlog::set_pattern("%l %v");
  const auto probe = [&server](bool writable) {
    server.jobs().set_status({.store_writable = writable, .workers = 1});
    static_cast<void>(server.exchange(request_text("GET", "/readyz")));
  };
  for (const bool writable : {true, false, false, false, true, true}) {
    probe(writable);
  }
  server.server().stop(std::chrono::seconds{5});
  spdlog::set_default_logger(before);
  EXPECT_EQ(lines.str(),
            "warning not ready: The store cannot be written; the service's log says why.\n"
            "info ready\n");
}

}  // namespace
}  // namespace darkroom::http
