#include "actors/ingest_client.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/catalogue.hpp"
#include "actors/ingest.hpp"
#include "actors/job_registry.hpp"
#include "actors/message_block.hpp"
#include "imaging/backend.hpp"

// The calls of the HTTP threads, on real threads.

namespace darkroom::actors {
namespace {

using persistence::JobFilter;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class IngestClientTest : public testing::Test {
 protected:
  struct Config : caf::actor_system_config {
    Config() { add_messages(*this); }
  };

  IngestClientTest() : IngestClientTest(with_callbacks()) {}

  explicit IngestClientTest(RegistryOptions options)
      : registry(system.spawn<caf::detached>(job_registry, store, options, clock)) {
    caf::anon_send(registry, atom::catalogue_v, books);
    caf::anon_send(front, atom::registry_v, ClientRegistryActor{registry});
    client.use(front);
  }

  ~IngestClientTest() override {
    client.use({});
    caf::scoped_actor self{system};
    self->send_exit(front, caf::exit_reason::user_shutdown);
    self->send_exit(books, caf::exit_reason::user_shutdown);
    self->send_exit(registry, caf::exit_reason::user_shutdown);
    self->wait_for(front, books, registry);
  }

  static RegistryOptions with_callbacks() {
    RegistryOptions options;
    options.outbox.webhooks = true;
    return options;
  }

  NewJob upload(const std::string& filename) {
    NewJob job{
        .id = jobs::JobId::generate(jobs::system_now()), .preset = "default", .original = {}};
    job.original.filename = filename;
    job.info.width = 40;
    job.info.height = 30;
    return job;
  }

  Config config;
  caf::actor_system system{config};
  std::shared_ptr<persistence::JobStore> store{persistence::make_memory_job_store()};
  jobs::WallClock clock{jobs::system_now};
  JobRegistryActor registry;
  CatalogueActor books = system.spawn<caf::detached>(catalogue, store, clock);
  IngestActor front =
      system.spawn(ingest, std::vector{jobs::default_preset()}, std::chrono::milliseconds{60'000},
                   clock, MemoryLimit{&imaging::fast_backend(), std::uint64_t{64} << 20U});
  RecentAdmissions::Time now{std::chrono::hours{1}};  ///< Of the client.
  IngestClient client{system, std::chrono::seconds{30}, {}, [this] { return now; }};
};

TEST_F(IngestClientTest, FindsRetriesAndRemovesByFilter) {
  const auto first = client.create(upload("a.jpg"));
  const auto second = client.create(upload("b.jpg"));
  ASSERT_TRUE(first && second);
  const JobFilter filter{.filename = "a.jpg"};
  const auto page = client.find({.filter = filter});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(page->jobs, ElementsAre(first->job));
  ASSERT_TRUE(client.cancel(first->job.id));
  EXPECT_EQ(client.retry_where(filter, {}, 9)->done, 1U);
  EXPECT_EQ(client.get(first->job.id)->status, jobs::JobStatus::pending);
  EXPECT_THAT(client.remove_where(filter, {}, 9)->jobs, SizeIs(1));
  EXPECT_THAT(client.find({.filter = filter})->jobs, IsEmpty());
  EXPECT_THAT(client.find({})->jobs, ElementsAre(second->job));
}

// The registry of this test takes one unfinished job.
class FullIngestClientTest : public IngestClientTest {
 protected:
  FullIngestClientTest() : IngestClientTest(with_room_for_one()) {}

  static RegistryOptions with_room_for_one() {
    RegistryOptions options;
    options.queue_limit = 1;
    return options;
  }
};

TEST_F(FullIngestClientTest, AsksForUploadsThatBeginTogetherOnce) {
  EXPECT_TRUE(client.admit("default"));
  EXPECT_TRUE(client.create(upload("a.jpg")));
  // Nobody was refused yet, so it is not asked again at once, though there is no room any more.
  EXPECT_TRUE(client.admit("default"));
  EXPECT_FALSE(client.admit());
  now += RecentAdmissions::hold;
  const auto later = client.admit("default");
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, ServiceErrorCode::queue_full);
}

TEST_F(FullIngestClientTest, AsksAgainOnceAnUploadWasRefused) {
  EXPECT_TRUE(client.admit("default"));
  EXPECT_TRUE(client.create(upload("a.jpg")));
  EXPECT_FALSE(client.create(upload("b.jpg")));
  EXPECT_FALSE(client.admit("default"));
}

TEST_F(FullIngestClientTest, DoesNotAskAgainForAnUploadThatIsItselfAtFault) {
  EXPECT_TRUE(client.admit("default"));
  auto odd = upload("a.jpg");
  odd.preset = "unheard-of";
  EXPECT_FALSE(client.create(odd));
  EXPECT_TRUE(client.create(upload("a.jpg")));
  EXPECT_TRUE(client.admit("default"));
}

TEST_F(IngestClientTest, AsksAnotherIngestActorAnew) {
  EXPECT_TRUE(client.admit("default"));
  client.use({});
  EXPECT_FALSE(client.admit("default"));
}

TEST_F(IngestClientTest, CarriesWhatTheUploadAskedForIntoTheJob) {
  auto wanted = upload("a.jpg");
  wanted.tenant = "anna";
  wanted.batch = jobs::JobId::generate(jobs::system_now());
  wanted.metadata = R"({"order":7})";
  wanted.callback_url = "https://example.com/hook";
  wanted.email = "anna@example.com";
  wanted.public_name = "a.jpg";
  wanted.source_url = "https://example.com/a.jpg";
  wanted.request_id = "r-1";
  wanted.trace_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  wanted.not_before = jobs::system_now() + std::chrono::hours{1};
  const auto created = client.create(wanted);
  ASSERT_TRUE(created) << created.error().message;
  const auto job = client.get(wanted.id).value();
  EXPECT_EQ(job.tenant, wanted.tenant);
  EXPECT_EQ(job.batch, wanted.batch);
  EXPECT_EQ(job.metadata, wanted.metadata);
  EXPECT_EQ(job.callback_url, wanted.callback_url);
  EXPECT_EQ(job.email, wanted.email);
  EXPECT_EQ(job.public_name, wanted.public_name);
  EXPECT_EQ(job.source_url, wanted.source_url);
  EXPECT_EQ(job.request_id, wanted.request_id);
  EXPECT_EQ(job.trace_parent, wanted.trace_parent);
  EXPECT_EQ(job.not_before, wanted.not_before);
  EXPECT_EQ(job.run_at, *wanted.not_before);
}

}  // namespace
}  // namespace darkroom::actors
