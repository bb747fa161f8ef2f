#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/remote_task_files.hpp"
#include "actors/task_urls.hpp"
#include "imaging/pipeline.hpp"
#include "tests/actors/task_runner_fixture.hpp"
#include "tests/transfer/blob_server.hpp"
#include "tests/transfer/scripted_server.hpp"

namespace darkroom::actors {
namespace {

namespace fs = std::filesystem;
using jobs::ErrorKind;
using persistence::BlobMethod;
using testing::HasSubstr;
using testing::StartsWith;

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A task runner on a machine that has none of the files.
class RemoteTask : public TaskRunnerFixture {
 protected:
  RemoteTask() {
    start_runner(std::make_shared<RemoteTaskFiles>(tests::quick_transfers(), server_.port(),
                                                   scratch_.path()));
  }

  Task task_for(std::span<const std::byte> original) {
    Task task{jobs::JobId::generate(now()), jobs::LeaseToken::generate(), 1, "",
              jobs::default_preset().renditions};
    task.original_key = jobs::original_key(task.job, "jpg");
    server_.put(task.original_key, text_of(original));
    task.original_sha256 = tests::sha256_of(text_of(original));
    task.original_bytes = original.size();
    sign(task);
    return task;
  }

  void sign(Task& task, std::uint64_t max_rendition = 10'000'000) {
    const std::shared_ptr<const persistence::UrlSigner> signer{std::shared_ptr<void>{},
                                                               &server_.signer()};
    sign_urls(task,
              {.signer = signer, .expiry = std::chrono::minutes{1}, .max_rendition = max_rendition},
              server_.now());
  }

  void expect_failed(const Task& task, ErrorKind kind, const std::string& message) {
    run_task(task);
    ASSERT_FALSE(job_reports.empty());
    EXPECT_EQ(job_reports.back().outcome, JobOutcome::failed);
    EXPECT_EQ(job_reports.back().error.kind, kind) << job_reports.back().error.message;
    EXPECT_THAT(job_reports.back().error.message, StartsWith(message));
    EXPECT_THAT(job_reports.back().error.message, testing::Not(HasSubstr("/blobs/")));
    EXPECT_TRUE(fs::is_empty(scratch_.path()));
  }

