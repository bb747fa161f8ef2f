#include "http/metrics_route.hpp"

#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/raw_client.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const actors::ServiceStatus& status, jobs::Timestamp now = jobs::system_now()) {
  return metrics_text({.status = status, .workers = actors::WorkerList{}}, NodeFacts{}, now);
}

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

TEST(MetricsRoute, TellsWhoIsToldOfTheEndsAndHowThatGoes) {
  actors::ServiceStatus status;
  const auto now = jobs::system_now();
  status.open_batches = 3;
  status.pending_deliveries = 12;
  status.oldest_delivery = now - std::chrono::milliseconds{90'500};
  auto& webhooks = status.counts.webhooks;
  webhooks.tries.at(static_cast<std::size_t>(jobs::DeliveryStatus::delivered)) = 7;
  webhooks.tries.at(static_cast<std::size_t>(jobs::DeliveryStatus::pending)) = 5;
  webhooks.time.note(std::chrono::milliseconds{30});
  status.counts.emails.tries.at(static_cast<std::size_t>(jobs::DeliveryStatus::failed)) = 2;
  EXPECT_THAT(
      text_of(status, now),
      AllOf(
          HasSubstr("\ndarkroom_batches_open 3\n"), HasSubstr("\ndarkroom_deliveries_pending 12\n"),
          HasSubstr("\ndarkroom_delivery_oldest_seconds 90.5\n"),
          HasSubstr("darkroom_delivery_tries_total{channel=\"webhook\",result=\"delivered\"} 7\n"),
          HasSubstr("darkroom_delivery_tries_total{channel=\"webhook\",result=\"retried\"} 5\n"),
          HasSubstr("darkroom_delivery_tries_total{channel=\"webhook\",result=\"disabled\"} 0\n"),
          HasSubstr("darkroom_delivery_tries_total{channel=\"email\",result=\"failed\"} 2\n"),
          HasSubstr("darkroom_delivery_duration_seconds_count{channel=\"webhook\"} 1\n"),
          HasSubstr("darkroom_delivery_duration_seconds_sum{channel=\"webhook\"} 0.03\n")));
  EXPECT_THAT(text_of({}, now), HasSubstr("\ndarkroom_delivery_oldest_seconds 0\n"));
}

TEST(MetricsRoute, TellsTheAgeOfTheOldestJob) {
  actors::ServiceStatus status;
  const auto now = jobs::system_now();
  status.oldest_ready = now - std::chrono::milliseconds{1'500};
  EXPECT_THAT(text_of(status, now), HasSubstr("darkroom_oldest_job_seconds 1.5\n"));
  // A wall clock that was set back makes no age below nothing.
  EXPECT_THAT(text_of(status, now - std::chrono::hours{1}),
              HasSubstr("darkroom_oldest_job_seconds 0\n"));
}

TEST(MetricsRoute, TellsWhatToScaleByOfEachQueue) {
  actors::ServiceStatus status;
  const auto now = jobs::system_now();
  status.queues = {{.name = "default"},
                   {.name = "media",
                    .paused = true,
                    .ready = 7,
                    .to_fetch = 5,
                    .later = 2,
                    .processing = 4,
                    .oldest_ready = now - std::chrono::seconds{90},
                    .slots = 6,
                    .fetchers = 3,
                    .wanted_slots = 4}};
  EXPECT_THAT(text_of(status, now),
              AllOf(HasSubstr("darkroom_queue_length{queue=\"default\"} 0\n"),
                    HasSubstr("darkroom_queue_length{queue=\"media\"} 7\n"),
                    HasSubstr("darkroom_queue_to_fetch{queue=\"media\"} 5\n"),
                    HasSubstr("darkroom_queue_later{queue=\"media\"} 2\n"),
                    HasSubstr("darkroom_queue_oldest_seconds{queue=\"media\"} 90\n"),
                    HasSubstr("darkroom_queue_running{queue=\"media\"} 4\n"),
                    HasSubstr("darkroom_queue_paused{queue=\"media\"} 1\n"),
                    HasSubstr("darkroom_queue_slots{queue=\"media\"} 6\n"),
                    HasSubstr("darkroom_queue_fetchers{queue=\"media\"} 3\n"),
                    HasSubstr("darkroom_wanted_slots{queue=\"media\"} 4\n")));
}

TEST(MetricsRoute, TellsHowLongThingsTookInBucketsThatAddUp) {
  actors::ServiceStatus status;
  auto& time = status.counts.queue_time["media"];
  time.note(std::chrono::milliseconds{3});
  time.note(std::chrono::milliseconds{3});
  time.note(std::chrono::hours{24});
  status.counts.renditions = {{.operation = jobs::Operation::thumbnail,
                               .format = jobs::OutputFormat::webp,
                               .bytes = 4'096}};
  status.counts.renditions.front().time.note(std::chrono::milliseconds{40});
  EXPECT_THAT(
      text_of(status),
      AllOf(HasSubstr("# TYPE darkroom_queue_time_seconds histogram\n"),
            HasSubstr("darkroom_queue_time_seconds_count{queue=\"media\"} 3\n"),
            HasSubstr("darkroom_queue_time_seconds_sum{queue=\"media\"} 86400.00"),
            HasSubstr("darkroom_queue_time_seconds_bucket{queue=\"media\",le=\"0.0025\"} 0\n"),
            HasSubstr("darkroom_queue_time_seconds_bucket{queue=\"media\",le=\"0.005\"} 2\n"),
            HasSubstr("darkroom_queue_time_seconds_bucket{queue=\"media\",le=\"21600\"} 2\n"),
            HasSubstr("darkroom_queue_time_seconds_bucket{queue=\"media\",le=\"+Inf\"} 3\n"),
            HasSubstr("darkroom_rendition_duration_seconds_count{operation=\"thumbnail\","
                      "format=\"webp\"} 1\n"),
            HasSubstr("darkroom_rendition_bytes_total{operation=\"thumbnail\",format=\"webp\"} "
                      "4096\n")));
}

TEST(MetricsRoute, TellsWhatWorkersDo) {
  actors::WorkerList list;
  for (const auto state : {actors::WorkerActivity::working, actors::WorkerActivity::silent,
                           actors::WorkerActivity::working}) {
    auto& worker = list.workers.emplace_back();
    worker.state = state;
    worker.busy = 2;
  }
  EXPECT_THAT(metrics_text({.status = actors::ServiceStatus{}, .workers = list}, NodeFacts{}, {}),
              AllOf(HasSubstr("darkroom_worker_states{state=\"working\"} 2\n"),
                    HasSubstr("darkroom_worker_states{state=\"silent\"} 1\n"),
                    HasSubstr("darkroom_worker_states{state=\"ailing\"} 0\n"),
                    HasSubstr("darkroom_slots_busy 6\n")));
}

TEST(MetricsRoute, TellsWhetherTheServiceIsReady) {
  EXPECT_THAT(text_of({.store_writable = true, .workers = 1}), HasSubstr("darkroom_ready 1\n"));
  EXPECT_THAT(text_of({.store_writable = false, .workers = 1}), HasSubstr("darkroom_ready 0\n"));
  EXPECT_THAT(text_of({.store_writable = true, .workers = 0}), HasSubstr("darkroom_ready 0\n"));
}

TEST(MetricsRoute, TellsWhatTheNodeKnowsWhereTheServiceDoesNotAnswer) {
  TestServer server;
  server.jobs().fail_all(actors::ServiceErrorCode::unavailable, "It starts.");
  const auto answer = server.exchange(request_text("GET", "/metrics"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(answer->body,
              AllOf(HasSubstr("darkroom_ready 0\n"), HasSubstr("darkroom_http_connections 1\n"),
                    Not(HasSubstr("darkroom_jobs{"))));
}

TEST(MetricsRoute, TellsHowTheDiskStands) {
  NodeFacts node{.version = "1.2.3"};
  node.read_storage = [] {
    return StorageStatus{
        .disk = {.bytes = 1'000, .free_bytes = 400, .job_store_bytes = 50},
        .reserve_bytes = 100,
        .blobs = persistence::BlobCensus::Count{.blobs = 3, .bytes = 300, .counted_at = {}}};
  };
  const ServiceReport report{.status = actors::ServiceStatus{}, .workers = actors::WorkerList{}};
  EXPECT_THAT(
      metrics_text(report, node, {}),
      AllOf(HasSubstr("darkroom_build_info{version=\"1.2.3\"} 1\n"),
            HasSubstr("darkroom_disk_bytes 1000\n"), HasSubstr("darkroom_disk_free_bytes 400\n"),
            HasSubstr("darkroom_disk_reserve_bytes 100\n"),
            HasSubstr("darkroom_job_store_bytes 50\n"), HasSubstr("darkroom_blobs 3\n"),
            HasSubstr("darkroom_blob_bytes 300\n")));
  node.read_storage = [] { return StorageStatus{.disk = {.bytes = 1'000, .free_bytes = 400}}; };
  EXPECT_THAT(metrics_text(report, node, {}),
              AllOf(HasSubstr("darkroom_disk_bytes 1000\n"),
                    Not(HasSubstr("darkroom_job_store_bytes")), Not(HasSubstr("darkroom_blob"))));
}

TEST(MetricsRoute, TellsWhatTheProcessTakesByTheUsualNames) {
  const auto text = text_of({});
  EXPECT_THAT(text, ContainsRegex("\nprocess_resident_memory_bytes [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_virtual_memory_bytes [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_cpu_seconds_total [0-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_open_fds [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_max_fds [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\nprocess_threads [1-9]"));
  // It began between the years 2020 and 2100.
  std::smatch start;
  ASSERT_TRUE(
      std::regex_search(text, start, std::regex{"\nprocess_start_time_seconds ([0-9.e+]+)\n"}));
  EXPECT_GT(std::stod(start[1]), 1'577'836'800.0);
  EXPECT_LT(std::stod(start[1]), 4'102'444'800.0);
}

/// What a scrape must not have twice, or Prometheus drops all of it.
TEST(MetricsRoute, HasNoFamilyAndNoSeriesTwice) {
  TestServer server;
  for (const auto* path : {"/upload/x/status", "/nowhere", "/v1/jobs", "/v1/jobs/x", "/readyz"})
    (void)server.exchange(request_text("GET", path));
  const auto body = server.exchange(request_text("GET", "/metrics")).value_or(RawResponse{}).body;
  std::set<std::string> seen;
  std::istringstream lines{body};
  for (std::string line; std::getline(lines, line);) {
    const auto name = line.starts_with('#') ? line : line.substr(0, line.rfind(' '));
    EXPECT_TRUE(seen.insert(name).second) << name;
  }
  EXPECT_GT(seen.size(), 100U);
}

}  // namespace
}  // namespace darkroom::http
