#include "json/utf8.hpp"

#include <gtest/gtest.h>

namespace darkroom::json {
namespace {

constexpr const char* replaced = "\xEF\xBF\xBD";

TEST(RepairedUtf8, KeepsWhatIsWellFormed) {
  for (const std::string text :
       {"", "plain", "gr\xC3\xBC\xC3\x9F", "\xE2\x82\xAC", "\xF0\x9F\x93\xB7"}) {
    EXPECT_EQ(repaired_utf8(text), text);
  }
  EXPECT_EQ(repaired_utf8(std::string_view{"a\0b", 3}), (std::string{"a\0b", 3}));
}

TEST(RepairedUtf8, ReplacesEachByteThatIsNot) {
  EXPECT_EQ(repaired_utf8("a\xFF"), std::string{"a"} + replaced);
  EXPECT_EQ(repaired_utf8("\x80z"), std::string{replaced} + "z");
  // RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF, nothing cut off.
  EXPECT_EQ(repaired_utf8("\xC0\xAF"), std::string{replaced} + replaced);
  EXPECT_EQ(repaired_utf8("\xED\xA0\x80").find('\xED'), std::string::npos);
  EXPECT_EQ(repaired_utf8("\xF4\x90\x80\x80").find('\xF4'), std::string::npos);
  EXPECT_EQ(repaired_utf8("\xC3"), replaced);
}

}  // namespace
}  // namespace darkroom::json
