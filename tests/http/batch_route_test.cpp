#include <chrono>
#include <future>
#include <regex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// POST /v1/batches and GET /v1/batches/{id}.

namespace darkroom::http {
namespace {

using persistence::KeyScope;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

std::string picture_part(const std::string& filename, std::string_view field = "file",
                         const std::string& content = pnm_picture(4, 3)) {
  return form_part("name=\"" + std::string{field} + "\"; filename=\"" + filename + "\"", content);
}

std::string pictures(std::size_t count) {
  std::string parts;
  for (std::size_t i = 0; i < count; ++i)
    parts += picture_part("p" + std::to_string(i) + ".ppm");
  return parts;
}

class BatchRoutes : public testing::Test {
 protected:
  [[nodiscard]] RawResponse post(const std::string& parts, const std::string& query = "",
                                 const std::string& lines = "") const {
    return server_
        .exchange(request_text("POST", "/v1/batches" + query,
                               "Content-Type: multipart/form-data; boundary=frontier\r\n" + lines,
                               parts + "--frontier--\r\n"))
        .value_or(RawResponse{});
  }
  [[nodiscard]] RawResponse get(const std::string& path, const std::string& lines = "") const {
    return server_.exchange(request_text("GET", path, lines)).value_or(RawResponse{});
  }
  /// Of the jobs in the answer to POST, in their order.
  [[nodiscard]] static std::vector<jobs::JobId> job_ids(const RawResponse& response) {
    std::vector<jobs::JobId> ids;
    const auto jobs = response.body.substr(response.body.find("\"jobs\":["));
    const std::regex id{"\\{\"id\":\"([0-9a-f-]{36})\""};
    for (std::sregex_iterator match{jobs.begin(), jobs.end(), id}, end; match != end; ++match)
      ids.push_back(jobs::JobId::parse((*match)[1].str()).value());
    return ids;
  }
  void expect_refused(const RawResponse& response, int status, const std::string& code,
                      const std::string& said) const {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.problem_code(), code) << response.body;
    EXPECT_THAT(response.member("detail"), HasSubstr(said));
    EXPECT_TRUE(server_.reaches_stored_files(0)) << "something is left behind";
    EXPECT_EQ(server_.jobs().size(), 0U);
  }

  persistence::ClientUrlKey key_{persistence::SigningKey{1, 2, 3}};
  mutable TestServer server_{[this](Services& services) { services.client_urls = &key_; }};
};

TEST_F(BatchRoutes, MakesAJobOfEachFileInTheirOrder) {
  const auto response = post(picture_part("one.ppm") + picture_part("two.ppm", "files") +
                             form_part("name=\"preset\"", "small") + picture_part("three.ppm"));
  ASSERT_EQ(response.status, 201) << response.body;
  const auto id = response.member("id");
  EXPECT_EQ(response.field("location"), "/v1/batches/" + id);
  EXPECT_EQ(response.member("status"), "processing");
  EXPECT_THAT(response.body,
              AllOf(HasSubstr("\"completed_at\":null"), HasSubstr("\"metadata\":null"),
                    HasSubstr("\"counts\":{\"total\":3,\"pending\":3,\"processing\":0,"
                              "\"retrying\":0,\"completed\":0,\"failed\":0,\"cancelled\":0,"
                              "\"deleted\":0}"),
                    HasSubstr("\"links\":{\"self\":\"/v1/batches/" + id +
                              "\",\"jobs\":\"/v1/jobs?batch=" + id +
                              "\",\"events\":\"/v1/events?batch=" + id + "\"}")));
  const auto ids = job_ids(response);
  ASSERT_THAT(ids, SizeIs(3));
  const std::vector<std::string> names{"one.ppm", "two.ppm", "three.ppm"};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto job = server_.jobs().get(ids[i]).value();
    EXPECT_EQ(job.original.filename, names[i]);
    EXPECT_EQ(job.preset, "small") << "a parameter is every file's, wherever it stands";
    EXPECT_EQ(job.batch->to_string(), id);
    if (i > 0) {
      EXPECT_GT(ids[i], ids[i - 1]);
    }
  }
  EXPECT_EQ(server_.stored_files(), 3U);
  const auto listed = get("/v1/jobs?batch=" + id);
  for (const auto& job : ids)
    EXPECT_THAT(listed.body, HasSubstr(job.to_string()));
}

