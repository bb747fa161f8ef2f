#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/blob_url.hpp"
#include "tests/actors/registry_fixture.hpp"
#include "tests/persistence/parsed_url.hpp"

namespace darkroom::actors {
namespace {

using persistence::BlobMethod;
using testing::HasSubstr;
using testing::IsEmpty;

/// What nodes get that do not reach the files of the coordinator.
class JobRegistryUrls : public RegistryFixture {
 protected:
  RegistryOptions with_signer() {
    RegistryOptions options;
    options.urls = {.signer = signer,
                    .expiry = std::chrono::minutes{10},
                    .max_rendition = 4'711,
                    .max_original = 815};
    return options;
  }

  tl::expected<ScriptedWorker, ServiceError> join_from_afar(const std::string& name) {
    auto worker = start_worker(name);
    WorkerHello hello{worker.id, 1, 1, {}};
    hello.fetches = 1;
    hello.reaches_files = false;
    auto joined = ask_to_join(hello, worker);
    run();
    if (!joined) return tl::unexpected(joined.error());
    return worker;
  }

  /// "allowed N" with the limit; else why not.
  std::string outcome(std::string_view method, const std::string& url) {
    const auto parsed = tests::parse_url(url);
    const auto grant = signer->verify(method, parsed.path, parsed.parameters, now());
    if (grant) return "allowed " + std::to_string(grant->limit);
    return grant.error() == persistence::UrlRefusal::expired ? "expired" : "bad";
  }

  tl::expected<std::string, ServiceError> sign(BlobMethod method, const std::string& key,
                                               std::uint64_t limit = 0) {
    return ask<std::string>(registry, atom::sign_v, BlobGrantRequest{method, key, limit});
  }

