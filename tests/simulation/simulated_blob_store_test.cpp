#include "tests/simulation/simulated_blob_store.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>

#include <gtest/gtest.h>

namespace darkroom::simulation {
namespace {

constexpr jobs::Timestamp now{std::chrono::hours{24 * 20'000}};
constexpr const char* key = "uploads/originals/a.jpg";

std::unique_ptr<persistence::BlobWriter> finished_writer(SimulatedBlobStore& store) {
  auto writer = store.create().value();
  const std::array bytes{std::byte{'a'}};
  EXPECT_TRUE(writer->write(bytes));
  EXPECT_TRUE(writer->finish());
  return writer;
}

TEST(SimulatedBlobStore, PowerCutTakesWhatIsNotSynced) {
  for (const bool syncs : {true, false}) {
    SimulatedBlobStore store{[] { return now; }, syncs};
    ASSERT_TRUE(finished_writer(store)->commit(key));
    EXPECT_NE(store.find(key), nullptr);
    store.power_cut();
    EXPECT_EQ(store.find(key) != nullptr, syncs);
  }
}

TEST(SimulatedBlobStore, WriterThatIsKilledLeavesItsTemporaryFile) {
  SimulatedBlobStore store{[] { return now; }, true};
  auto dropped = finished_writer(store);
  auto killed = finished_writer(store);
  dropped.reset();
  EXPECT_EQ(store.temporaries(), 1U);
  store.set_killing(true);
  killed.reset();
  EXPECT_EQ(store.temporaries(), 1U);
  EXPECT_EQ(store.remove_stale_temporaries(now + std::chrono::hours{1}).value(), 1U);
}

TEST(SimulatedBlobStore, WalksAllBlobsWhileSomeGo) {
  SimulatedBlobStore store{[] { return now; }, true};
  for (const auto* each : {"uploads/a/1.jpg", "uploads/a/2.jpg", "uploads/b/3.jpg"})
    ASSERT_TRUE(finished_writer(store)->commit(each));
  const auto walk = store.walk().value();
  EXPECT_EQ(walk->next().value()->key, "uploads/a/1.jpg");
  ASSERT_TRUE(store.remove("uploads/a/2.jpg"));
  EXPECT_EQ(walk->next().value()->key, "uploads/b/3.jpg");
  EXPECT_FALSE(walk->next().value());
}

}  // namespace
}  // namespace darkroom::simulation
