#include "imaging/block_cache.hpp"

#include <cstring>
#include <limits>
#include <new>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t mib = 1 << 20;
constexpr std::size_t alignment = 64;

TEST(BlockCache, GivesAFreedBlockAgain) {
  BlockCache cache{64 * mib};
  void* const block = cache.allocate(3 * mib, alignment);
  std::memset(block, 1, 3 * mib);
  cache.deallocate(block, 3 * mib, alignment);
  EXPECT_GE(cache.kept(), 3 * mib);

  void* const again = cache.allocate(3 * mib, alignment);
  EXPECT_EQ(again, block);
  EXPECT_EQ(cache.kept(), 0U);
  cache.deallocate(again, 3 * mib, alignment);
}

TEST(BlockCache, GivesItForANearlyEqualSizeToo) {
  BlockCache cache{64 * mib};
  void* const block = cache.allocate(3 * mib - 100, alignment);
  cache.deallocate(block, 3 * mib - 100, alignment);
  void* const again = cache.allocate(3 * mib - 5'000, alignment);
  EXPECT_EQ(again, block);
  std::memset(again, 1, 3 * mib - 5'000);
  cache.deallocate(again, 3 * mib - 5'000, alignment);
}

TEST(BlockCache, HoldsNoMoreThanWasInUseAtOnce) {
  BlockCache cache{64 * mib};
  for (const std::size_t size : {8 * mib, 2 * mib, 12 * mib, mib, 12 * mib}) {
    void* const block = cache.allocate(size, alignment);
    EXPECT_LE(cache.kept() + size, 12 * mib) << size;
    cache.deallocate(block, size, alignment);
    EXPECT_LE(cache.kept(), 12 * mib + mib) << size;
  }
}

TEST(BlockCache, KeepsNoMoreThanItMay) {
  BlockCache cache{10 * mib};
  void* const first = cache.allocate(8 * mib, alignment);
  void* const second = cache.allocate(4 * mib, alignment);
  void* const large = cache.allocate(16 * mib, alignment);
  cache.deallocate(first, 8 * mib, alignment);
  cache.deallocate(second, 4 * mib, alignment);
  EXPECT_EQ(cache.kept(), 4 * mib);
  cache.deallocate(large, 16 * mib, alignment);
  EXPECT_EQ(cache.kept(), 0U);
}

TEST(BlockCache, GivesEverythingBackWhenTold) {
  BlockCache cache{64 * mib};
  void* const block = cache.allocate(8 * mib, alignment);
  void* const used = cache.allocate(4 * mib, alignment);
  cache.deallocate(block, 8 * mib, alignment);
  cache.release();
  EXPECT_EQ(cache.kept(), 0U);
  std::memset(used, 1, 4 * mib);  // Still there.
  cache.deallocate(used, 4 * mib, alignment);
}

TEST(BlockCache, KeepsNothingSmall) {
  BlockCache cache{64 * mib};
  void* const block = cache.allocate(1'000, alignment);
  cache.deallocate(block, 1'000, alignment);
  EXPECT_EQ(cache.kept(), 0U);
}

TEST(BlockCache, RefusesWhatTheSystemDoesNotHave) {
  BlockCache cache{64 * mib};
  constexpr auto far_too_much = std::numeric_limits<std::size_t>::max() / 4;
  EXPECT_THROW(static_cast<void>(cache.allocate(far_too_much, alignment)), std::bad_alloc);
}

/// Each block must belong to one thread at a time.
TEST(BlockCache, ServesSeveralThreads) {
  BlockCache cache{64 * mib};
  constexpr int threads = 4;
  const auto work = [&cache](int number) {
    std::mt19937 random(static_cast<unsigned>(number));
    for (int i = 0; i < 300; ++i) {
      const std::size_t size = (1 + random() % 4) * mib / 4;
      auto* const block = static_cast<unsigned char*>(cache.allocate(size, alignment));
      block[0] = block[size - 1] = static_cast<unsigned char>(number);
      std::this_thread::yield();
      EXPECT_EQ(block[0], number);
      EXPECT_EQ(block[size - 1], number);
      cache.deallocate(block, size, alignment);
    }
  };
  std::vector<std::jthread> workers;
  workers.reserve(threads);
  for (int i = 0; i < threads; ++i)
    workers.emplace_back(work, i);
}

TEST(BlockCache, ServesPicturesOfOneSizeWithTheSameBlocks) {
  const auto file = stb_backend().encode(*testing::picture(1'000, 800), {}).value();
  BlockCache cache{64 * mib};
  auto* const before = std::pmr::set_default_resource(&cache);
  std::size_t kept = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(fast_backend().decode(file, {}, {.coefficients = true}));
    if (i > 0) {
      EXPECT_EQ(cache.kept(), kept);
    }
    kept = cache.kept();
  }
  std::pmr::set_default_resource(before);
  EXPECT_GE(kept, std::size_t{1'000} * 800 * 2);  // Coefficients of 16 bits.
}

}  // namespace
}  // namespace darkroom::imaging
