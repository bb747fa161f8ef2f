#include "nodes/base_url.hpp"

#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

TEST(BaseUrl, IsASchemeAndAHost) {
  for (const auto* url : {"https://pictures.example", "http://localhost:8000", "https://10.0.0.1",
                          "http://[fd00::1]:8000", "https://[::1]", "https://a-b.Example:443"}) {
    EXPECT_EQ(parse_base_url(url).value_or("refused"), url);
  }
  EXPECT_EQ(parse_base_url("https://pictures.example/").value(), "https://pictures.example");
}

TEST(BaseUrl, IsNothingElse) {
  for (const auto* text : {"pictures.example", "ftp://pictures.example",
                           "https://",         "https:///",
                           "http://:80",       "https://a/b",
                           "https://a//",      "https://a?b",
                           "https://a#b",      "https://u:p@a",
                           "https://a b",      "https://a:0",
                           "https://a:65536",  "https://a:",
                           "https://a:x",      "https://[::1",
                           "https://[::1]x",   "https://a\"b",
                           "https://a\n",      "HTTPS://a",
                           " https://a"}) {
    EXPECT_FALSE(parse_base_url(text)) << text;
  }
}

}  // namespace
}  // namespace darkroom::nodes
