#include "nodes/queue_settings.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/config_file.hpp"

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Outcome {
  EffectiveConfig effective;
  std::vector<std::string> problems;
};

Outcome read(std::string_view text) {
  Outcome outcome;
  std::vector<Problem> problems;
  apply_config_file(all_settings(), "config.toml", text, outcome.effective, problems);
  for (const Problem& problem : problems)
    outcome.problems.push_back(problem.line);
  return outcome;
}

TEST(QueueSettings, HaveEveryKeyOfRetryWithItsBounds) {
  std::set<std::string> keys;
  for (const auto& setting : queue_settings())
    keys.insert(setting.key);
  std::size_t common = 0;
  for (const Setting& setting : all_settings()) {
    if (setting.section != "retry") continue;
    ++common;
    EXPECT_TRUE(keys.contains(setting.key)) << setting.key;
  }
  EXPECT_EQ(keys.size(), common + 3) << "besides name, weight and priority";
}

TEST(QueueSettings, ReplaceWhatRetrySays) {
  const Outcome outcome = read(
      "[[queue]]\nname = \"night\"\nbase = \"30s\"\nmax = \"1h\"\nfactor = 3\njitter = 0.5\n"
      "attempts = 20\ncrashes = 1\n[[queue]]\nname = \"plain\"\n[retry]\nattempts = 7\n");
  EXPECT_THAT(outcome.problems, IsEmpty());
  const Config& config = outcome.effective.config;
  EXPECT_THAT(queue_names(config), ElementsAre("default", "night", "plain"));
  EXPECT_EQ(outcome.effective.origin("queue.night"), "config.toml:1");
  const auto policies = queue_policies(config);
  ASSERT_EQ(policies.size(), 2U);
  const auto& night = policies.at("night");
  EXPECT_EQ(night.base, 30s);
  EXPECT_EQ(night.max, 1h);
  EXPECT_EQ(night.factor, 3.0);
  EXPECT_EQ(night.jitter, 0.5);
  EXPECT_EQ(night.attempts, 20U);
  EXPECT_EQ(night.crashes, 1U);
  // As [retry] says, wherever in the file that stands.
  EXPECT_EQ(policies.at("plain").attempts, 7U);
  EXPECT_EQ(policies.at("plain").base, 1s);
}

TEST(QueueSettings, HaveAWeightAndAPriority) {
  const Outcome outcome = read(
      "[[queue]]\nname = \"media\"\nweight = 5\npriority = \"low\"\n[[queue]]\nname = "
      "\"plain\"\n");
  EXPECT_THAT(outcome.problems, IsEmpty());
  const Config& config = outcome.effective.config;
  EXPECT_EQ(queue_weights(config),
            (std::map<std::string, std::uint32_t>{{"default", 1}, {"media", 5}, {"plain", 1}}));
  EXPECT_EQ(queue_priorities(config),
            (std::map<std::string, jobs::Priority>{{"default", jobs::Priority::normal},
                                                   {"media", jobs::Priority::low},
                                                   {"plain", jobs::Priority::normal}}));
  EXPECT_THAT(
      read("[[queue]]\nname = \"a\"\nweight = 1001\npriority = \"urgent\"\n").problems,
      ElementsAre("config.toml:3: queue \"a\": weight must be a whole number from 1 to "
                  "1000, not 1001",
                  "config.toml:4: queue \"a\": priority must be one of high, normal, low, not "
                  "\"urgent\""));
}

TEST(QueueSettings, AlwaysHaveADefaultQueue) {
  EXPECT_THAT(queue_names(Config{}), ElementsAre("default"));
  const Outcome outcome = read("[[queue]]\nname = \"default\"\nattempts = 9\n");
  EXPECT_THAT(queue_names(outcome.effective.config), ElementsAre("default"));
  EXPECT_EQ(queue_policies(outcome.effective.config).at("default").attempts, 9U);
}

TEST(QueueSettings, AreRefusedWithThePlaceAndTheRightName) {
  EXPECT_THAT(
      read("[[queue]]\nname = \"night\"\nattemps = 3\n[[queue]]\nbase = \"1s\"\n"
           "[[queue]]\nname = \"day\"\ncrashes = 0\n[[queues]]\n")
          .problems,
      ElementsAre("config.toml:3: queue \"night\": there is no setting attemps; did you mean "
                  "attempts?",
                  "config.toml:4: queue without a name: lacks name",
                  "config.toml:8: queue \"day\": crashes must be a whole number from 1 to 100, not "
                  "0",
                  "config.toml:9: [queues]: there is no such section; did you mean [queue]?"));
  EXPECT_THAT(read("[queue]\nname = \"night\"\n").problems,
              ElementsAre("config.toml:1: queue: write each queue as a table of its own: "
                          "[[queue]]"));
}

}  // namespace
}  // namespace darkroom::nodes
