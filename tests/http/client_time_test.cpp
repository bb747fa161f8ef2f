#include "http/client_time.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(ClientTimeTest, ReadsWhatRfc3339Allows) {
  const auto moment = jobs::parse_rfc3339("2026-11-22T08:30:00.000Z");
  ASSERT_TRUE(moment);
  for (const char* text :
       {"2026-11-22T08:30:00Z", "2026-11-22T08:30:00.0Z", "2026-11-22t08:30:00z",
        "2026-11-22T08:30:00+00:00", "2026-11-22T08:30:00-00:00", "2026-11-22T09:30:00+01:00",
        "2026-11-22T09:30:00 01:00", "2026-11-22T03:00:00-05:30", "2026-11-23T08:29:00+23:59"})
    EXPECT_EQ(parse_client_time(text), moment) << text;
}

TEST(ClientTimeTest, CutsFractionsToMilliseconds) {
  const auto moment = jobs::parse_rfc3339("2026-11-22T08:30:00.250Z");
  EXPECT_EQ(parse_client_time("2026-11-22T08:30:00.25Z"), moment);
  EXPECT_EQ(parse_client_time("2026-11-22T08:30:00.250999999Z"), moment);
}

TEST(ClientTimeTest, TakesADateForItsFirstMoment) {
  EXPECT_EQ(parse_client_time("2026-11-22"), jobs::parse_rfc3339("2026-11-22T00:00:00.000Z"));
}

TEST(ClientTimeTest, RefusesTheRest) {
  for (const char* text :
       {"", "now", "2026-11-2", "2026-02-30", "2026-11-22T08:30:00", "2026-11-22T08:30Z",
        "2026-11-22T24:00:00Z", "2026-11-22T08:30:60Z", "2026-11-22T08:30:00.Z",
        "2026-11-22T08:30:00,5Z", "2026-11-22T08:30:00+1:00", "2026-11-22T08:30:00+0100",
        "2026-11-22T08:30:00+24:00", "2026-11-22T08:30:00*01:00", "2026-11-22 08:30:00Z",
        "1795336200", "2026-11-22T08:30:00Zx", "2026-11-22T08:30:00+0a:00"})
    EXPECT_FALSE(parse_client_time(text)) << text;
}

}  // namespace
}  // namespace darkroom::http
