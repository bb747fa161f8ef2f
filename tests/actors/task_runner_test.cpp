#include <filesystem>
#include <fstream>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pipeline.hpp"
#include "jobs/watermark_limit.hpp"
#include "persistence/mapped_file.hpp"
#include "tests/actors/task_runner_fixture.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::actors {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class TaskRunnerTest : public TaskRunnerFixture {
 protected:
  TaskRunnerTest() { start_runner(std::make_shared<LocalTaskFiles>(blobs, blobs)); }

  Task task_for(std::span<const std::byte> original) {
    Task task{jobs::JobId::generate(now()), jobs::LeaseToken::generate(), 1, "",
              jobs::default_preset().renditions};
    task.original_key = jobs::original_key(task.job, "jpg");
    auto writer = std::move(blobs->create().value());
    EXPECT_TRUE(writer->write(original));
    EXPECT_TRUE(writer->finish());
    EXPECT_TRUE(writer->commit(task.original_key));
    return task;
  }

  std::vector<std::byte> read(const std::string& key) {
    const auto file = persistence::MappedFile::open(blobs->local_path(key).value());
    EXPECT_TRUE(file) << key;
    return {file->bytes().begin(), file->bytes().end()};
  }

  tests::TemporaryFolder folder;
  std::shared_ptr<persistence::BlobStore> blobs =
      std::move(persistence::open_file_blob_store(folder.path()).value());
};

TEST_F(TaskRunnerTest, MakesEveryRenditionExactlyAsThePipelineDoes) {
  const auto original = picture(1'300, 900);
  const auto task = task_for(original);
  run_task(task);

  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::completed) << job_reports[0].error.message;
  EXPECT_EQ(rendition_reports.size(), 3U);
  const auto expected =
      imaging::run_pipeline(imaging::stb_backend(), original, imaging::Limits{}, task.renditions);
  ASSERT_TRUE(expected);
  for (std::size_t i = 0; i < task.renditions.size(); ++i) {
    const auto key = jobs::rendition_key(task.job, task.renditions[i], task.attempt);
    EXPECT_EQ(read(key), expected->renditions[i]->file) << key;
  }
  for (const auto& result : job_reports[0].results) {
    if (result.name != "resized") continue;
    EXPECT_EQ(result.width, 1'024U);
    EXPECT_EQ(result.height, 709U);
  }
}

TEST_F(TaskRunnerTest, ReportsWhatThePixelsSay) {
  auto task = task_for(picture(640, 480));
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  const auto of_thumbnail = job_reports[0].findings;
  ASSERT_TRUE(of_thumbnail.blurhash);
  EXPECT_EQ(of_thumbnail.blurhash->size(), 28U);
  EXPECT_THAT(of_thumbnail.dominant_colour, testing::Optional(StartsWith("#")));

  // Where each rendition shows a part only, the original is looked at itself.
  task.renditions = {
      {.name = "square", .width = 20, .height = 20, .folder = "squares", .fit = jobs::Fit::cover}};
  run_task(task);
  ASSERT_EQ(job_reports.size(), 2U);
  EXPECT_TRUE(job_reports[1].findings.blurhash);
  EXPECT_TRUE(job_reports[1].findings.dominant_colour);
}

TEST_F(TaskRunnerTest, FindsOutNothingOfWhatItCannotDecode) {
  auto original = picture(400, 300);
  original.resize(original.size() / 2);
  run_task(task_for(original));
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].findings, jobs::OriginalFindings{});
}

TEST_F(TaskRunnerTest, TellsTheClientTheNameOfAWatermarkAndNotItsPath) {
  auto task = task_for(picture(40, 30));
  task.renditions[0].watermark = jobs::Watermark{.name = "logo", .image = "/srv/gone/logo.png"};
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::failed);
  EXPECT_EQ(job_reports[0].error.kind, jobs::ErrorKind::environment);
  EXPECT_THAT(job_reports[0].error.message, StartsWith("The watermark logo cannot be read"));
  EXPECT_THAT(job_reports[0].error.message, testing::Not(HasSubstr("/srv")));
}

