#include <gtest/gtest.h>

#include "test_server.hpp"

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
            R"("processing":4,"reason":null})"
            "\n");
}

TEST(HealthRoutes, SayWhyTheyAreNotReady) {
  TestServer server;
  server.jobs().set_status({false, "/srv/data: read-only file system", 1, 2, 0, 0});
  const auto no_store = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(no_store);
  EXPECT_EQ(no_store->status, 503);
  EXPECT_EQ(no_store->member("status"), "not_ready");
  EXPECT_EQ(no_store->member("reason"), "The store cannot be written; the service's log says why.");

  server.jobs().set_status({true, "", 0, 0, 0, 0});
  const auto no_worker = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(no_worker);
  EXPECT_EQ(no_worker->status, 503);
  EXPECT_EQ(no_worker->member("reason"), "No worker has joined.");

  server.jobs().fail_all(actors::ServiceErrorCode::unavailable, "The registry restarts.");
  const auto no_registry = server.exchange(request_text("GET", "/readyz"));
  ASSERT_TRUE(no_registry);
  EXPECT_EQ(no_registry->status, 503);
  EXPECT_EQ(no_registry->member("reason"), "The registry restarts.");
}

}  // namespace
}  // namespace darkroom::http
