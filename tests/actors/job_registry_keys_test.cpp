#include <caf/send.hpp>
#include <gtest/gtest.h>

#include "tests/actors/registry_fixture.hpp"

// The API keys that the registry keeps.

namespace darkroom::actors {
namespace {

class JobRegistryKeysTest : public RegistryFixture {
 protected:
  auto keys(std::uint64_t known = 0) { return ask<KeyTable>(registry, atom::api_keys_v, known); }

  auto put(const KeyTable& wanted) { return ask<KeyTable>(registry, atom::api_keys_v, wanted); }

  persistence::ApiKey key() {
    return persistence::make_api_key("web", persistence::KeyScope::write, "", now()).stored;
  }
};

TEST_F(JobRegistryKeysTest, ThereAreNoneAtFirst) {
  start_registry();
  const auto table = keys();
  ASSERT_TRUE(table);
  EXPECT_NE(table->version, 0U);
  EXPECT_TRUE(table->keys.empty());
}

TEST_F(JobRegistryKeysTest, OutliveTheRegistry) {
  start_registry();
  auto table = keys().value();
  table.keys.push_back(key());
  const auto after = put(table);
  ASSERT_TRUE(after);
  EXPECT_NE(after->version, table.version);
  EXPECT_EQ(after->keys, table.keys);
  kill(registry);
  start_registry();
  EXPECT_EQ(keys()->keys, table.keys);
  EXPECT_EQ(keys()->version, after->version);
}

TEST_F(JobRegistryKeysTest, AreNotToldAgainToWhoKnowsThem) {
  start_registry();
  auto table = keys().value();
  table.keys.push_back(key());
  const auto version = put(table)->version;
  EXPECT_TRUE(keys(version)->keys.empty());
  EXPECT_EQ(keys(version)->version, version);
  EXPECT_EQ(keys(table.version)->keys.size(), 1U);
}

TEST_F(JobRegistryKeysTest, AreNotPutInThePlaceOfOthers) {
  start_registry();
  auto one = keys().value();
  auto other = one;
  one.keys.push_back(key());
  other.keys.push_back(key());
  ASSERT_TRUE(put(one));
  EXPECT_EQ(put(other).error().code, ServiceErrorCode::wrong_state);
  EXPECT_EQ(keys()->keys, one.keys);
}

TEST_F(JobRegistryKeysTest, AreChangedFromTheCoordinatorsOwnProcessAlone) {
  start_registry();
  auto table = keys().value();
  table.keys.push_back(key());
  caf::anon_send(registry, atom::api_keys_v, table);
  run();
  EXPECT_TRUE(keys()->keys.empty());
}

TEST_F(JobRegistryKeysTest, AreBounded) {
  start_registry();
  auto table = keys().value();
  table.keys.assign(persistence::most_api_keys + 1, key());
  EXPECT_EQ(put(table).error().code, ServiceErrorCode::bad_request);
  table.keys.pop_back();
  EXPECT_TRUE(put(table));
}

TEST_F(JobRegistryKeysTest, WhatCouldNotBeStoredIsNotInForce) {
  start_registry();
  auto table = keys().value();
  table.keys.push_back(key());
  store->fail_from(1, persistence::StoreError{persistence::StoreErrorCode::no_space, "full"});
  EXPECT_EQ(put(table).error().code, ServiceErrorCode::store_full);
  store->heal();
  EXPECT_TRUE(keys()->keys.empty());
  EXPECT_TRUE(put(table));
}

TEST_F(JobRegistryKeysTest, ThoseThatCannotBeReadEndTheStart) {
  ASSERT_TRUE(store->put_text(persistence::api_keys_text, R"({"schema":99})"));
  start_registry();
  EXPECT_FALSE(keys()) << "a service that took it for no keys would be open to everybody";
}

TEST_F(JobRegistryKeysTest, LeaveWhatIsStagedAlone) {
  start_registry();
  const auto job = create();
  auto table = keys().value();
  table.keys.push_back(key());
  ASSERT_TRUE(put(table));
  EXPECT_EQ(get(job.id).id, job.id);
}

}  // namespace
}  // namespace darkroom::actors
