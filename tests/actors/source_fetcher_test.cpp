#include "actors/source_fetcher.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/task_runner_fixture.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/transfer/scripted_server.hpp"

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using testing::HasSubstr;
using testing::StartsWith;
using tests::answer;
using tests::ScriptedServer;

/// A source fetcher that may ask servers of 127.0.0.1, and a worker that keeps what it is sent.
class SourceFetcherTest : public TaskRunnerFixture {
 protected:
  SourceFetcherTest() { start(); }

  void start(imaging::Limits limits = {}, std::uint64_t max_bytes = 1'000'000,
             const std::string& allow = "127.0.0.1",
             std::chrono::milliseconds timeout = std::chrono::seconds{10}) {
    auto reports = keep(system().spawn(
        [](std::vector<FetchedReport>& kept,
           std::vector<JobReport>& ended) -> FetchReportActor::behavior_type {
          return {[&kept](atom::fetched, const FetchedReport& report) { kept.push_back(report); },
                  [&ended](atom::finish, const JobReport& report) { ended.push_back(report); }};
        },
        std::ref(fetched), std::ref(failed)));
    net::AddressGuard guard{net::AddressBlock::parse_list(allow).value()};
    fetcher = keep(system().spawn(
        source_fetcher,
        SourceFetcherConfig{.worker = {"anna", 1},
                            .files = std::make_shared<LocalTaskFiles>(blobs, for_originals),
                            .client = std::make_shared<outbound::WebClient>(std::move(guard)),
                            .options = {.enabled = true, .timeout = timeout, .max_redirects = 1},
                            .max_bytes = max_bytes,
                            .limits = limits,
                            .backend = &imaging::stb_backend(),
                            .stop = stop,
                            .reports_to = reports}));
  }

  Task task_from(const std::string& url) {
    Task task{jobs::JobId::generate(now()), jobs::LeaseToken::generate(), 1, "",
              jobs::default_preset().renditions};
    task.source_url = url;
    task.original_key = jobs::original_key(task.job, "jpg");
    return task;
  }

  static std::string url_of(const ScriptedServer& server) {
    return fmt::format("http://127.0.0.1:{}/a.jpg", server.port());
  }

  void fetch(const Task& task) {
    caf::anon_send(fetcher, atom::run_v, task);
    run();
  }

  /// What came of asking a server that answers so.
  jobs::JobError failure(const std::string& bytes) {
    const ScriptedServer server{{{.bytes = bytes}}};
    return failure_at(url_of(server));
  }

  jobs::JobError failure_at(const std::string& url) {
    failed.clear();
    fetch(task_from(url));
    EXPECT_TRUE(fetched.empty());
    EXPECT_EQ(failed.size(), 1U);
    EXPECT_EQ(files(), 0U) << "nothing stays behind";
    return failed.empty() ? jobs::JobError{} : failed.back().error;
  }

  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder.path()})
      count += entry.is_regular_file() ? 1U : 0U;
    return count;
  }

  static std::string file_of(const imaging::EncodedImage& image) {
    return {reinterpret_cast<const char*>(image.data()), image.size()};
  }

  tests::TemporaryFolder folder;
  std::shared_ptr<persistence::BlobStore> blobs =
      std::move(persistence::open_file_blob_store(folder.path()).value());
  std::shared_ptr<persistence::BlobStore> for_originals = blobs;
  SourceFetcherActor fetcher;
  std::vector<FetchedReport> fetched;
  std::vector<JobReport> failed;
};

TEST_F(SourceFetcherTest, KeepsThePictureAndTellsWhatItIs) {
  const auto file = file_of(picture(40, 30));
  const ScriptedServer server{{{.bytes = answer("200 OK", file)}}};
  const auto task = task_from(url_of(server));
  fetch(task);
  ASSERT_EQ(fetched.size(), 1U) << failed.at(0).error.message;
  const auto& report = fetched[0];
  EXPECT_EQ(report.job, task.job);
  EXPECT_EQ(report.token, task.token);
  EXPECT_EQ(report.original.blob_key, task.original_key);
  EXPECT_EQ(report.original.format, "jpeg");
  EXPECT_EQ(report.original.content_type, "image/jpeg");
  EXPECT_EQ(report.original.bytes, file.size());
  EXPECT_EQ(report.original.width, 40U);
  EXPECT_EQ(report.original.height, 30U);
  EXPECT_FALSE(report.alpha);
  const auto kept = persistence::MappedFile::open(blobs->local_path(task.original_key).value());
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->bytes().size(), file.size());
  EXPECT_EQ(files(), 1U);
}

TEST_F(SourceFetcherTest, WhatWillNotPassFailsTheJob) {
  for (const auto& [status, words] : {std::pair{"404 Gone", "404."},
                                      {"403 No", "403."},
                                      {"401 Who", "401."},
                                      {"304 Same", "304."}}) {
    const auto error = failure(answer(status, "no"));
    EXPECT_EQ(error.kind, ErrorKind::permanent) << status;
    EXPECT_THAT(error.message,
                StartsWith("The picture could not be fetched: the server answered "));
    EXPECT_THAT(error.message, HasSubstr(words));
  }
}

