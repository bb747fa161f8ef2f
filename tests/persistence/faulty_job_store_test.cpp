#include "tests/persistence/faulty_job_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

const StoreError disk_full{.code = StoreErrorCode::no_space, .message = "full"};

JobChange creation(const jobs::Job& job) {
  return {.before = std::nullopt, .after = job};
}

TEST(FaultyJobStore, FailsFromTheCommitThatWasNamedUntilHealed) {
  FaultyJobStore store{make_memory_job_store()};
  store.fail_from(2, disk_full);
  const auto first = creation(pending_job());
  const auto second = creation(pending_job());

  EXPECT_TRUE(store.commit({&first, 1}));
  EXPECT_EQ(store.commit({&second, 1}).error().code, StoreErrorCode::no_space);
  EXPECT_FALSE(store.commit({&second, 1}));
  EXPECT_FALSE(store.check_writable());
  EXPECT_TRUE(store.get(first.after->id)->has_value());
  EXPECT_FALSE(store.get(second.after->id)->has_value());

  store.heal();
  EXPECT_TRUE(store.check_writable());
  EXPECT_TRUE(store.commit({&second, 1}));
  EXPECT_TRUE(store.get(second.after->id)->has_value());
  EXPECT_EQ(store.commits(), 4U);
}

}  // namespace
}  // namespace darkroom::persistence
