#include "http/trace_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

using testing::EndsWith;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr const char* good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

RequestHead head_with(std::vector<std::string> values) {
  RequestHead head;
  for (std::string& value : values)
    head.fields.push_back({"TraceParent", std::move(value)});
  return head;
}

TEST(TraceContext, IsTakenApart) {
  const auto parent = parse_trace_parent(good);
  ASSERT_TRUE(parent);
  EXPECT_EQ(parent->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(parent->parent_id, "00f067aa0ba902b7");
  EXPECT_TRUE(parent->sampled);
  EXPECT_FALSE(
      parse_trace_parent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02")->sampled);
}

TEST(TraceContext, OfALaterVersionIsReadAsFarAsItIsAlike) {
  EXPECT_TRUE(parse_trace_parent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  EXPECT_TRUE(
      parse_trace_parent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes"));
  EXPECT_FALSE(parse_trace_parent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what"));
}

TEST(TraceContext, ThatBreaksTheRulesIsNone) {
  for (const auto* text : {
           "",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
       }) {
    EXPECT_FALSE(parse_trace_parent(text)) << text;
  }
}

TEST(TraceContext, GoesOnUnderAnIdOfOurOwn) {
  const auto ours = trace_parent_for(head_with({good}));
  EXPECT_THAT(ours, StartsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  EXPECT_THAT(ours, EndsWith("-01"));
  EXPECT_TRUE(parse_trace_parent(ours));
  EXPECT_NE(parse_trace_parent(ours)->parent_id, "00f067aa0ba902b7");
  EXPECT_NE(ours, trace_parent_for(head_with({good})));
}

// Of the flags only that one is known; a version that is not known is none that we write.
TEST(TraceContext, IsWrittenAsVersion00) {
  EXPECT_THAT(
      trace_parent_for(head_with({"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe-what"})),
      MatchesRegex("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00"));
}

TEST(TraceContext, IsNewWhereThereIsNoneOrABadOne) {
  for (const auto& head : {head_with({}), head_with({"garbage"}), head_with({good, good})}) {
    const auto ours = trace_parent_for(head);
    EXPECT_TRUE(parse_trace_parent(ours)) << ours;
    EXPECT_THAT(ours, Not(StartsWith("00-4bf92f35")));
    EXPECT_THAT(ours, EndsWith("-00"));
  }
}

}  // namespace
}  // namespace darkroom::http
