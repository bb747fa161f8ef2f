#include "http/multipart_parser.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/limits.hpp"

namespace darkroom::http {
namespace {

/// Writes down what comes: "name/filename=content;" for each part.
class Recorder final : public PartReceiver {
 public:
  tl::expected<void, Problem> part_begins(const PartHeader& header) override {
    text += header.name + "/" + header.filename.value_or("-") + "=";
    return {};
  }
  tl::expected<void, Problem> part_data(std::string_view bytes) override {
    text += bytes;
    return {};
  }
  tl::expected<void, Problem> part_ends() override {
    text += ";";
    return {};
  }

  std::string text;
};

/// Feeds the body in pieces of `piece` bytes; the record, or what the parser says against it.
std::string parse(std::string_view body, std::size_t piece) {
  Recorder recorder;
  MultipartParser parser{"b", recorder};
  while (!body.empty()) {
    if (const auto fed = parser.feed(body.substr(0, piece)); !fed) return fed.error().detail;
    body.remove_prefix(std::min(piece, body.size()));
  }
  const auto finished = parser.finish();
  return finished ? recorder.text : finished.error().detail;
}

std::string part(const std::string& parameters, const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; " + parameters + "\r\n\r\n" + content + "\r\n";
}

TEST(MultipartParser, TakesTheSameFormWhereverItIsCut) {
  const std::string body =
      "preamble\r\n" + part("name=\"preset\"", "small") +
      "--b \t\r\ncontent-type: image/jpeg\r\nCONTENT-DISPOSITION: form-data; name=file; "
      "filename=\"a b.jpg\"\r\n\r\n\r\n--\r\n--\r\r\n-b\r\n--\r\n--b--\r\nepilogue --b";
  for (std::size_t piece = 1; piece <= body.size(); ++piece) {
    ASSERT_EQ(parse(body, piece), "preset/-=small;file/a b.jpg=\r\n--\r\n--\r\r\n-b\r\n--;")
        << "pieces of " << piece;
  }
}

TEST(MultipartParser, TakesAnEmptyPartAndAnEndWithoutLineEnd) {
  EXPECT_EQ(parse(part("name=\"file\"", "") + "--b--", 1000), "file/-=;");
  EXPECT_EQ(parse("--b--\r\n", 1000), "");
}

TEST(MultipartParser, RefusesWhatIsCutOff) {
  const std::string body = part("name=\"file\"", "content") + "--b--";
  for (std::size_t length = 0; length < body.size(); ++length) {
    Recorder recorder;
    MultipartParser parser{"b", recorder};
    ASSERT_TRUE(parser.feed(std::string_view{body}.substr(0, length)));
    EXPECT_FALSE(parser.finish()) << length;
  }
}

TEST(MultipartParser, RefusesBrokenForms) {
  EXPECT_NE(parse("--bx\r\n\r\n", 3).find("text between a boundary"), std::string::npos);
  EXPECT_NE(parse("--b-x\r\n", 1).find("text between a boundary"), std::string::npos);
  EXPECT_NE(parse("--b" + std::string(200, ' ') + "\r\n", 7).find("text between"),
            std::string::npos);
  EXPECT_NE(parse("--b\r\n\r\nx\r\n--b--", 1000).find("no Content-Disposition"), std::string::npos);
  EXPECT_NE(parse("--b\r\nContent-Disposition: attachment\r\n\r\n", 1000).find("form-data"),
            std::string::npos);
  EXPECT_NE(parse("--b\r\nno colon\r\n\r\n", 1000).find("no colon"), std::string::npos);
  EXPECT_NE(parse("no boundary at all", 5).find("no boundary line"), std::string::npos);
}

TEST(MultipartParser, TakesAHeaderLineThatGoesOnInTheNext) {
  const std::string body =
      "--b\r\nContent-Disposition: form-data;\r\n name=\"file\";\r\n\tfilename=\"a.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n\r\nx\r\n--b--";
  for (std::size_t piece = 1; piece <= body.size(); ++piece)
    ASSERT_EQ(parse(body, piece), "file/a.jpg=x;") << "pieces of " << piece;
}

TEST(MultipartParser, RefusesHeaderLinesThatEndWithALineFeedAlone) {
  for (const std::string body :
       {"--b\r\nContent-Disposition: form-data; name=\"file\"\n\nx\r\n--b--",
        "--b\r\nX: y\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--",
        "--b\r\n\n\r\n\r\n--b--"}) {
    for (std::size_t piece = 1; piece <= body.size(); ++piece) {
      EXPECT_NE(parse(body, piece).find("must end with CR LF"), std::string::npos)
          << body << " in pieces of " << piece;
    }
  }
}

TEST(MultipartParser, TakesFileNamesAsBrowsersSendThem) {
  EXPECT_EQ(parse(part(R"(name="file"; filename="a%22b%22.jpg")", "x") + "--b--", 1000),
            "file/a\"b\".jpg=x;");
  EXPECT_EQ(parse(part("name=\"file\"; filename=\"\xF0\x9F\x93\xB7 100%.jpg\"", "x") + "--b--", 7),
            "file/\xF0\x9F\x93\xB7 100%.jpg=x;");
  EXPECT_EQ(parse(part(R"(name="file"; filename*=utf-8''a%2522.jpg)", "x") + "--b--", 7),
            "file/a%22.jpg=x;")
      << "what was decoded once is not decoded again";
}

TEST(MultipartParser, HasLimits) {
  const std::string long_header = "--b\r\nX: " + std::string(9000, 'x') + "\r\n\r\n";
  EXPECT_NE(parse(long_header, 100).find("longer than"), std::string::npos);
  EXPECT_NE(parse(long_header, 100'000).find("longer than"), std::string::npos);
  // The longest one, wherever it is cut.
  const std::string fields = "Content-Disposition: form-data; name=a\r\nX: ";
  for (const std::size_t too_many : {0U, 1U}) {
    const auto padding = limits::part_header_bytes - fields.size() + too_many;
    const auto body = "--b\r\n" + fields + std::string(padding, 'x') + "\r\n\r\n1\r\n--b--";
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 100'000U}) {
      EXPECT_EQ(parse(body, piece) == "a/-=1;", too_many == 0) << piece << ", " << too_many;
    }
  }
  std::string parts;
  for (std::size_t i = 0; i < limits::form_parts; ++i)
    parts += part("name=\"a\"", "1");
  EXPECT_EQ(parse(parts + "--b--", 1000).substr(0, 6), "a/-=1;");
  EXPECT_NE(parse(parts + part("name=\"a\"", "1"), 1000).find("more than 16 parts"),
            std::string::npos);
}

}  // namespace
}  // namespace darkroom::http
