#include "outbound/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::outbound {
namespace {

std::string wrong(std::string_view text) {
  const auto url = check_url(text);
  return url ? "nothing" : url.error();
}

TEST(Url, IsReadIntoItsParts) {
  const auto url = check_url("HTTPS://Example.org:8443/a/../b%20c.jpg?size=1#top");
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->text, "https://Example.org:8443/b%20c.jpg?size=1");
  EXPECT_EQ(url->host, "Example.org");
  EXPECT_EQ(url->path, "/b%20c.jpg");
  EXPECT_EQ(check_url("http://[2001:db8::1]:80")->host, "[2001:db8::1]");
  EXPECT_EQ(check_url("http://example.org")->path, "/");
}

TEST(Url, IsOfHttpOnly) {
  for (const char* text : {"example.org/a.jpg", "//example.org/a.jpg", "/a.jpg", "a.jpg",
                           "file:///etc/passwd", "ftp://example.org/a", "gopher://example.org/",
                           "dict://example.org/", "javascript:alert(1)", "http:example.org"})
    EXPECT_EQ(wrong(text), "does not begin with http:// or https://") << text;
  EXPECT_EQ(check_url("HTTPS://example.org/")->text, "https://example.org/");
}

TEST(Url, HasNoUserAndAHost) {
  EXPECT_EQ(wrong("http://user@example.org/"), "has a user name in it, which is not allowed");
  EXPECT_EQ(wrong("http://user:secret@example.org/"),
            "has a user name in it, which is not allowed");
  EXPECT_EQ(wrong("http:///a.jpg"), "has no host");
  EXPECT_EQ(wrong("http://"), "has no host");
  EXPECT_EQ(wrong("http://example.org:0x50/"), "has a port that is none");
  EXPECT_EQ(wrong("http://example.org:65536/"), "has a port that is none");
  EXPECT_EQ(wrong("http://example.org:0/"), "has a port that is none");
  EXPECT_EQ(wrong("http://example.org:00000/"), "has a port that is none");
}

TEST(Url, HasAHostWithoutEmptyParts) {
  for (const char* text : {"http://./", "http://../", "http://a..b/", "http://.example.org/",
                           "http://example.org../", "http://.:80/"})
    EXPECT_EQ(wrong(text), "has a host that is none: a part of its name is empty") << text;
  EXPECT_EQ(wrong("http://example.org./"), "nothing");
  EXPECT_EQ(wrong("http://a.b/"), "nothing");
}

TEST(Url, IsPlainText) {
  for (const char* text :
       {"http://example.org/a b", "http://example.org/a\r\nHost: x", "http://example.org/\xc3\xa4",
        "http://ex\xc3\xa4mple.org/", "http://example.org\\@127.0.0.1/", " http://example.org/"})
    EXPECT_EQ(wrong(text), "has characters that no URL has; write them percent-encoded") << text;
  EXPECT_EQ(wrong(""), "is empty");
  EXPECT_EQ(wrong(std::string("http://example.org/") + std::string(max_url_bytes, 'a')),
            "is longer than 2048 bytes");
}

}  // namespace
}  // namespace darkroom::outbound
