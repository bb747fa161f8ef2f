#include "http/header_values.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

std::string filename_in(std::string_view disposition) {
  const auto parsed = parse_parameterized(disposition);
  if (!parsed) return "not parsed";
  return filename_of(*parsed).value_or("none");
}

TEST(HeaderValues, ParsesParametersInAnyForm) {
  const auto value = parse_parameterized("Multipart/Form-Data; Boundary=\"a b\"; x=y ;;");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->value, "multipart/form-data");
  EXPECT_EQ(value->parameters.at("boundary"), "a b");
  EXPECT_EQ(value->parameters.at("x"), "y");
}

TEST(HeaderValues, RefusesWhatIsNoList) {
  for (const auto* text : {"", ";a=b", "a;b", "a;=b", "a;b=\"open", "a;b=\"c\"d"}) {
    EXPECT_FALSE(parse_parameterized(text)) << text;
  }
}

TEST(HeaderValues, FindsTheFilenameAsClientsSendIt) {
  EXPECT_EQ(filename_in("form-data; name=\"file\"; filename=\"a;b.jpg\""), "a;b.jpg");
  EXPECT_EQ(filename_in("form-data; filename=a.jpg; name=file"), "a.jpg");
  EXPECT_EQ(filename_in("form-data; filename=\"say \\\"hi\\\".jpg\""), "say \"hi\".jpg");
  EXPECT_EQ(filename_in("form-data; filename=\"C:\\dir\\a.jpg\""), "C:\\dir\\a.jpg");
  EXPECT_EQ(filename_in("form-data; name=\"file\""), "none");
}

TEST(HeaderValues, PrefersTheExtendedFilename) {
  EXPECT_EQ(filename_in("form-data; filename=\"x\"; filename*=UTF-8''gr%C3%BC%C3%9F.jpg"),
            "gr\xC3\xBC\xC3\x9F.jpg");
  EXPECT_EQ(filename_in("form-data; filename=\"x\"; filename*=utf-8'en'%zz"), "x");
  EXPECT_EQ(filename_in("form-data; filename=\"x\"; filename*=latin1''%FC"), "x");
}

TEST(HeaderValues, FindsTokensInLists) {
  EXPECT_TRUE(list_contains("keep-alive , Close", "close"));
  EXPECT_FALSE(list_contains("closed", "close"));
  EXPECT_FALSE(list_contains("", "close"));
}

}  // namespace
}  // namespace darkroom::http
