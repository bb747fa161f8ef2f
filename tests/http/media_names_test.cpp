#include "http/media_names.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(MediaName, KeepsAnOrdinaryOne) {
  EXPECT_EQ(media_name("IMG-20240113-WA0130.jpg"), "IMG-20240113-WA0130.jpg");
  EXPECT_EQ(media_name("archive.tar.gz"), "archive.tar.gz");
}

// As Django's get_valid_filename() does.
TEST(MediaName, IsMadeAsDjangoMakesIt) {
  EXPECT_EQ(media_name("john's portrait in 2004.jpg"), "johns_portrait_in_2004.jpg");
  EXPECT_EQ(media_name("  a b  "), "a_b");
  EXPECT_EQ(media_name("a+b&c?.png"), "abc.png");
  EXPECT_EQ(media_name("..\\evil\n.jpg"), "..evil.jpg");
}

TEST(MediaName, KeepsLettersOfAnyScript) {
  EXPECT_EQ(media_name("gr\xC3\xBC\xC3\x9F.jpg"), "gr\xC3\xBC\xC3\x9F.jpg");
  EXPECT_EQ(media_name("\xE7\x8C\xAB 1.jpg"), "\xE7\x8C\xAB_1.jpg");
}

TEST(MediaName, DropsWhatIsNoLetter) {
  EXPECT_EQ(media_name("a\xF0\x9F\x98\x80z.jpg"), "az.jpg");      // An emoji.
  EXPECT_EQ(media_name("a\xE2\x80\xAEgpj.exe"), "agpj.exe");      // Right-to-left.
  EXPECT_EQ(media_name("a\xE2\x80\x94z\xC2\xA0.jpg"), "az.jpg");  // A dash, a space.
}

TEST(MediaName, IsNoneWhereNothingIsLeft) {
  for (const auto* name : {"", " ", ".", "..", "???", "\xF0\x9F\x98\x80"})
    EXPECT_EQ(media_name(name), "") << name;
}

TEST(MediaName, IsAtMostAHundredBytes) {
  EXPECT_EQ(media_name(std::string(300, 'a') + ".jpeg"), std::string(95, 'a') + ".jpeg");
  std::string umlauts;
  for (int i = 0; i < 80; ++i)
    umlauts += "\xC3\xBC";
  EXPECT_EQ(media_name(umlauts + "x.jpg"), umlauts.substr(0, 96) + ".jpg");
  EXPECT_LE(media_name("a." + std::string(300, 'b')).size(), 100U);
}

TEST(StemOf, IsWhatStandsBeforeTheLastDot) {
  EXPECT_EQ(stem_of("a.b.jpg"), "a.b");
  EXPECT_EQ(stem_of("a"), "a");
  EXPECT_EQ(stem_of(".hidden"), ".hidden");
}

}  // namespace
}  // namespace darkroom::http