TEST_F(BatchRoutes, MetadataIsTheBatchsAndEachJobs) {
  const auto response = post(form_part("name=\"metadata\"", "{ \"order\": 7 }") + pictures(2));
  ASSERT_EQ(response.status, 201) << response.body;
  EXPECT_THAT(get(response.field("location")).body,
              HasSubstr("\"metadata\":{\"order\":7},\"counts\""));
  for (const auto& id : job_ids(response))
    EXPECT_EQ(server_.jobs().get(id)->metadata, "{\"order\":7}");
  EXPECT_EQ(post(pictures(1), "?callback_url=https://example.com/").problem_code(),
            "callbacks_disabled");
}

TEST_F(BatchRoutes, TellsHowABatchStands) {
  const auto posted = post(pictures(4));
  const auto ids = job_ids(posted);
  ASSERT_THAT(ids, SizeIs(4));
  const auto path = posted.field("location");
  server_.jobs().fail(ids[0]);
  ASSERT_TRUE(server_.jobs().remove(ids[1]));
  server_.jobs().start_attempt(ids[2]);
  const auto half = get(path);
  EXPECT_EQ(half.status, 200);
  EXPECT_THAT(half.body, HasSubstr("\"counts\":{\"total\":4,\"pending\":1,\"processing\":1,"
                                   "\"retrying\":0,\"completed\":0,\"failed\":1,\"cancelled\":0,"
                                   "\"deleted\":1}"));
  EXPECT_EQ(half.member("status"), "processing");
  EXPECT_EQ(half.body.find("\"jobs\":["), std::string::npos);
  ASSERT_TRUE(server_.jobs().cancel(ids[2]));
  ASSERT_TRUE(server_.jobs().cancel(ids[3]));
  EXPECT_EQ(get(path).member("status"), "completed");
  EXPECT_NE(get(path).member("completed_at"), "null");
  EXPECT_EQ(get("/v1/batches/" + ids[0].to_string()).problem_code(), "unknown_batch");
  EXPECT_EQ(get("/v1/batches/x").problem_code(), "unknown_batch");
}

TEST_F(BatchRoutes, FilesOfOneNameAreFilesOfTheirOwn) {
  const auto response = post(picture_part("a.ppm") + picture_part("a.ppm"));
  EXPECT_EQ(response.status, 201) << response.body;
  EXPECT_THAT(job_ids(response), SizeIs(2));
  EXPECT_EQ(server_.stored_files(), 2U);
}

TEST_F(BatchRoutes, OneBadFileRefusesThemAllAndIsNamed) {
  const auto good = picture_part("good.ppm");
  expect_refused(post(good + good + picture_part("bad (1).jpg", "file", "text") + good), 415,
                 "not_an_image", "File 3, 'bad (1).jpg': ");
  expect_refused(post(good + picture_part("none.png", "files", "")), 400, "empty_file",
                 "File 2, 'none.png': ");
  expect_refused(post(picture_part("cut.png", "file", cut_off_png()) + good), 422, "corrupt_image",
                 "File 1, 'cut.png': ");
}

TEST_F(BatchRoutes, FormsThatMakeNoSenseLeaveNothingBehind) {
  expect_refused(post(""), 400, "no_file", "'file'");
  expect_refused(post(picture_part("a.ppm", "image")), 400, "no_file", "'image'");
  const auto presets =
      form_part("name=\"preset\"", "default") + form_part("name=\"preset\"", "small");
  expect_refused(post(pictures(2) + presets), 400, "malformed_request", "Two presets");
  expect_refused(post(pictures(2) + form_part("name=\"reuse\"", "maybe")), 400, "invalid_parameter",
                 "'reuse'");
  expect_refused(post(pictures(2), "?preset=big"), 422, "unknown_preset", "preset");
  expect_refused(post(pictures(1), "", "Content-Encoding: gzip\r\n"), 415, "unsupported_media_type",
                 "gzip");
  const auto raw = server_.exchange(
      request_text("POST", "/v1/batches", "Content-Type: image/png\r\n", pnm_picture(4, 3)));
  expect_refused(raw.value_or(RawResponse{}), 415, "unsupported_media_type", "multipart/form-data");
  const auto cut_off = server_.exchange(
      request_text("POST", "/v1/batches",
                   "Content-Type: multipart/form-data; boundary=frontier\r\n", pictures(2)));
  expect_refused(cut_off.value_or(RawResponse{}), 400, "malformed_multipart", "");
}

TEST_F(BatchRoutes, TakesAHundredFilesAndNoMore) {
  expect_refused(post(pictures(101)), 413, "too_many_files", "more than 100 files");
  const auto parameters = form_part("name=\"preset\"", "small") + form_part("name=\"note\"", "x");
  EXPECT_EQ(post(parameters + pictures(100) + parameters).status, 201);
  EXPECT_EQ(server_.jobs().size(), 100U);
}

