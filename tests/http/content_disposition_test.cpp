#include "http/content_disposition.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view original = "uploads/originals/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f.jpg";
constexpr std::string_view thumbnail =
    "uploads/thumbnails/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f-thumb.webp";

TEST(ContentDisposition, SaysWhetherToShowOrToSave) {
  EXPECT_EQ(content_disposition(Disposition::shown, "a b.jpg"), "inline; filename=\"a b.jpg\"");
  EXPECT_EQ(content_disposition(Disposition::saved, "a b.jpg"), "attachment; filename=\"a b.jpg\"");
  EXPECT_EQ(content_disposition(Disposition::saved, ""), "attachment");
}

TEST(ContentDisposition, WritesOtherNamesInBothForms) {
  EXPECT_EQ(content_disposition(Disposition::shown, "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC.jpg"),
            "inline; filename=\"gr__ _.jpg\"; filename*=UTF-8''gr%C3%BC%C3%9F%20%E2%82%AC.jpg");
  EXPECT_EQ(content_disposition(Disposition::shown, "50%41.jpg"),
            "inline; filename=\"50_41.jpg\"; filename*=UTF-8''50%2541.jpg");
}

TEST(ContentDisposition, LetsNoNameBreakOutOfTheField) {
  for (const std::string& name :
       {std::string{"a\";filename=b.exe;x=\".jpg"}, std::string{"a\r\nSet-Cookie: b=c.jpg"},
        std::string{"a\0b.jpg", 7}, std::string{"a\x7F\xC2\x85.jpg"}, std::string{"\xFF\xFE.jpg"},
        std::string{"a'b;c=d,e.jpg"}}) {
    const std::string value = content_disposition(Disposition::saved, name);
    EXPECT_TRUE(std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; })) << value;
    const auto parsed = parse_parameterized(value);
    ASSERT_TRUE(parsed) << value;
    EXPECT_EQ(parsed->value, "attachment");
    for (const auto& [parameter, text] : parsed->parameters)
      EXPECT_TRUE(parameter == "filename" || parameter == "filename*") << value;
  }
}

TEST(ContentDisposition, IsReadAsItWasMeant) {
  for (const std::string name :
       {"photo.jpg", "\xF0\x9F\x8F\x94\xEF\xB8\x8F.jpg", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D.png",
        "say \"hi\".jpg", "100% a+b&c=d;e.jpg", "it's.jpg"}) {
    const auto parsed = parse_parameterized(content_disposition(Disposition::shown, name));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(filename_of(*parsed), name);
  }
}

TEST(ContentDisposition, TakesPathsAndMarksOfDirectionAway) {
  EXPECT_EQ(content_disposition(Disposition::saved, "../../etc/a.jpg"),
            "attachment; filename=\"a.jpg\"");
  EXPECT_EQ(content_disposition(Disposition::saved, "a\xE2\x80\xAEgpj.exe"),
            "attachment; filename=\"agpj.exe\"");
  EXPECT_EQ(content_disposition(Disposition::saved, "\xE2\x81\xA6\x61\xE2\x81\xA9"),
            "attachment; filename=\"a\"");
}

TEST(ContentDisposition, KeepsTheNameOfAnUploadThatFits) {
  for (const auto* name : {"photo.jpg", "Photo.JPG", "a.b.jpeg", "x.JFIF"})
    EXPECT_EQ(original_name(name, original), name);
}

TEST(ContentDisposition, NamesAnOriginalByWhatItIs) {
  EXPECT_EQ(original_name("setup.exe", original), "setup.exe.jpg");
  EXPECT_EQ(original_name("photo", original), "photo.jpg");
  EXPECT_EQ(original_name("photo.", original), "photo..jpg");
  EXPECT_EQ(original_name(".jpg", original), ".jpg.jpg");
  EXPECT_EQ(original_name("", original), "0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f.jpg");
}

TEST(ContentDisposition, NamesARenditionByItsOriginal) {
  EXPECT_EQ(rendition_name("holiday.jpg", "thumb", thumbnail), "holiday-thumb.webp");
  EXPECT_EQ(rendition_name("a.tar.gz", "thumb", thumbnail), "a.tar-thumb.webp");
  EXPECT_EQ(rendition_name("", "thumb", thumbnail),
            "0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f-thumb.webp");
}

TEST(ContentDisposition, KeepsNamesWithinWhatFileSystemsTake) {
  std::string longest;
  for (int i = 0; i < 85; ++i)
    longest += "\xE2\x82\xAC";  // 255 bytes
  const std::string name = rendition_name(longest, "thumb", thumbnail);
  EXPECT_LE(name.size(), 255U);
  EXPECT_TRUE(name.ends_with("\xE2\x82\xAC-thumb.webp"));
  EXPECT_LE(original_name(longest, original).size(), 255U);
}

}  // namespace
}  // namespace darkroom::http
