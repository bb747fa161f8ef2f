#include "http/byte_range.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

void expect_part(std::string_view header, ByteRange expected) {
  const RangeRequest request = parse_range(header, 100);
  EXPECT_EQ(request.kind, RangeKind::part) << header;
  EXPECT_EQ(request.range, expected) << header;
}

TEST(ByteRange, ServesOneRange) {
  expect_part("bytes=0-0", {0, 1});
  expect_part("bytes=0-99", {0, 100});
  expect_part("bytes=10-19", {10, 10});
  expect_part("Bytes=10-19", {10, 10});
  expect_part("bytes=99-", {99, 1});
}

TEST(ByteRange, CutsARangeAtTheEnd) {
  expect_part("bytes=90-1000", {90, 10});
  expect_part("bytes=90-99999999999999999999999999", {90, 10});
}

TEST(ByteRange, CountsASuffixFromTheEnd) {
  expect_part("bytes=-1", {99, 1});
  expect_part("bytes=-100", {0, 100});
  expect_part("bytes=-1000", {0, 100});
}

TEST(ByteRange, KnowsWhenNothingIsLeft) {
  for (const auto* header :
       {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999999-"}) {
    EXPECT_EQ(parse_range(header, 100).kind, RangeKind::unsatisfiable) << header;
  }
  EXPECT_EQ(parse_range("bytes=0-", 0).kind, RangeKind::unsatisfiable);
}

TEST(ByteRange, IgnoresWhatItDoesNotServe) {
  for (const auto* header :
       {"", "bytes", "bytes=", "bytes=-", "bytes=abc", "bytes=1", "bytes=5-4", "bytes=0-1,3-4",
        "lines=0-1", "bytes=0x1-2", "bytes=+1-2", "bytes= 1 - 2", "bytes=--1"}) {
    EXPECT_EQ(parse_range(header, 100).kind, RangeKind::whole) << header;
  }
}

}  // namespace
}  // namespace darkroom::http
