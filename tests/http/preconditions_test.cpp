#include "http/preconditions.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

// The example of RFC 9110, section 5.6.7, in its three forms.
TEST(ParseHttpDate, ReadsAllThreeForms) {
  const jobs::Timestamp expected{std::chrono::seconds{784'111'777}};
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), expected);
  EXPECT_EQ(jobs::to_http_date(expected), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(ParseHttpDate, RefusesEverythingElse) {
  for (const auto* text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT x",
        "Sun, 06 Nov 1994 08:49:37 +0100", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace darkroom::http
