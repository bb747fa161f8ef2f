#include "nodes/printable_text.hpp"

#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

TEST(PrintableText, IsLeftAsItIs) {
  EXPECT_EQ(printable("Größe: 3 \xE2\x82\xAC"), "Größe: 3 \xE2\x82\xAC");
  EXPECT_EQ(printable(""), "");
}

TEST(PrintableText, HasItsControlCharactersEscaped) {
  using namespace std::string_view_literals;
  EXPECT_EQ(printable("a\nb\x1b[2J\x7f\0"sv), "a\\nb\\x1b[2J\\x7f\\x00");
  // U+009B is a control sequence introducer too.
  EXPECT_EQ(printable("\xC2\x9B"
                      "2J"),
            "\\u009b2J");
  EXPECT_EQ(printable("\xC2\xA0"), "\xC2\xA0");
}

TEST(PrintableText, IsUtf8WhateverItWas) {
  EXPECT_EQ(printable("a\xff\x9b\xC2"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace darkroom::nodes
