#include "http/metrics_route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/raw_client.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(MetricsRoute, TellsHowTheServiceStandsInThePrometheusFormat) {
  TestServer server;
  actors::ServiceStatus status{.store_writable = true, .workers = 2, .slots = 4, .pending = 7};
  status.counts.created = 12;
  status.counts.attempts.at(static_cast<std::size_t>(jobs::AttemptOutcome::crashed)) = 3;
  status.children = {{"local-1", 5, true}};
  server.jobs().set_status(status);
  const auto answer = server.exchange(request_text("GET", "/metrics"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->field("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(answer->body,
              AllOf(HasSubstr("# TYPE darkroom_jobs gauge\ndarkroom_jobs{state=\"waiting\"} 7\n"),
                    HasSubstr("darkroom_jobs_created_total 12\n"),
                    HasSubstr("darkroom_attempts_ended_total{outcome=\"crashed\"} 3\n"),
                    HasSubstr("darkroom_restarts_total{child=\"local-1\"} 5\n"),
                    HasSubstr("darkroom_failing{child=\"local-1\"} 1\n")));
}

TEST(MetricsRoute, TellsTheAgeOfTheOldestJob) {
  actors::ServiceStatus status;
  const auto now = jobs::system_now();
  status.oldest_ready = now - std::chrono::milliseconds{1'500};
  EXPECT_THAT(metrics_text(status, now), HasSubstr("darkroom_oldest_job_seconds 1.5\n"));
  // A wall clock that was set back makes no age below nothing.
  EXPECT_THAT(metrics_text(status, now - std::chrono::hours{1}),
              HasSubstr("darkroom_oldest_job_seconds 0\n"));
}

TEST(MetricsRoute, TellsWhatToScaleByOfEachQueue) {
  actors::ServiceStatus status;
  const auto now = jobs::system_now();
  status.queues = {{.name = "default"},
                   {.name = "media",
                    .paused = true,
                    .ready = 7,
                    .later = 2,
                    .processing = 4,
                    .oldest_ready = now - std::chrono::seconds{90},
                    .slots = 6,
                    .wanted_slots = 4}};
  EXPECT_THAT(metrics_text(status, now),
              AllOf(HasSubstr("darkroom_queue_length{queue=\"default\"} 0\n"),
                    HasSubstr("darkroom_queue_length{queue=\"media\"} 7\n"),
                    HasSubstr("darkroom_queue_later{queue=\"media\"} 2\n"),
                    HasSubstr("darkroom_queue_oldest_seconds{queue=\"media\"} 90\n"),
                    HasSubstr("darkroom_queue_running{queue=\"media\"} 4\n"),
                    HasSubstr("darkroom_queue_paused{queue=\"media\"} 1\n"),
                    HasSubstr("darkroom_queue_slots{queue=\"media\"} 6\n"),
                    HasSubstr("darkroom_wanted_slots{queue=\"media\"} 4\n")));
}

}  // namespace
}  // namespace darkroom::http
