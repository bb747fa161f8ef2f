#include "http/key_ring.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/http/in_memory_job_service.hpp"

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;
using persistence::KeyScope;

class KeyRingTest : public testing::Test {
 protected:
  void pass(std::chrono::milliseconds time) { now_ = now_.load() + time; }

  [[nodiscard]] bool knows(const std::string& secret) {
    const auto keys = ring_.keys();
    return keys && (*keys)->find(*persistence::id_of_api_key(secret)) != nullptr;
  }

  std::atomic<jobs::SteadyTime> now_{jobs::SteadyTime{1h}};
  InMemoryJobService jobs_;
  KeyRing ring_{jobs_, [this] { return now_.load(); }};
};

TEST_F(KeyRingTest, WithoutKeysNobodyNeedsOne) {
  EXPECT_TRUE(ring_.required()) << "nothing is known yet";
  const auto keys = ring_.keys();
  ASSERT_TRUE(keys);
  EXPECT_FALSE((*keys)->required());
  EXPECT_FALSE(ring_.required());
}

TEST_F(KeyRingTest, KnowsAKeyThatIsMadeWithinASecond) {
  ASSERT_TRUE(ring_.keys());
  const auto secret = jobs_.make_key(KeyScope::read);
  pass(KeyRing::fresh_for);
  EXPECT_TRUE(knows(secret));
  EXPECT_TRUE(ring_.required());
}

TEST_F(KeyRingTest, AsksNoMoreOftenThanTwiceASecond) {
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(ring_.keys());
    pass(1ms);
  }
  EXPECT_EQ(jobs_.key_questions(), 2);
}

TEST_F(KeyRingTest, KnowsNothingBeforeTheFirstAnswer) {
  jobs_.fail_keys(true);
  const auto keys = ring_.keys();
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, ProblemCode::unavailable);
  EXPECT_TRUE(ring_.required());
  jobs_.fail_keys(false);
  EXPECT_FALSE(ring_.keys());
  // A node that has just come to its coordinator must not refuse what it is ready for.
  pass(KeyRing::tried_again_after);
  EXPECT_TRUE(ring_.keys());
}

TEST_F(KeyRingTest, HoldsForAMinuteWithoutTheRegistry) {
  const auto secret = jobs_.make_key(KeyScope::read);
  ASSERT_TRUE(knows(secret));
  jobs_.fail_keys(true);
  pass(KeyRing::held_for);
  EXPECT_TRUE(knows(secret));
  pass(1ms);
  EXPECT_FALSE(ring_.keys());
  jobs_.fail_keys(false);
  pass(KeyRing::asked_after);
  EXPECT_TRUE(knows(secret));
}

TEST_F(KeyRingTest, DoesNotAskForEachRequestWhileTheRegistryIsAway) {
  jobs_.fail_keys(true);
  for (int i = 0; i < 1'000; ++i)
    EXPECT_FALSE(ring_.keys());
  EXPECT_EQ(jobs_.key_questions(), 1);
}

/// Answers when it is told to.
class SlowKeys : public testing::Test {
 protected:
  class Service final : public InMemoryJobService {
   public:
    tl::expected<actors::KeyTable, actors::ServiceError> api_keys(std::uint64_t known) override {
      std::unique_lock lock{mutex_};
      ++asked_;
      changed_.notify_all();
      changed_.wait(lock, [&] { return open_; });
      lock.unlock();
      return InMemoryJobService::api_keys(known);
    }
    void set_open(bool is_open) {
      const std::scoped_lock lock{mutex_};
      open_ = is_open;
      changed_.notify_all();
    }
    void wait_for_question(int number) {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [&] { return asked_ >= number; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = true;
    int asked_ = 0;
  };

  std::atomic<jobs::SteadyTime> now_{jobs::SteadyTime{1h}};
  Service jobs_;
  KeyRing ring_{jobs_, [this] { return now_.load(); }};
};

TEST_F(SlowKeys, HoldNobodyUpWhileTheLastOnesAreFresh) {
  ASSERT_TRUE(ring_.keys());
  jobs_.set_open(false);
  now_ = now_.load() + KeyRing::asked_after;
  auto asks = std::async(std::launch::async, [this] { return ring_.keys().has_value(); });
  jobs_.wait_for_question(2);
  EXPECT_TRUE(ring_.keys());
  jobs_.set_open(true);
  EXPECT_TRUE(asks.get());
}

TEST_F(SlowKeys, AreWaitedForOnceTheLastOnesMayHaveBeenRevoked) {
  const auto secret = jobs_.make_key(KeyScope::read);
  ASSERT_TRUE(ring_.keys());
  jobs_.set_open(false);
  now_ = now_.load() + KeyRing::fresh_for;
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(std::async(std::launch::async, [this] { return ring_.keys().has_value(); }));
  jobs_.wait_for_question(2);
  for (auto& one : all)
    EXPECT_EQ(one.wait_for(20ms), std::future_status::timeout);
  jobs_.set_open(true);
  for (auto& one : all)
    EXPECT_TRUE(one.get());
  EXPECT_EQ(jobs_.key_questions(), 2) << "one has asked for all";
}

}  // namespace
}  // namespace darkroom::http