  std::shared_ptr<const persistence::UrlSigner> signer =
      std::make_shared<persistence::UrlSigner>(persistence::SigningKey{1, 2, 3});
};

TEST_F(JobRegistryUrls, GoToAWorkerThatDoesNotReachTheFiles) {
  start_registry(with_signer());
  auto job = new_job();
  job.original.blob_key = jobs::original_key(job.id, "jpg");
  job.renditions[1].spec.watermark = jobs::Watermark{.name = "logo", .image = "/srv/logo.png"};
  create(job);
  const auto worker = join_from_afar("remote");
  ASSERT_TRUE(worker) << worker.error().message;
  ASSERT_EQ(worker->tasks->size(), 1U);
  const auto& task = worker->tasks->front();

  EXPECT_THAT(task.original_url, HasSubstr("/blobs/" + job.original.blob_key + "?"));
  EXPECT_EQ(outcome("GET", task.original_url), "allowed 0");
  EXPECT_EQ(outcome("PUT", task.original_url), "bad");
  ASSERT_EQ(task.rendition_urls.size(), task.renditions.size());
  ASSERT_EQ(task.watermark_urls.size(), task.renditions.size());
  for (std::size_t i = 0; i < task.renditions.size(); ++i) {
    EXPECT_THAT(task.rendition_urls[i],
                HasSubstr("/blobs/" + jobs::rendition_key(job.id, task.renditions[i], 1) + "?"));
    EXPECT_EQ(outcome("PUT", task.rendition_urls[i]), "allowed 4711");
    EXPECT_EQ(outcome("GET", task.rendition_urls[i]), "bad");
    EXPECT_EQ(task.watermark_urls[i].empty(), i != 1);
  }
  EXPECT_THAT(task.watermark_urls[1], HasSubstr("/watermarks/logo?"));
  EXPECT_EQ(outcome("GET", task.watermark_urls[1]), "allowed 0");

  advance(std::chrono::minutes{10} + std::chrono::seconds{1});
  EXPECT_EQ(outcome("GET", task.original_url), "expired");
}

TEST_F(JobRegistryUrls, AreOneToPutTheOriginalWhereItHasToBeFetchedFirst) {
  start_registry(with_signer());
  auto job = new_job();
  job.source_url = "https://example.org/a.png";
  job.renditions[0].spec.format = jobs::OutputFormat::automatic;
  create(job);
  const auto worker = join_from_afar("remote").value();
  ASSERT_EQ(worker.tasks->size(), 1U);
  const auto& task = worker.tasks->front();
  EXPECT_TRUE(must_fetch(task));
  EXPECT_THAT(task.fetched_url, HasSubstr("/blobs/" + jobs::fetched_key(job, 1) + "?"));
  EXPECT_EQ(outcome("PUT", task.fetched_url), "allowed 815");
  EXPECT_EQ(outcome("GET", task.fetched_url), "bad");
  EXPECT_EQ(task.original_url, "");
  EXPECT_THAT(task.rendition_urls, IsEmpty());

  FetchedReport report{worker.id, task.job, task.token, {}, true};
  report.original.blob_key = task.original_key;
  report.original.sha256 = std::string(64, 'a');
  report.original.bytes = 9;
  ASSERT_TRUE(ask<atom::done>(registry, atom::fetched_v, report));
  ASSERT_EQ(worker.tasks->size(), 2U);
  const auto& further = worker.tasks->back();
  EXPECT_FALSE(must_fetch(further));
  EXPECT_EQ(outcome("GET", further.original_url), "allowed 0");
  EXPECT_EQ(further.renditions.at(0).format, jobs::OutputFormat::webp);
  EXPECT_THAT(further.rendition_urls.at(0), HasSubstr("-resized.webp?"));
  EXPECT_EQ(outcome("PUT", further.rendition_urls.at(0)), "allowed 4711");
}

TEST_F(JobRegistryUrls, NameTheFilesOfTheAttempt) {
  start_registry(with_signer());
  const auto job = create();
  const auto worker = join_from_afar("remote").value();
  ASSERT_EQ(worker.tasks->size(), 1U);
  ASSERT_TRUE(fail(worker, worker.tasks->front(), {jobs::ErrorKind::transient, "no"}));
  advance(std::chrono::seconds{3});
  ASSERT_EQ(worker.tasks->size(), 2U);
  const auto& again = worker.tasks->back();
  EXPECT_EQ(again.attempt, 2U);
  EXPECT_THAT(again.rendition_urls.at(0),
              HasSubstr(jobs::rendition_key(job.id, again.renditions.at(0), 2)));
}

TEST_F(JobRegistryUrls, DoNotGoToAWorkerThatReachesThem) {
  start_registry(with_signer());
  create();
  const auto worker = join("local");
  ASSERT_EQ(worker.tasks->size(), 1U);
  EXPECT_EQ(worker.tasks->front().original_url, "");
  EXPECT_THAT(worker.tasks->front().rendition_urls, IsEmpty());
  EXPECT_THAT(worker.tasks->front().watermark_urls, IsEmpty());
}

TEST_F(JobRegistryUrls, AreNotToBeHadWithoutASigner) {
  start_registry();
  create();
  const auto refused = join_from_afar("remote");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::out_of_reach);
  EXPECT_THAT(refused.error().message, HasSubstr("remote"));
  EXPECT_EQ(sign(BlobMethod::get, "uploads/resized/a.jpg").error().code,
            ServiceErrorCode::unavailable);
  EXPECT_EQ(join("local").tasks->size(), 1U) << "the refused worker was given nothing";
}

TEST_F(JobRegistryUrls, AreGivenToIngestNodesForFilesOfTheStoreOnly) {
  start_registry(with_signer());
  const std::string key = "uploads/originals/a.jpg";
  EXPECT_EQ(outcome("GET", sign(BlobMethod::get, key).value()), "allowed 0");
  EXPECT_EQ(outcome("PUT", sign(BlobMethod::put, key, 99).value()), "allowed 99");
  EXPECT_EQ(outcome("DELETE", sign(BlobMethod::remove, key).value()), "allowed 0");
  for (const auto* other : {"", "signing-key", "uploads/../signing-key", "jobs/CURRENT",
                            "uploads/a", "/uploads/a/b", "watermarks/logo"}) {
    EXPECT_EQ(sign(BlobMethod::get, other).error().code, ServiceErrorCode::bad_request) << other;
  }
  EXPECT_EQ(sign(static_cast<BlobMethod>(77), key).error().code, ServiceErrorCode::bad_request);
}

}  // namespace
}  // namespace darkroom::actors
