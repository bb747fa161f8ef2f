#include "jobs/log_pair.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

TEST(LogPair, IsAKeyAndAValueBehindASpace) {
  EXPECT_EQ(log_pair("path", "/v1/jobs"), " path=/v1/jobs");
  EXPECT_EQ(log_pair("path", "a=b"), " path=a=b");
  EXPECT_EQ(log_pair("path", ""), "");
}

TEST(LogPair, QuotesWhatWouldBeTakenForSomethingElse) {
  EXPECT_EQ(log_pair("request", "12345"), " request=\"12345\"") << "a number, in a log of JSON";
  EXPECT_EQ(log_pair("a", "two words"), " a=\"two words\"");
  EXPECT_EQ(log_pair("a", "\"\\"), " a=\"\\\"\\\\\"");
  EXPECT_EQ(log_pair("a", "x\n\x7f\xff"), " a=\"x???\"");
}

TEST(RequestPairs, AreTheIdsOfRequestAndTrace) {
  EXPECT_EQ(request_pairs("r-1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            " request=r-1 trace=4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(request_pairs("r-1", ""), " request=r-1");
  EXPECT_EQ(request_pairs("", "00-4bf9"), "");
}

}  // namespace
}  // namespace darkroom::jobs
