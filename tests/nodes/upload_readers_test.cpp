#include "nodes/upload_readers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(LifetimeReader, ReadsDurationsAndSeconds) {
  const Config config;
  const auto read = lifetime_reader(config);
  EXPECT_EQ(read("90s").value(), 90s);
  EXPECT_EQ(read("24h").value(), 24h);
  EXPECT_EQ(read("7d").value(), 7 * 24h);
  EXPECT_EQ(read("1m30s").value(), 90s);
  EXPECT_EQ(read("3600").value(), 1h);
}

TEST(LifetimeReader, HoldsToTheBoundsAndNamesThem) {
  Config config;
  config.min_ttl = 10s;
  config.max_ttl = 48h;
  const auto read = lifetime_reader(config);
  EXPECT_EQ(read("10").value(), 10s);
  EXPECT_EQ(read("2d").value(), 48h);
  for (const auto* text : {"9s", "0", "49h", "4294967295"}) {
    const auto refused = read(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error(), std::string{"The parameter 'expires_in' must be from 10s to 48h, "
                                           "not \""} +
                                   text + "\".");
  }
}

TEST(LifetimeReader, RefusesWhatIsNoDuration) {
  const Config config;
  const auto read = lifetime_reader(config);
  for (const std::string& text :
       {std::string{}, std::string{"soon"}, std::string{"-5"}, std::string{"1.5h"},
        std::string{"99999999999"}, std::string(4'000, '9'), std::string{"1h\nx"}}) {
    const auto refused = read(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error(), HasSubstr("must be a duration such as 90s, 24h or 7d, or a "
                                           "number of seconds, not \""));
    EXPECT_LT(refused.error().size(), 250U);
  }
}

TEST(QueueReader, KnowsTheQueuesAndTheNearestName) {
  Config config;
  config.queues = {{.name = "night", .priority = jobs::Priority::low}};
  const auto read = queue_reader(config);
  EXPECT_EQ(read("default").value(), http::QueueChoice{"default"});
  EXPECT_EQ(read("night").value(), (http::QueueChoice{"night", jobs::Priority::low}));
  EXPECT_EQ(read("nihgt").error(),
            "There is no queue \"nihgt\"; did you mean night? The queues are: default, night.");
  EXPECT_EQ(read("").error(), "There is no queue \"\". The queues are: default, night.");
  EXPECT_LT(read(std::string(4'000, 'x')).error().size(), 200U);
}

TEST(RenditionReader, IsNoneWhereUploadsMayNameNoRenditions) {
  Config config;
  EXPECT_TRUE(rendition_reader(config));
  config.max_renditions = 0;
  EXPECT_FALSE(rendition_reader(config));
}

TEST(SourceReader, IsNoneUntilItIsSwitchedOn) {
  Config config;
  EXPECT_FALSE(source_reader(config));
  config.source.enabled = true;
  EXPECT_TRUE(source_reader(config));
}

}  // namespace
}  // namespace darkroom::nodes
