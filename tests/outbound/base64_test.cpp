#include "outbound/base64.hpp"

#include <string>

#include <gtest/gtest.h>

namespace darkroom::outbound {
namespace {

std::string encoded(std::string_view text) {
  return to_base64(std::as_bytes(std::span{text}));
}

TEST(Base64Test, IsThatOfTheRfc) {  // RFC 4648, section 10.
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Base64Test, IsReadBack) {
  for (const std::string& text : {std::string{}, std::string{"f"}, std::string{"fo"},
                                  std::string{"\0\xff", 2}, std::string(1'000, '\xfe')}) {
    const auto bytes = from_base64(encoded(text));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(std::string(bytes->begin(), bytes->end()), text);
  }
}

TEST(Base64Test, AnythingElseIsRefused) {
  for (const char* text : {"Zg", "Zg=", "Z===", "====", "Zh==", "Zg==Zg==", " Zm9v", "Zm9v\n",
                           "Zm9_", "Zm 9", "Zm9v Zm9"})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace darkroom::outbound
