#include "persistence/operator_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;

TEST(OperatorState, RoundTripKeepsEveryName) {
  const OperatorState state{.paused_queues = {"media", "a \"quoted\" one"}, .drained = {"node-7"}};
  EXPECT_EQ(decode_operator_state(encode_operator_state(state)), state);
  EXPECT_EQ(decode_operator_state(encode_operator_state({})), OperatorState{});
}

TEST(OperatorState, NothingWasEverDecidedWhereThereIsNoText) {
  EXPECT_EQ(decode_operator_state(""), OperatorState{});
}

TEST(OperatorState, RefusesWhatItCannotRead) {
  for (const auto* text : {"{", "[]", "{}", R"({"schema":1})", R"({"schema":0})",
                           R"({"schema":1,"paused_queues":[1],"drained":[]})",
                           R"({"schema":1,"paused_queues":[],"drained":[{"name":7}]})"}) {
    EXPECT_FALSE(decode_operator_state(text)) << text;
  }
  EXPECT_THAT(decode_operator_state(R"({"schema":2})").error(), HasSubstr("newer"));
}

}  // namespace
}  // namespace darkroom::persistence
