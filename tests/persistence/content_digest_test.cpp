#include "persistence/content_digest.hpp"

#include <gtest/gtest.h>

namespace darkroom::persistence {
namespace {

// The example of RFC 9530, section 2: {"hello": "world"} and a line feed.
constexpr auto field = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
constexpr auto sha256 = "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38";

TEST(ContentDigest, IsWrittenAsTheStandardSays) {
  EXPECT_EQ(content_digest(sha256), field);
  EXPECT_EQ(content_digest("none"), "");
}

TEST(ContentDigest, IsReadAmongOthers) {
  EXPECT_EQ(sha256_of_digest(field), sha256);
  EXPECT_EQ(sha256_of_digest(std::string{"sha-512=:AAAA:, "} + field + ",md5=:BB==:"), sha256);
}

TEST(ContentDigest, ThatCannotBeReadIsNone) {
  const std::string good = field;
  for (const std::string& bad :
       {std::string{}, std::string{","}, std::string{"sha-256"}, std::string{"sha-256=::"},
        std::string{"sha-512=:AAAA:"}, good.substr(0, good.size() - 1), good + "x",
        std::string{"SHA-256"} + good.substr(7), "sha-256=: " + good.substr(10),
        "sha-256=:\n" + good.substr(10), "sha-256=:=" + good.substr(10),
        good.substr(0, good.size() - 2) + "A:"}) {
    EXPECT_EQ(sha256_of_digest(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace darkroom::persistence
