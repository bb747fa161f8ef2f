#include "actors/ingest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

namespace darkroom::actors {
namespace {

using testing::HasSubstr;

class IngestTest : public RegistryFixture {
 protected:
  IngestTest() {
    actor = keep(system().spawn(ingest, std::vector{jobs::default_preset(), small, automatic},
                                std::chrono::milliseconds{std::chrono::hours{2}}, wall_clock(),
                                MemoryLimit{&imaging::fast_backend(), std::uint64_t{64} << 20U}));
  }

  void connect() {
    start_registry();
    caf::anon_send(actor, atom::registry_v, ClientRegistryActor{registry});
    run();
  }

  NewJob upload(const std::string& preset) {
    NewJob job{jobs::JobId::generate(now()), preset, jobs::Original{}};
    job.info.width = 400;
    job.info.height = 300;
    return job;
  }

  jobs::Preset small{"small", {jobs::default_preset().renditions[2]}};
  jobs::Preset automatic{"auto",
                         {{.name = "x",
                           .operation = jobs::Operation::compress,
                           .format = jobs::OutputFormat::automatic,
                           .folder = "x"}}};
  IngestActor actor;
};

TEST_F(IngestTest, CreatesAJobWithThePresetsRenditions) {
  connect();
  const auto created = ask<CreatedJob>(actor, atom::create_v, upload("small"));
  ASSERT_TRUE(created);
  const auto* job = &created->job;
  EXPECT_EQ(job->preset, "small");
  ASSERT_EQ(job->renditions.size(), 1U);
  EXPECT_EQ(job->renditions[0].spec, small.renditions[0]);
  EXPECT_EQ(job->expires_at, now() + std::chrono::hours{2});
  EXPECT_EQ(ask<jobs::Job>(actor, atom::get_v, job->id), *job);
}

TEST_F(IngestTest, CreatesAJobWithTheUploadsOwnRenditions) {
  connect();
  EXPECT_TRUE(ask<atom::done>(actor, atom::admit_v));
  auto own = upload("");
  own.renditions = {{.name = "a", .operation = jobs::Operation::compress, .folder = "compressed"}};
  const auto created = ask<CreatedJob>(actor, atom::create_v, own);
  ASSERT_TRUE(created);
  const auto* job = &created->job;
  EXPECT_EQ(job->preset, "");
  ASSERT_EQ(job->renditions.size(), 1U);
  EXPECT_EQ(job->renditions[0].spec, own.renditions[0]);
}

TEST_F(IngestTest, LeavesToTheWorkerWhatFollowsFromAnOriginalThatIsYetToBeFetched) {
  connect();
  auto wanted = upload("auto");
  wanted.source_url = "https://example.org/a.png";
  const auto created = ask<CreatedJob>(actor, atom::create_v, wanted);
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_EQ(created->job.source_url, wanted.source_url);
  EXPECT_FALSE(has_original(created->job));
  EXPECT_EQ(created->job.renditions.at(0).spec.format, jobs::OutputFormat::automatic);
}

TEST_F(IngestTest, SettlesTheFormatAutoByWhatTheOriginalCanShow) {
  using jobs::OutputFormat;
  connect();
  const std::vector cases{std::pair{true, OutputFormat::webp}, {false, OutputFormat::jpeg}};
  for (const auto& [alpha, format] : cases) {
    for (const auto& preset : {std::string{"auto"}, std::string{}}) {
      auto wanted = upload(preset);
      wanted.info.alpha = alpha;
      if (preset.empty()) wanted.renditions = automatic.renditions;
      const auto created = ask<CreatedJob>(actor, atom::create_v, wanted);
      ASSERT_TRUE(created);
      EXPECT_EQ(created->job.renditions.at(0).spec.format, format);
    }
  }
}

TEST_F(IngestTest, RefusesWhatWouldTakeTooMuchMemoryBeforeItIsQueued) {
  connect();
  auto large = upload("default");
  large.info.width = 10'000;
  large.info.height = 9'000;
  large.info.format = imaging::InputFormat::png;
  const auto refused = ask<CreatedJob>(actor, atom::create_v, large);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ServiceErrorCode::too_much_memory);
  EXPECT_THAT(refused.error().message, HasSubstr("10000x9000 pixels"));
  EXPECT_THAT(refused.error().message, HasSubstr("64 MiB are allowed (imaging.max_memory)"));
  EXPECT_EQ(ask<ServiceStatus>(registry, atom::status_v)->pending, 0U);
}

TEST_F(IngestTest, AnUnknownPresetIsRefusedWithThoseThereAre) {
  connect();
  for (const auto& refused : {ask<atom::done>(actor, atom::admit_v, std::string{"smal"}).error(),
                              ask<CreatedJob>(actor, atom::create_v, upload("smal")).error()}) {
    EXPECT_EQ(refused.code, ServiceErrorCode::unknown_preset);
    EXPECT_THAT(refused.message, HasSubstr("default, small"));
  }
}

TEST_F(IngestTest, IsUnavailableWhileThereIsNoRegistry) {
  EXPECT_EQ(ask<CreatedJob>(actor, atom::create_v, upload("small")).error().code,
            ServiceErrorCode::unavailable);
  connect();
  EXPECT_TRUE(ask<atom::done>(actor, atom::admit_v, std::string{"small"}));
  kill(registry);
  EXPECT_EQ(ask<CreatedJob>(actor, atom::create_v, upload("small")).error().code,
            ServiceErrorCode::unavailable);
  connect();
  EXPECT_TRUE(ask<CreatedJob>(actor, atom::create_v, upload("small")));
}

TEST_F(IngestTest, HasTheRegistrySignUrls) {
  const BlobGrantRequest wanted{persistence::BlobMethod::put, "uploads/originals/a.jpg", 99};
  EXPECT_EQ(ask<std::string>(actor, atom::sign_v, wanted).error().code,
            ServiceErrorCode::unavailable);
  RegistryOptions options;
  options.urls = {
      .signer = std::make_shared<persistence::UrlSigner>(persistence::SigningKey{1, 2, 3}),
      .expiry = std::chrono::minutes{1},
      .max_rendition = 1};
  start_registry(options);
  caf::anon_send(actor, atom::registry_v, ClientRegistryActor{registry});
  run();
  const auto url = ask<std::string>(actor, atom::sign_v, wanted);
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_THAT(*url, HasSubstr("/blobs/uploads/originals/a.jpg?method=PUT&"));
  EXPECT_THAT(*url, HasSubstr("&limit=99&"));
}

}  // namespace
}  // namespace darkroom::actors