TEST_F(BatchRoutes, AFullQueueRefusesBeforeTheBodyIsRead) {
  server_.jobs().fill_queue();
  RawClient client{server_.port()};
  client.send(
      "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
      "Content-Type: multipart/form-data; boundary=frontier\r\n\r\n");
  const auto response = client.receive();
  ASSERT_TRUE(response);
  expect_refused(*response, 503, "queue_full", "");
}

TEST_F(BatchRoutes, WhatTheServiceRefusesIsNotKept) {
  server_.jobs().fail_create(actors::ServiceErrorCode::queue_full, "No room for all of them.");
  expect_refused(post(pictures(3)), 503, "queue_full", "No room");
}

TEST_F(BatchRoutes, WithoutAnAnswerOfTheServiceTheFilesStay) {
  server_.jobs().fail_create(actors::ServiceErrorCode::unavailable, "It did not answer.");
  EXPECT_EQ(post(pictures(3)).problem_code(), "unavailable");
  EXPECT_EQ(server_.stored_files(), 3U) << "there may be jobs that need them";
}

TEST_F(BatchRoutes, ABatchSentAgainIsTheSameOne) {
  const std::string key = "Idempotency-Key: \"k1\"\r\n";
  const auto first = post(pictures(3), "", key);
  ASSERT_EQ(first.status, 201) << first.body;
  const auto again = post(pictures(3), "", key);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.field("idempotency-replayed"), "true");
  EXPECT_EQ(again.field("location"), first.field("location"));
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(server_.stored_files(), 3U);
  for (const auto& other :
       {pictures(2), pictures(4), form_part("name=\"preset\"", "small") + pictures(3)})
    EXPECT_EQ(post(other, "", key).problem_code(), "idempotency_key_reused");
  EXPECT_EQ(server_.stored_files(), 3U);
  EXPECT_EQ(server_.jobs().size(), 3U);
}

/// What an answer says, whatever the id and the number of the request.
std::string told_of(const RawResponse& response, const std::string& id) {
  const auto told = std::regex_replace(response.body, std::regex{id}, "ID");
  return std::regex_replace(told, std::regex{",\"request_id\":\"[0-9a-f]*\""}, "");
}

TEST_F(BatchRoutes, OthersDoNotSeeABatch) {
  const auto own = "X-API-Key: " + server_.jobs().make_key(KeyScope::write) + "\r\n";
  const auto reader = "X-API-Key: " + server_.jobs().make_key(KeyScope::read) + "\r\n";
  const auto admin = "X-API-Key: " + server_.jobs().make_key(KeyScope::admin) + "\r\n";
  const auto posted = post(pictures(2), "", own);
  ASSERT_EQ(posted.status, 201) << posted.body;
  const auto path = posted.field("location");
  const auto id = posted.member("id");
  EXPECT_EQ(get(path, own).status, 200);
  EXPECT_EQ(get(path, admin).status, 200);
  const auto unknown = jobs::JobId::generate(jobs::system_now()).to_string();
  for (const std::string prefix : {"/v1/batches/", "/v1/events?batch="}) {
    const auto foreign = get(prefix + id, reader);
    EXPECT_EQ(foreign.status, 404);
    EXPECT_EQ(told_of(foreign, id), told_of(get(prefix + unknown, reader), unknown));
  }
  EXPECT_EQ(get(path + "/deliveries", reader).problem_code(), "unknown_batch");
  EXPECT_EQ(post(pictures(1), "", reader).problem_code(), "forbidden_scope");
}

TEST_F(BatchRoutes, ListsWhoWasToldOfItsEndAndTellsThemAgain) {
  const auto posted = post(pictures(1));
  const auto path = posted.field("location") + "/deliveries";
  EXPECT_EQ(get(path).body, "{\"deliveries\":[]}\n");
  const jobs::Delivery delivery{.id = jobs::JobId::generate(jobs::system_now()),
                                .subject = jobs::JobId::parse(posted.member("id")).value(),
                                .event = "batch.completed",
                                .channel = "webhook",
                                .target = "https://example.com/hook",
                                .status = jobs::DeliveryStatus::delivered};
  server_.jobs().add_delivery(delivery);
  EXPECT_THAT(get(path).body, AllOf(HasSubstr(delivery.id.to_string()),
                                    HasSubstr("\"event\":\"batch.completed\"")));
  const auto replay = "/" + delivery.id.to_string() + "/replay";
  const auto ask = [&](const std::string& target) {
    return server_.exchange(request_text("POST", target)).value_or(RawResponse{});
  };
  EXPECT_EQ(ask(path + replay).status, 202);
  const auto other = post(pictures(1)).field("location") + "/deliveries";
  EXPECT_EQ(ask(other + replay).problem_code(), "unknown_delivery");
  const auto unknown = "/v1/batches/" + delivery.id.to_string() + "/deliveries";
  EXPECT_EQ(get(unknown).problem_code(), "unknown_batch");
  EXPECT_EQ(ask(unknown + replay).problem_code(), "unknown_batch");
}