  tests::TemporaryFolder scratch_;
  tests::BlobServer server_;
};

TEST_F(RemoteTask, MakesEveryRenditionExactlyAsThePipelineDoes) {
  const auto original = picture(1'300, 900);
  const auto task = task_for(original);
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::completed) << job_reports[0].error.message;
  EXPECT_EQ(rendition_reports.size(), 3U);
  const auto expected =
      imaging::run_pipeline(imaging::stb_backend(), original, imaging::Limits{}, task.renditions);
  for (std::size_t i = 0; i < task.renditions.size(); ++i) {
    const auto key = jobs::rendition_key(task.job, task.renditions[i], task.attempt);
    EXPECT_TRUE(server_.content(key) == text_of(expected->renditions[i]->file)) << key;
  }
  for (const auto& result : job_reports[0].results)
    EXPECT_EQ(result.sha256, tests::sha256_of(server_.content(result.blob_key).value()));
  EXPECT_TRUE(fs::is_empty(scratch_.path())) << "nothing of the original stays behind";
}

TEST_F(RemoteTask, LaysWatermarksOverThatAreOnTheOtherMachine) {
  const auto mark = picture(20, 10);
  std::ofstream{server_.folder() / "logo", std::ios::binary} << text_of(mark);
  auto task = task_for(picture(400, 300));
  task.renditions[0].watermark = jobs::Watermark{.name = "logo", .image = "/srv/logo.jpg"};
  sign(task);
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::completed) << job_reports[0].error.message;
}

TEST_F(RemoteTask, AWatermarkThatIsNotThereIsTheOperatorsFault) {
  for (const auto* name : {"gone", "none", "logo"}) {  // The last one is no picture.
    auto task = task_for(picture(40, 30));
    task.renditions[0].watermark = jobs::Watermark{.name = name, .image = "/srv/x.jpg"};
    sign(task);
    expect_failed(task, ErrorKind::environment,
                  "The watermark " + std::string{name} + " cannot be ");
  }
}

TEST_F(RemoteTask, AMissingOriginalIsAPermanentError) {
  const auto task = task_for(picture(40, 30));
  ASSERT_TRUE(server_.blobs().remove(task.original_key));
  expect_failed(task, ErrorKind::permanent, "The original is missing from the blob store.");
}

TEST_F(RemoteTask, ADamagedOriginalIsAPermanentError) {
  auto task = task_for(picture(40, 30));
  auto content = *server_.content(task.original_key);
  content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
  server_.put(task.original_key, content);
  expect_failed(task, ErrorKind::permanent, "The stored original is damaged.");
  server_.put(task.original_key, content.substr(1));
  expect_failed(task, ErrorKind::permanent, "The stored original is damaged.");
  server_.put(task.original_key, content + "more");
  expect_failed(task, ErrorKind::permanent, "The stored original is damaged.");
}

TEST_F(RemoteTask, AFullDiskThereIsNotCountedAgainstTheJob) {
  const auto task = task_for(picture(40, 30));
  server_.blobs().is_full();
  expect_failed(task, ErrorKind::environment, "Cannot write rendition ");
  EXPECT_EQ(job_reports.back().error.ailment, "") << "no worker could do better";
  server_.blobs().has_room_again();
  run_task(task);
  EXPECT_EQ(job_reports.back().outcome, JobOutcome::completed);
}

TEST_F(RemoteTask, AFullDiskHereIsNotCountedAgainstTheJobEither) {
  const auto task = task_for(picture(40, 30));
  fs::remove(scratch_.path());
  std::ofstream{scratch_.path()} << "no folder";
  run_task(task);
  EXPECT_EQ(job_reports.at(0).error.kind, ErrorKind::environment);
  EXPECT_THAT(job_reports[0].error.message, testing::Not(HasSubstr(scratch_.path().string())));
  EXPECT_THAT(job_reports[0].error.ailment, HasSubstr(scratch_.path().string()))
      << "its worker is to take none for a while";
}

TEST_F(RemoteTask, UrlsThatHaveExpiredAreATransientError) {
  const auto task = task_for(picture(40, 30));
  server_.set_forth(std::chrono::minutes{2});
  expect_failed(task, ErrorKind::transient, "The original cannot be fetched: ");
}

TEST_F(RemoteTask, WithoutUrlsIsATransientError) {
  auto task = task_for(picture(40, 30));
  task.rendition_urls.clear();
  expect_failed(task, ErrorKind::transient, "Cannot write rendition ");
  task.original_url.clear();
  expect_failed(task, ErrorKind::transient, "The original cannot be fetched: ");
}

TEST_F(RemoteTask, ARenditionThatIsTooLargeIsAPermanentError) {
  auto task = task_for(picture(400, 300));
  sign(task, 10);
  expect_failed(task, ErrorKind::permanent, "Cannot write rendition ");
  EXPECT_THAT(job_reports.back().error.message, HasSubstr("transfer.max_rendition"));
}

TEST_F(RemoteTask, ANodeThatCannotBeReachedIsATransientError) {
  start_runner(std::make_shared<RemoteTaskFiles>(tests::quick_transfers(), 1, scratch_.path()));
  expect_failed(task_for(picture(40, 30)), ErrorKind::transient,
                "The original cannot be fetched: ");
}

TEST_F(RemoteTask, AnOriginalThatWasFetchedFromItsSourceIsSentWhole) {
  RemoteTaskFiles files{tests::quick_transfers(), server_.port(), scratch_.path()};
  Task task{jobs::JobId::generate(now()), jobs::LeaseToken::generate(), 1, "", {}};
  task.source_url = "https://example.org/a.png";
  task.original_key = jobs::original_key(task.job, "png");
  const auto put = [&](std::uint64_t limit) {
    task.fetched_url = server_.url(BlobMethod::put, task.original_key, limit);
    auto file = std::move(files.new_original(task).value());
    const std::string text = "not looked at";
    EXPECT_TRUE(file->write(std::as_bytes(std::span{text}.first(3))));
    EXPECT_TRUE(file->write(std::as_bytes(std::span{text}.subspan(3))));
    const auto whole = file->finish();
    EXPECT_TRUE(whole);
    EXPECT_EQ(text_of(whole->file.bytes()), text);
    EXPECT_EQ(whole->sha256, tests::sha256_of(text));
    EXPECT_FALSE(server_.content(task.original_key));
    return file->keep({});
  };
  const auto too_large = put(5);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().kind, ErrorKind::permanent);
  EXPECT_THAT(too_large.error().message, HasSubstr("http.max_upload"));
  ASSERT_TRUE(put(1'000));
  EXPECT_EQ(server_.content(task.original_key), "not looked at");
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(RemoteTask, CancelledWhileItIsFetchedEndsSoon) {
  const tests::ScriptedServer hanging{{{"", true}}};
  auto options = tests::quick_transfers();
  options.stall_timeout = options.timeout = std::chrono::minutes{1};
  start_runner(std::make_shared<RemoteTaskFiles>(options, hanging.port(), scratch_.path()));
  const auto task = task_for(picture(40, 30));
  const auto before = std::chrono::steady_clock::now();
  const std::jthread canceller{[&] {
    while (hanging.requests() == 0)
      std::this_thread::yield();
    stop->cancel(task.token);
  }};
  run_task(task);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{10});
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::handed_back);
}

}  // namespace
}  // namespace darkroom::actors