TEST_F(SourceFetcherTest, TakesNoPartForAPictureThoughItLooksLikeOne) {
  const auto error = failure(
      answer("206 Partial Content", file_of(picture(40, 30)), "Content-Range: bytes 0-9/9\r\n"));
  EXPECT_EQ(error.kind, ErrorKind::permanent);
  EXPECT_EQ(
      error.message,
      "The picture could not be fetched: the server answered 206, a part that was not asked for.");
}

TEST_F(SourceFetcherTest, WhatMayPassIsTriedAgain) {
  for (const char* status : {"500 Oh", "503 Busy", "408 Slow", "425 Early", "429 Many"})
    EXPECT_EQ(failure(answer(status, "no")).kind, ErrorKind::transient) << status;
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").kind, ErrorKind::transient);
  std::string gone;
  {
    const ScriptedServer server{{{}}};
    gone = url_of(server);
  }
  EXPECT_EQ(failure_at(gone).kind, ErrorKind::transient);
}

TEST_F(SourceFetcherTest, AServerThatTakesTooLongIsAskedAgain) {
  start({}, 1'000'000, "127.0.0.1", std::chrono::milliseconds{200});
  const ScriptedServer slow{
      {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", .hangs = true}}};
  const auto error = failure_at(url_of(slow));
  EXPECT_EQ(error.kind, ErrorKind::transient);
  EXPECT_EQ(error.message, "The picture could not be fetched: 127.0.0.1 took too long.");
}

TEST_F(SourceFetcherTest, GoesWhereItMayOnly) {
  start({}, 1'000'000, "");
  const ScriptedServer server{{{.bytes = answer("200 OK", file_of(picture(40, 30)))}}};
  const auto error = failure_at(url_of(server));
  EXPECT_EQ(error.kind, ErrorKind::permanent);
  EXPECT_EQ(error.message,
            "The picture could not be fetched: 127.0.0.1 is at an address that no request may go "
            "to (loopback).");
  EXPECT_EQ(server.requests(), 0U);
}

TEST_F(SourceFetcherTest, FollowsAsManyRedirectsAsItMay) {
  const ScriptedServer circle{{{.bytes = answer("302 Found", "", "Location: /a.jpg\r\n")}}};
  EXPECT_EQ(failure_at(url_of(circle)).kind, ErrorKind::permanent);
  EXPECT_EQ(circle.requests(), 2U);
  const auto away = failure(answer("302 Found", "", "Location: file:///etc/passwd\r\n"));
  EXPECT_EQ(away.kind, ErrorKind::permanent);
  EXPECT_THAT(away.message, HasSubstr("does not begin with http:// or https://"));
}

TEST_F(SourceFetcherTest, RefusesWhatAnUploadWouldBeRefusedFor) {
  const auto not_a_picture = failure(answer("200 OK", "<html>no picture</html>"));
  EXPECT_EQ(not_a_picture.kind, ErrorKind::permanent);
  EXPECT_THAT(not_a_picture.message, HasSubstr("not an image"));
  EXPECT_EQ(failure(answer("200 OK", "")).message,
            "The picture could not be fetched: the server answered without any bytes.");

  const auto file = answer("200 OK", file_of(picture(40, 30)));
  start({}, 100);
  const std::string too_large = "more than the 100 bytes that are allowed";
  EXPECT_THAT(failure(file).message, HasSubstr(too_large));
  const auto endless = failure("HTTP/1.1 200 OK\r\n\r\n" + file_of(picture(40, 30)));
  EXPECT_EQ(endless.kind, ErrorKind::permanent) << "it does not say before how long it is";
  EXPECT_THAT(endless.message, HasSubstr(too_large));
  imaging::Limits few_pixels;
  few_pixels.max_pixels = 1'000;
  start(few_pixels);
  EXPECT_EQ(failure(file).kind, ErrorKind::permanent);
  imaging::Limits little_memory;
  little_memory.max_memory = 1'000;
  start(little_memory);
  const auto too_much = failure(file);
  EXPECT_EQ(too_much.kind, ErrorKind::permanent);
  EXPECT_THAT(too_much.message, HasSubstr("memory"));
}

TEST_F(SourceFetcherTest, LeavesTheReserveOfTheDiskAlone) {
  constexpr std::uint64_t more_than_any_disk = std::uint64_t{1} << 60U;
  for_originals = persistence::open_file_blob_store(folder.path(), more_than_any_disk).value();
  start();
  const ScriptedServer server{{{.bytes = answer("200 OK", file_of(picture(40, 30)))}}};
  const auto error = failure_at(url_of(server));
  EXPECT_EQ(error.kind, ErrorKind::environment) << "the job waits for room";
  EXPECT_EQ(error.message,
            "The fetched picture cannot be written: the disk of the service is full.");
  EXPECT_EQ(server.requests(), 0U);
}

TEST_F(SourceFetcherTest, EndsSoonWhereNobodyWantsIt) {
  const ScriptedServer hanging{{{.bytes = "HTTP/1.1 200 OK\r\n", .hangs = true}}};
  const auto task = task_from(url_of(hanging));
  const std::jthread canceller{[&] {
    while (hanging.requests() == 0)
      std::this_thread::yield();
    stop->cancel(task.token);
  }};
  const auto before = std::chrono::steady_clock::now();
  fetch(task);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{8});
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].outcome, JobOutcome::handed_back);
}

}  // namespace
}  // namespace darkroom::actors
