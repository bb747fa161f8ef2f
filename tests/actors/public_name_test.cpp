#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// The names by which clients may ask for originals: one of each in a tenant.

namespace darkroom::actors {
namespace {

using testing::MatchesRegex;

class PublicNameTest : public RegistryFixture {
 protected:
  PublicNameTest() { start_registry(); }

  jobs::Job named(const std::string& name, const std::string& tenant = "") {
    auto job = new_job();
    job.tenant = tenant;
    job.public_name = name;
    return job;
  }

  std::string name_of(const std::string& wanted, const std::string& tenant = "") {
    return create(named(wanted, tenant)).public_name;
  }
};

TEST_F(PublicNameTest, TheFirstOneHasItAsItIs) {
  EXPECT_EQ(name_of("photo.jpg"), "photo.jpg");
  EXPECT_EQ(name_of(""), "");
  EXPECT_EQ(name_of(""), "");
}

TEST_F(PublicNameTest, TheNextOneGetsALittleMore) {
  name_of("photo.jpg");
  const auto second = create(named("photo.jpg"));
  EXPECT_THAT(second.public_name, MatchesRegex("photo_[a-z0-9]{7}\\.jpg"));
  EXPECT_EQ(get(second.id).public_name, second.public_name);
  const auto third = name_of("photo.jpg");
  EXPECT_THAT(third, MatchesRegex("photo_[a-z0-9]{7}\\.jpg"));
  EXPECT_NE(third, second.public_name);
  name_of("photo");
  EXPECT_THAT(name_of("photo"), MatchesRegex("photo_[a-z0-9]{7}"));
  name_of(".jpg");
  EXPECT_THAT(name_of(".jpg"), MatchesRegex("\\.jpg_[a-z0-9]{7}"));
}

TEST_F(PublicNameTest, TenantsHaveTheirOwn) {
  EXPECT_EQ(name_of("photo.jpg", "anna"), "photo.jpg");
  EXPECT_EQ(name_of("photo.jpg", "bert"), "photo.jpg");
  EXPECT_EQ(name_of("photo.jpg"), "photo.jpg");
  EXPECT_NE(name_of("photo.jpg", "anna"), "photo.jpg");
}

TEST_F(PublicNameTest, OneOfABurstThatIsNotWrittenYetCounts) {
  caf::scoped_actor client{system()};
  for (int i = 0; i < 3; ++i)
    client->send(registry, atom::create_v, named("photo.jpg"));
  run();
  std::set<std::string> names;
  int answers = 0;
  client->receive_while([&] { return answers < 3; })([&](const CreatedJob& created) {
    names.insert(created.job.public_name);
    ++answers;
  });
  EXPECT_EQ(names.size(), 3U);
  EXPECT_TRUE(names.contains("photo.jpg"));
}

TEST_F(PublicNameTest, IsFreeAgainOnceItsJobIsGoneOrWasNeverWritten) {
  const auto first = create(named("photo.jpg"));
  ASSERT_TRUE(ask<jobs::Job>(registry, atom::remove_v, first.id));
  EXPECT_EQ(name_of("photo.jpg"), "photo.jpg");
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  EXPECT_FALSE(ask<CreatedJob>(registry, atom::create_v, named("other.jpg")));
  store->heal();
  EXPECT_EQ(name_of("other.jpg"), "other.jpg");
}

TEST_F(PublicNameTest, AReplayHasTheNameOfTheFirst) {
  auto job = named("photo.jpg");
  job.idempotency = jobs::Idempotency{.key = "key", .fingerprint = "print"};
  create(job);
  auto again = named("photo.jpg");
  again.idempotency = job.idempotency;
  EXPECT_EQ(create(again).public_name, "photo.jpg");
}

}  // namespace
}  // namespace darkroom::actors
