#include "jobs/timestamp.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

using std::chrono::milliseconds;

TEST(Timestamp, IsWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(Timestamp{milliseconds{0}}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(Timestamp{milliseconds{1'795'231'868'250}}), "2026-11-21T03:31:08.250Z");
}

TEST(Timestamp, ReadsWhatItWrites) {
  const Timestamp time{milliseconds{1'709'210'096'007}};  // a leap day
  EXPECT_EQ(to_rfc3339(time), "2024-02-29T12:34:56.007Z");
  EXPECT_EQ(parse_rfc3339(to_rfc3339(time)), time);
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  for (const auto* text :
       {"", "2026-11-21", "2026-13-21T03:31:08.250Z", "2026-02-30T03:31:08.250Z",
        "2026-11-21T24:31:08.250Z", "2026-11-21T03:31:08.250+", "2026-11-21 03:31:08.250Z"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
}

TEST(Timestamp, HasAnHttpForm) {
  EXPECT_EQ(to_http_date(Timestamp{milliseconds{784'111'777'000}}),
            "Sun, 06 Nov 1994 08:49:37 GMT");  // the example of RFC 9110, section 5.6.7
}

}  // namespace
}  // namespace darkroom::jobs
