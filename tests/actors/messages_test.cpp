#include "actors/messages.hpp"

#include <vector>

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <gtest/gtest.h>

#include "tests/actors/virtual_time_test.hpp"

namespace darkroom::actors {
namespace {

class MessagesTest : public VirtualTimeTest {
 protected:
  template <class T>
  T over_the_wire(T value) {
    std::vector<char> bytes;
    caf::binary_serializer sink{system(), bytes};
    EXPECT_FALSE(sink(value));
    T copy;
    caf::binary_deserializer source{system(), bytes};
    EXPECT_FALSE(source(copy));
    return copy;
  }
};

/// Every option other than its default.
jobs::RenditionSpec full_spec() {
  return {.name = "poster",
          .operation = jobs::Operation::thumbnail,
          .width = 1600,
          .height = 900,
          .quality = 75,
          .format = jobs::OutputFormat::avif,
          .folder = "posters",
          .fit = jobs::Fit::cover,
          .gravity = jobs::Gravity::smart,
          .focus = jobs::FocalPoint{0.1, 0.9},
          .enlarge = true,
          .background = {1, 2, 3},
          .lossless = true,
          .progressive = true,
          .subsampling = jobs::ChromaSubsampling::s444,
          .effort = 9,
          .max_bytes = 5'000'000'000,
          .sharpen = 0.7,
          .linear_light = true,
          .keep_copyright = true,
          .watermark = jobs::Watermark{.name = "logo",
                                       .image = "/srv/logo.png",
                                       .position = jobs::Gravity::north,
                                       .opacity = 0.25,
                                       .scale = 0.15}};
}

TEST_F(MessagesTest, AFetchedOriginalTravelsWholeButForItsName) {
  FetchedReport report{.worker = {"anna", 7},
                       .job = jobs::JobId::generate(now()),
                       .token = jobs::LeaseToken::generate(),
                       .original = {.blob_key = "uploads/originals/x.png",
                                    .filename = {},
                                    .content_type = "image/png",
                                    .format = "png",
                                    .sha256 = "5a",
                                    .bytes = 5'000'000'000,
                                    .width = 7,
                                    .height = 8,
                                    .frames = 9},
                       .alpha = true};
  const auto copy = over_the_wire(report);
  EXPECT_EQ(copy.worker, report.worker);
  EXPECT_EQ(copy.job, report.job);
  EXPECT_EQ(copy.token, report.token);
  EXPECT_EQ(copy.original, report.original);
  EXPECT_TRUE(copy.alpha);
}

TEST_F(MessagesTest, ATaskTravelsWhole) {
  Task task{jobs::JobId::generate(now()),
            jobs::LeaseToken::generate(),
            3,
            "uploads/originals/x.jpg",
            {jobs::default_preset().renditions[0], full_spec()}};
  task.request_id = "r-1";
  task.trace_parent = "00-4bf9";
  task.source_url = "https://example.com/a.jpg";
  task.fetched_url = "/blobs/uploads/originals/x.jpg?sig=1";
  const auto copy = over_the_wire(task);
  EXPECT_EQ(copy.request_id, task.request_id);
  EXPECT_EQ(copy.trace_parent, task.trace_parent);
  EXPECT_EQ(copy.source_url, task.source_url);
  EXPECT_EQ(copy.fetched_url, task.fetched_url);
  EXPECT_EQ(copy.job, task.job);
  EXPECT_EQ(copy.token, task.token);
  EXPECT_EQ(copy.attempt, 3U);
  EXPECT_EQ(copy.original_key, task.original_key);
  EXPECT_EQ(copy.renditions, task.renditions);
}

TEST_F(MessagesTest, AReportTravelsWhole) {
  JobReport report{
      {"anna", 3},        jobs::JobId::generate(now()),       jobs::LeaseToken::generate(),
      JobOutcome::failed, {jobs::ErrorKind::permanent, "no"}, {}};
  report.results.emplace_back().name = "thumbnail";
  report.results.back().milliseconds = 12;
  report.findings = {.blurhash = "LEHV6nWB2yk8", .dominant_colour = std::nullopt};
  const auto copy = over_the_wire(report);
  EXPECT_EQ(copy.worker, report.worker);
  EXPECT_EQ(copy.outcome, JobOutcome::failed);
  EXPECT_EQ(copy.error, report.error);
  EXPECT_EQ(copy.results.at(0).name, "thumbnail");
  EXPECT_EQ(copy.results.at(0).milliseconds, 12U);
  EXPECT_EQ(copy.findings, report.findings);
}

TEST_F(MessagesTest, AQueryTravelsWhole) {
  JobQuery query{.filter = {.tenant = "",
                            .queue = "slow",
                            .preset = "small",
                            .filename = "a.jpg",
                            .public_name = "b.jpg",
                            .status = jobs::JobStatus::cancelled,
                            .batch = jobs::JobId::generate(now()),
                            .created_from = now(),
                            .created_before = now() + std::chrono::seconds{1}},
                 .before = jobs::JobId::generate(now()),
                 .limit = 7};
  const auto copy = over_the_wire(query);
  EXPECT_EQ(copy.filter, query.filter);
  EXPECT_EQ(copy.before, query.before);
  EXPECT_EQ(copy.limit, 7U);
  const auto empty = over_the_wire(JobQuery{});
  EXPECT_EQ(empty.filter, persistence::JobFilter{});
  EXPECT_EQ(empty.before, std::nullopt);
}

TEST_F(MessagesTest, ABatchTravelsWhole) {
  const jobs::Batch batch{.id = jobs::JobId::generate(now()),
                          .tenant = "anna",
                          .created_at = now(),
                          .expires_at = now() + std::chrono::hours{1},
                          .completed_at = now(),
                          .total = 3,
                          .metadata = "{}",
                          .callback_url = "https://example.com"};
  const auto job = jobs::make_job(jobs::JobId::generate(now()), jobs::default_preset(), {}, now(),
                                  std::chrono::hours{1}, {.batch = batch.id});
  const auto created = over_the_wire(CreatedBatch{batch, {job, job}, true});
  EXPECT_EQ(created.batch, batch);
  EXPECT_EQ(created.jobs, (std::vector{job, job}));
  EXPECT_TRUE(created.replayed);
  const auto state = state_of(batch, {job});
  EXPECT_EQ(over_the_wire(state), state);
}

TEST_F(MessagesTest, AStatusThatThereIsNotIsRefused) {
  const JobQuery query{.filter = {.status = static_cast<jobs::JobStatus>(200)}};
  std::vector<char> bytes;
  caf::binary_serializer sink{system(), bytes};
  EXPECT_FALSE(sink(query));
  JobQuery copy;
  caf::binary_deserializer source{system(), bytes};
  EXPECT_TRUE(source(copy));
}

TEST_F(MessagesTest, AStatusTravelsWhole) {
  ServiceStatus status{.store_writable = true, .workers = 3, .oldest_ready = now()};
  status.counting_since = now() - std::chrono::hours{5};
  auto& counts = status.counts;
  counts.created = 9;
  counts.retries = 1;
  counts.recoveries = 2;
  counts.lease_expiries = 3;
  counts.original_bytes = 5'000'000'000;
  counts.queue_time["media"].note(std::chrono::seconds{2});
  counts.attempt_time.back().note(std::chrono::seconds{3});
  counts.job_time.back().note(std::chrono::seconds{4});
  counts.renditions.push_back(
      {.operation = jobs::Operation::thumbnail, .format = jobs::OutputFormat::avif, .bytes = 17});
  counts.renditions.back().time.note(std::chrono::hours{10});
  counts.webhooks.tries.front() = 4;
  counts.webhooks.time.note(std::chrono::seconds{5});
  counts.emails.tries.back() = 6;
  status.open_batches = 5;
  status.pending_deliveries = 7;
  status.oldest_delivery = now() - std::chrono::hours{2};
  const auto copy = over_the_wire(status);
  EXPECT_EQ(copy.counts, counts);
  EXPECT_EQ(copy.open_batches, 5U);
  EXPECT_EQ(copy.pending_deliveries, 7U);
  EXPECT_EQ(copy.oldest_delivery, status.oldest_delivery);
  EXPECT_EQ(copy.counting_since, status.counting_since);
  EXPECT_EQ(copy.oldest_ready, status.oldest_ready);
  EXPECT_EQ(copy.workers, 3U);
}

TEST_F(MessagesTest, AQueueTravelsWhole) {
  const QueueStatus queue{.name = "media",
                          .weight = 3,
                          .paused = true,
                          .ready = 7,
                          .to_fetch = 5,
                          .later = 1,
                          .processing = 2,
                          .oldest_ready = now(),
                          .workers = 6,
                          .slots = 8,
                          .fetchers = 4,
                          .wanted_slots = 9};
  const auto copy = over_the_wire(queue);
  EXPECT_EQ(copy.name, queue.name);
  EXPECT_EQ(copy.ready, 7U);
  EXPECT_EQ(copy.to_fetch, 5U);
  EXPECT_EQ(copy.later, 1U);
  EXPECT_EQ(copy.oldest_ready, queue.oldest_ready);
  EXPECT_EQ(copy.slots, 8U);
  EXPECT_EQ(copy.fetchers, 4U);
  EXPECT_EQ(copy.wanted_slots, 9U);
}

TEST_F(MessagesTest, AHeartbeatTravelsWhole) {
  const auto token = jobs::LeaseToken::generate();
  const auto other = jobs::LeaseToken::generate();
  const Heartbeat beat{.worker = {"anna", 3},
                       .accepts = 2,
                       .held = {token, other},
                       .restarts = 4,
                       .strays = 1,
                       .ailment = "no space left",
                       .fetches = 5,
                       .fetching = {other}};
  const auto copy = over_the_wire(beat);
  EXPECT_EQ(copy.worker, beat.worker);
  EXPECT_EQ(copy.held, beat.held);
  EXPECT_EQ(copy.fetches, 5U);
  EXPECT_EQ(copy.fetching, beat.fetching);
  const WorkerHello hello{.worker = {"anna", 3}, .held = {token, other}, .fetching = {other}};
  EXPECT_EQ(over_the_wire(hello).fetching, hello.fetching);
}

TEST_F(MessagesTest, ATableOfKeysTravelsWhole) {
  KeyTable table{.version = 7};
  table.keys.push_back(
      persistence::make_api_key("web", persistence::KeyScope::admin, "shop", now()).stored);
  table.keys.back().revoked_at = now();
  const auto copy = over_the_wire(table);
  EXPECT_EQ(copy.version, 7U);
  EXPECT_EQ(copy.keys, table.keys);
  EXPECT_TRUE(over_the_wire(KeyTable{}).keys.empty());
}

TEST_F(MessagesTest, AServiceErrorKeepsItsCodeAndWords) {
  const auto back = to_service_error(make_error({ServiceErrorCode::queue_full, "too many"}));
  EXPECT_EQ(back.code, ServiceErrorCode::queue_full);
  EXPECT_EQ(back.message, "too many");
}

}  // namespace
}  // namespace darkroom::actors
