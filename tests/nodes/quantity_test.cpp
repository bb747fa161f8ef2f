#include "nodes/quantity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(Quantity, ReadsSizesAsPeopleWriteThem) {
  EXPECT_EQ(parse_bytes("512"), 512U);
  EXPECT_EQ(parse_bytes("512B"), 512U);
  EXPECT_EQ(parse_bytes("64 KiB"), 65'536U);
  EXPECT_EQ(parse_bytes("32MiB"), 33'554'432U);
  EXPECT_EQ(parse_bytes("10MB"), 10'000'000U);
  EXPECT_EQ(parse_bytes("10mb"), 10'000'000U);
  EXPECT_EQ(parse_bytes("2GiB"), std::uint64_t{1} << 31U);
}

TEST(Quantity, RefusesWhatIsNoSize) {
  for (const char* text : {"", " ", "MiB", "-1", "1.5MiB", "10M", "10 MiBs", "0x10", "10 MiB 3",
                           "99999999999999999999", "99999999TiB"}) {
    const auto size = parse_bytes(text);
    ASSERT_FALSE(size) << text;
    EXPECT_THAT(size.error(), HasSubstr("such as 32MiB")) << text;
    EXPECT_THAT(size.error(), HasSubstr(text)) << text;
  }
}

TEST(Quantity, WritesSizesInTheShortestWayThatLosesNothing) {
  EXPECT_EQ(format_bytes(0), "0");
  EXPECT_EQ(format_bytes(512), "512");
  EXPECT_EQ(format_bytes(1'024), "1KiB");
  EXPECT_EQ(format_bytes(67'108'864), "64MiB");
  EXPECT_EQ(format_bytes(10'000'000), "10MB");
  EXPECT_EQ(format_bytes(1'000'001), "1000001");
}

TEST(Quantity, ReadsAndWritesPixels) {
  EXPECT_EQ(parse_pixels("100MP"), 100'000'000U);
  EXPECT_EQ(parse_pixels("12345"), 12'345U);
  EXPECT_FALSE(parse_pixels("100MiB"));
  EXPECT_EQ(format_pixels(100'000'000), "100MP");
  EXPECT_EQ(format_pixels(12'345), "12345");
}

TEST(Quantity, ReadsDurationsAsPeopleWriteThem) {
  EXPECT_EQ(parse_duration("1500ms"), 1'500ms);
  EXPECT_EQ(parse_duration("2s"), 2s);
  EXPECT_EQ(parse_duration("1m30s"), 90s);
  EXPECT_EQ(parse_duration("1h 30m"), 90min);
  EXPECT_EQ(parse_duration("24h"), 24h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("0s"), 0ms);
}

TEST(Quantity, SaysThatTheUnitOfADurationIsMissing) {
  const auto duration = parse_duration("30");
  ASSERT_FALSE(duration);
  EXPECT_EQ(duration.error(), "lacks its unit: write 30s, 30ms, 30m or 30h, not \"30\"");
  EXPECT_FALSE(parse_duration("1m30"));
}

TEST(Quantity, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "s", "-2s", "1.5h", "30s1m", "1s1s", "10 years", "2S", "2s,",
                           "99999999999999999999s", "9999999999999999d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Quantity, WritesDurationsThatReadBackTheSame) {
  EXPECT_EQ(format_duration(0ms), "0s");
  EXPECT_EQ(format_duration(1'500ms), "1500ms");
  EXPECT_EQ(format_duration(90s), "1m30s");
  EXPECT_EQ(format_duration(24h), "24h");
  EXPECT_EQ(format_duration(168h), "168h");
  for (const auto duration : {1ms, 999ms, 1'000ms, 61'000ms, 3'601'000ms, 86'400'000ms}) {
    EXPECT_EQ(parse_duration(format_duration(duration)), duration);
  }
}

}  // namespace
}  // namespace darkroom::nodes
