#include "http/byte_range.hpp"

#include <string>

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

void expect_part(std::string_view header, ByteRange expected) {
  const RangeRequest request = parse_ranges(header, 100);
  EXPECT_EQ(request.kind, RangeKind::parts) << header;
  EXPECT_EQ(request.ranges, std::vector{expected}) << header;
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
    EXPECT_EQ(parse_ranges(header, 100).kind, RangeKind::unsatisfiable) << header;
  }
  EXPECT_EQ(parse_ranges("bytes=0-", 0).kind, RangeKind::unsatisfiable);
}

TEST(ByteRange, IgnoresWhatItDoesNotServe) {
  for (const auto* header : {"", "bytes", "bytes=", "bytes=-", "bytes=abc", "bytes=1", "bytes=5-4",
                             "bytes=0-1,x", "lines=0-1", "bytes=0x1-2", "bytes=+1-2",
                             "bytes= 1 - 2", "bytes=--1", "bytes=,", "bytes=0-1;3-4"}) {
    EXPECT_EQ(parse_ranges(header, 100).kind, RangeKind::whole) << header;
  }
}

using Ranges = std::vector<ByteRange>;

TEST(ByteRange, ServesSeveralInTheOrderAskedFor) {
  EXPECT_EQ(parse_ranges("bytes=50-59,0-9", 100).ranges, (Ranges{{50, 10}, {0, 10}}));
  EXPECT_EQ(parse_ranges("bytes= 0-0 , ,-1,", 100).ranges, (Ranges{{0, 1}, {99, 1}}));
}

TEST(ByteRange, MakesOneOfThoseThatTouch) {
  EXPECT_EQ(parse_ranges("bytes=0-9,10-19", 100).ranges, (Ranges{{0, 20}}));
  EXPECT_EQ(parse_ranges("bytes=10-19,0-9", 100).ranges, (Ranges{{0, 20}}));
  EXPECT_EQ(parse_ranges("bytes=0-9,11-19", 100).ranges, (Ranges{{0, 10}, {11, 9}}));
  EXPECT_EQ(parse_ranges("bytes=0-,-1,5-6", 100).ranges, (Ranges{{0, 100}}));
  // The last one joins the others.
  EXPECT_EQ(parse_ranges("bytes=90-99,0-9,20-29,5-25", 100).ranges, (Ranges{{90, 10}, {0, 30}}));
}

TEST(ByteRange, LeavesOutThoseBehindTheEnd) {
  EXPECT_EQ(parse_ranges("bytes=200-300,1-2,-0", 100).ranges, (Ranges{{1, 2}}));
  EXPECT_EQ(parse_ranges("bytes=200-300,100-", 100).kind, RangeKind::unsatisfiable);
}

TEST(ByteRange, IgnoresTooMany) {
  std::string header = "bytes=0-0";
  for (std::size_t i = 1; i < max_ranges; ++i)
    header += "," + std::to_string(2 * i) + "-" + std::to_string(2 * i);
  EXPECT_EQ(parse_ranges(header, 100).ranges.size(), max_ranges);
  EXPECT_EQ(parse_ranges(header + ",99-99", 100).kind, RangeKind::whole);
  EXPECT_EQ(parse_ranges(header + ",1000-", 100).kind, RangeKind::whole);
}

}  // namespace
}  // namespace darkroom::http