TEST_F(TaskRunnerTest, ABadWatermarkIsNotCountedAgainstTheJob) {
  const auto mark = folder.path() / "logo.jpg";
  auto task = task_for(picture(40, 30));
  task.renditions[0].watermark = jobs::Watermark{.name = "logo", .image = mark.string()};
  const auto whole = picture(200, 150);
  const std::string text(reinterpret_cast<const char*>(whole.data()), whole.size());
  for (const auto& content : {std::string{}, text.substr(0, 10), text.substr(0, text.size() / 2),
                              std::string(1'000, 'x')}) {
    SCOPED_TRACE(content.size());
    std::ofstream{mark, std::ios::binary} << content;
    run_task(task);
    EXPECT_EQ(job_reports.back().outcome, JobOutcome::failed);
    EXPECT_EQ(job_reports.back().error.kind, jobs::ErrorKind::environment);
    EXPECT_THAT(job_reports.back().error.message, StartsWith("The watermark logo cannot be "));
  }
  std::filesystem::resize_file(mark, jobs::max_watermark_bytes + 1);
  run_task(task);
  EXPECT_EQ(job_reports.back().error.kind, jobs::ErrorKind::environment);

  std::ofstream{mark, std::ios::binary} << text;
  run_task(task);
  EXPECT_EQ(job_reports.back().outcome, JobOutcome::completed) << job_reports.back().error.message;
}

TEST_F(TaskRunnerTest, AWatermarkCutOffAfterTheReservationDoesNotMatter) {
  const auto mark = folder.path() / "logo.jpg";
  const auto whole = picture(200, 150);
  std::ofstream{mark, std::ios::binary}.write(reinterpret_cast<const char*>(whole.data()),
                                              static_cast<std::streamsize>(whole.size()));
  reservations.meanwhile = [&] { std::filesystem::resize_file(mark, 0); };
  auto task = task_for(picture(40, 30));
  for (auto& spec : task.renditions)
    spec.watermark = jobs::Watermark{.name = "logo", .image = mark.string()};
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::completed) << job_reports[0].error.message;
}

TEST_F(TaskRunnerTest, TakesOneTaskAfterTheOther) {
  for (int i = 0; i < 3; ++i)
    run_task(task_for(picture(40, 30)));
  ASSERT_EQ(job_reports.size(), 3U);
  for (const auto& report : job_reports)
    EXPECT_EQ(report.outcome, JobOutcome::completed);
}

TEST_F(TaskRunnerTest, AsksForTheMemoryThatTheHeaderCallsFor) {
  run_task(task_for(picture(1'300, 900)));
  run_task(task_for(picture(130, 90)));
  ASSERT_EQ(reservations.bytes.size(), 2U);
  EXPECT_GT(reservations.bytes[0], 1'300U * 900U * 6U) << "stb decodes and copies";
  EXPECT_LT(reservations.bytes[1], reservations.bytes[0]);
  EXPECT_EQ(job_reports.at(1).outcome, JobOutcome::completed);
}

TEST_F(TaskRunnerTest, FailsForGoodWhatNoWorkerHasMemoryFor) {
  reservations.refusal = ServiceError{ServiceErrorCode::too_much_memory, "It takes 9 GiB."};
  run_task(task_for(picture(40, 30)));
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::failed);
  EXPECT_EQ(job_reports[0].error.kind, jobs::ErrorKind::permanent);
  EXPECT_EQ(job_reports[0].error.message, "It takes 9 GiB.");
  EXPECT_TRUE(rendition_reports.empty());
}

TEST_F(TaskRunnerTest, HandsBackWhatItsWorkerDoesNotWantAnyMore) {
  reservations.refusal = ServiceError{ServiceErrorCode::unavailable, "The worker stops."};
  run_task(task_for(picture(40, 30)));
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::handed_back);
  EXPECT_TRUE(rendition_reports.empty());
  reservations.refusal.reset();
  run_task(task_for(picture(40, 30)));
  EXPECT_EQ(job_reports.at(1).outcome, JobOutcome::completed);
}

TEST_F(TaskRunnerTest, ADamagedPictureIsAPermanentError) {
  auto original = picture(400, 300);
  original.resize(original.size() / 2);
  run_task(task_for(original));
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::failed);
  EXPECT_EQ(job_reports[0].error.kind, jobs::ErrorKind::permanent);
  EXPECT_THAT(job_reports[0].error.message, StartsWith("Corrupted image file: "));
  EXPECT_TRUE(rendition_reports.empty());
}

TEST_F(TaskRunnerTest, AMissingOriginalIsAPermanentError) {
  Task task{jobs::JobId::generate(now()), jobs::LeaseToken::generate(), 1,
            "uploads/originals/gone.jpg", jobs::default_preset().renditions};
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].error.kind, jobs::ErrorKind::permanent);
  EXPECT_THAT(job_reports[0].error.message, HasSubstr("missing"));
}

