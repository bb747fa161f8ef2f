#include "http/client_text.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(QuotedText, HasNoLineEndOrOtherControlCharacter) {
  EXPECT_EQ(quoted_text("a\r\nforged line\x1b[31m\x7f"), "'a\\x0d\\x0aforged line\\x1b[31m\\x7f'");
  EXPECT_EQ(quoted_text("c1 \xC2\x85"), "'c1 \\x85'");
}

TEST(QuotedText, IsValidUtf8AndCut) {
  EXPECT_EQ(quoted_text("\xFFgr\xC3\xBC\xC3\x9F"), "'\xEF\xBF\xBDgr\xC3\xBC\xC3\x9F'");
  EXPECT_EQ(quoted_text("abcdef", 3), "'abc'...");
}

TEST(DisplayFilename, KeepsTheLastPartOfAPath) {
  EXPECT_EQ(display_filename("../../etc/passwd"), "passwd");
  EXPECT_EQ(display_filename("C:\\Photos\\me.jpg"), "me.jpg");
  EXPECT_EQ(display_filename("plain.jpg"), "plain.jpg");
  EXPECT_EQ(display_filename("folder/"), "");
}

TEST(DisplayFilename, DropsControlCharactersAndRepairsUtf8) {
  EXPECT_EQ(display_filename("a\nb\tc\x7f.jpg"), "abc.jpg");
  EXPECT_EQ(display_filename("a\xC2\x85z"), "az");
  EXPECT_EQ(display_filename("\xFF.jpg"), "\xEF\xBF\xBD.jpg");
}

TEST(DisplayFilename, IsCutBetweenCharacters) {
  EXPECT_EQ(display_filename(std::string(300, 'a')), std::string(255, 'a'));
  std::string name(254, 'a');
  name += "\xC3\xBC";
  EXPECT_EQ(display_filename(name), std::string(254, 'a'));
}

}  // namespace
}  // namespace darkroom::http
