#include "nodes/nearest_name.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

const std::vector<std::string> names{"http.host", "http.port", "jobs.lease", "retry.max",
                                     "supervisor.max"};

TEST(NearestName, FindsTheNameBehindATypingError) {
  EXPECT_EQ(nearest_name("http.prot", names), "http.port");    // two swapped
  EXPECT_EQ(nearest_name("http.pport", names), "http.port");   // one too many
  EXPECT_EQ(nearest_name("htp.host", names), "http.host");     // one too few
  EXPECT_EQ(nearest_name("jobs.leese", names), "jobs.lease");  // a wrong one
}

TEST(NearestName, FindsANameByItsLastWord) {
  EXPECT_EQ(nearest_name("port", names), "http.port");
  EXPECT_EQ(nearest_name("--lease", names), "jobs.lease");
}

TEST(NearestName, DoesNotGuess) {
  EXPECT_EQ(nearest_name("colour", names), std::nullopt);
  EXPECT_EQ(nearest_name("retry.zzz", names), std::nullopt) << "only the section is right";
  EXPECT_EQ(nearest_name("max", names), std::nullopt) << "there are two that end so";
  EXPECT_EQ(nearest_name("ort", names), std::nullopt) << "no whole word";
  EXPECT_EQ(nearest_name("", names), std::nullopt);
  EXPECT_EQ(nearest_name("---", names), std::nullopt);
  EXPECT_EQ(nearest_name("http.port", {}), std::nullopt);
}

TEST(NearestName, WordsTheSuggestion) {
  EXPECT_EQ(suggestion("http.prot", names), "; did you mean http.port?");
  EXPECT_EQ(suggestion("colour", names), "");
}

}  // namespace
}  // namespace darkroom::nodes