TEST_F(TaskRunnerTest, AnOriginalOfAnotherSizeIsDamaged) {
  auto task = task_for(picture(40, 30));
  task.original_bytes = std::filesystem::file_size(folder.path() / task.original_key);
  run_task(task);
  EXPECT_EQ(job_reports.at(0).outcome, JobOutcome::completed) << job_reports[0].error.message;
  ++task.original_bytes;
  run_task(task);
  EXPECT_EQ(job_reports.at(1).error.kind, jobs::ErrorKind::permanent);
  EXPECT_EQ(job_reports.at(1).error.message, "The stored original is damaged.");
}

TEST_F(TaskRunnerTest, DoesNotBeginWithWhatWasCancelledBefore) {
  const auto task = task_for(picture(40, 30));
  stop->cancel(task.token);
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::handed_back);
  EXPECT_TRUE(rendition_reports.empty());
  run_task(task_for(picture(40, 30)));
  EXPECT_EQ(job_reports.at(1).outcome, JobOutcome::completed);
}

TEST_F(TaskRunnerTest, TellsTheClientNoPathsOfTheMachine) {
  const auto task = task_for(picture(40, 30));
  std::filesystem::remove_all(folder.path() / "temporary");
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::failed);
  EXPECT_THAT(job_reports[0].error.message, StartsWith("Cannot write rendition "));
  EXPECT_THAT(job_reports[0].error.message, testing::Not(HasSubstr(folder.path().string())));
}

TEST_F(TaskRunnerTest, AnOperationThatDiedIsATransientError) {
  kill(resize_actor);
  run_task(task_for(picture(400, 300)));
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::failed);
  EXPECT_EQ(job_reports[0].error.kind, jobs::ErrorKind::transient);

  // Its supervisor starts it again, and the runner is told.
  resize_actor =
      keep(system().spawn(resize, std::cref(imaging::stb_backend()), std::make_shared<CpuMeter>()));
  caf::anon_send(runner, atom::operators_v, resize_actor, compress_actor, thumbnail_actor);
  run_task(task_for(picture(400, 300)));
  EXPECT_EQ(job_reports.back().outcome, JobOutcome::completed);
}

TEST_F(TaskRunnerTest, MakesOnlyWhatIsMissing) {
  auto task = task_for(picture(640, 480));
  task.attempt = 2;
  task.renditions.erase(task.renditions.begin());
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::completed);
  EXPECT_EQ(job_reports[0].results.size(), 2U);
  EXPECT_TRUE(job_reports[0].findings.blurhash);
}

TEST_F(TaskRunnerTest, CompletesWhatLacksNothingButTheReport) {
  auto task = task_for(picture(640, 480));
  task.renditions.clear();
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::completed) << job_reports[0].error.message;
  EXPECT_TRUE(job_reports[0].findings.blurhash) << "what was found before died with its worker";
}

TEST_F(TaskRunnerTest, EndsBetweenTwoStepsWhenItsTaskIsCancelled) {
  const auto task = task_for(picture(1'300, 900));
  // The lease is lost while the picture is decoded, so before any rendition is made.
  reservations.meanwhile = [&] { caf::anon_send(runner, atom::cancel_v, task.token); };
  run_task(task);
  ASSERT_EQ(job_reports.size(), 1U);
  EXPECT_EQ(job_reports[0].outcome, JobOutcome::handed_back);
  EXPECT_TRUE(rendition_reports.empty());
  for (const auto& spec : task.renditions)
    EXPECT_FALSE(blobs->open(jobs::rendition_key(task.job, spec, task.attempt)));

  // The next one is none the worse for it, and a late word about the last means nothing.
  reservations.meanwhile = [] {};
  caf::anon_send(runner, atom::cancel_v, task.token);
  auto next = task_for(picture(40, 30));
  run_task(next);
  EXPECT_EQ(job_reports.back().outcome, JobOutcome::completed);
}

}  // namespace
}  // namespace darkroom::actors