TEST_F(BatchRoutes, WaitsForTheEndOfAll) {
  const auto posted = post(pictures(2));
  const auto ids = job_ids(posted);
  server_.jobs().fail(ids.at(0));
  auto waited = std::async(std::launch::async,
                           [&] { return get(posted.field("location"), "Prefer: wait=20\r\n"); });
  EXPECT_EQ(waited.wait_for(std::chrono::milliseconds{300}), std::future_status::timeout);
  server_.jobs().fail(ids.at(1));
  const auto answer = waited.get();
  EXPECT_EQ(answer.member("status"), "completed") << answer.body;
  EXPECT_THAT(answer.field("preference-applied"), HasSubstr("wait"));
  const auto short_wait = post(pictures(1), "", "Prefer: wait=1\r\n");
  EXPECT_EQ(short_wait.status, 201);
  EXPECT_EQ(short_wait.member("status"), "processing");
}

/// What a stream tells up to its end.
std::string told_by(RawClient& client) {
  std::string told;
  for (std::string byte = client.receive_text(1); !byte.empty(); byte = client.receive_text(1))
    told += byte;
  return told;
}

TEST_F(BatchRoutes, EventsOfABatchEndWithItsCompletion) {
  const auto posted = post(pictures(2));
  const auto ids = job_ids(posted);
  const auto other = job_ids(post(pictures(1)));
  const auto target = "/v1/events?batch=" + posted.member("id");
  RawClient client{server_.port()};
  client.send(request_text("GET", target));
  server_.jobs().fail(ids.at(0));
  server_.jobs().fail(other.at(0));
  server_.jobs().fail(ids.at(1));
  const auto told = told_by(client);
  const std::string end = "event: batch.completed\ndata: {\"id\":\"" + posted.member("id") +
                          "\",\"status\":\"completed\"";
  EXPECT_THAT(told, AllOf(HasSubstr("retry: 2000"), HasSubstr(end), HasSubstr("\"failed\":2")));
  EXPECT_EQ(told.find("batch.completed"), told.rfind("batch.completed")) << "once";
  EXPECT_EQ(told.find(other.at(0).to_string()), std::string::npos);
  RawClient late{server_.port()};
  late.send(request_text("GET", target));
  EXPECT_THAT(told_by(late), HasSubstr(end));
}

TEST(BatchCallback, IsOneForTheBatchAndNoneForItsJobs) {
  TestServer server{[](Services& services) {
    services.read_callback_url = [](std::string_view url) { return std::string{url}; };
  }};
  const auto response = server.exchange(form_request(
      form_part("name=\"callback_url\"", "https://example.com/") + pictures(2), "/v1/batches"));
  ASSERT_TRUE(response);
  ASSERT_EQ(response->status, 201) << response->body;
  const auto id = jobs::JobId::parse(response->member("id")).value();
  EXPECT_EQ(server.jobs().batch(id)->batch.callback_url, "https://example.com/");
  EXPECT_EQ(server.jobs().last_upload().callback_url, "");
}

TEST(BatchLimits, AreOfAllFilesTogetherAndOfEach) {
  const auto picture = pnm_picture(20, 20);
  Options options;
  options.max_upload_bytes = picture.size();
  options.max_batch_bytes = 100'000;
  TestServer server{options};
  const auto form = [](const std::string& parts) { return form_request(parts, "/v1/batches"); };
  const auto large = server.exchange(
      form(picture_part("a.ppm", "file", picture) + picture_part("b.ppm", "file", picture + "x")));
  ASSERT_TRUE(large);
  EXPECT_EQ(large->problem_code(), "too_many_bytes");
  EXPECT_THAT(large->member("detail"), HasSubstr("File 2, 'b.ppm': "));
  std::string many;
  while (many.size() < 170'000)
    many += picture_part("a.ppm", "file", picture);
  const auto all = server.exchange(form(many));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->status, 413);
  EXPECT_EQ(server.stored_files(), 0U);
  EXPECT_EQ(server.jobs().size(), 0U);
}

}  // namespace
}  // namespace darkroom::http
