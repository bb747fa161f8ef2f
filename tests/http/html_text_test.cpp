#include "http/html_text.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(HtmlText, EscapesWhatHtmlWouldRead) {
  EXPECT_EQ(html_escaped("<a href=\"x\" b='y'>&"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
}

TEST(HtmlText, MakesParagraphsListsAndCode) {
  EXPECT_EQ(html_of_prose("One `a<b` line.\n\nAnother."),
            "<p>One <code>a&lt;b</code> line.</p><p>Another.</p>");
  EXPECT_EQ(html_of_prose("Two:\n- `x`: a\n- b\nEnd."),
            "<p>Two:</p><ul><li><code>x</code>: a</li><li>b</li></ul><p>End.</p>");
  EXPECT_EQ(html_of_prose("- last"), "<ul><li>last</li></ul>");
  EXPECT_EQ(html_of_prose("a ` alone"), "<p>a ` alone</p>");
  EXPECT_EQ(html_of_prose(""), "");
}

}  // namespace
}  // namespace darkroom::http
