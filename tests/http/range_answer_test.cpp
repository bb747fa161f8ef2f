#include "http/range_answer.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

using testing::StartsWith;

/// A file in memory.
class Text final : public persistence::BlobReader {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] std::uint64_t size() const override { return text_.size(); }
  [[nodiscard]] jobs::Timestamp modified_at() const override { return {}; }
  [[nodiscard]] tl::expected<std::size_t, persistence::StoreError> read_at(
      std::uint64_t offset, std::span<std::byte> out) const override {
    const auto bytes = std::as_bytes(std::span{text_}).subspan(offset);
    const std::size_t count = std::min(bytes.size(), out.size());
    std::copy_n(bytes.begin(), count, out.begin());
    return count;
  }

 private:
  std::string text_;
};

std::string read_all(const RangeAnswer& answer, const Text& file, std::size_t at_once) {
  std::string all;
  std::string buffer(at_once, '\0');
  while (true) {
    const auto count = answer.read(file, all.size(), std::as_writable_bytes(std::span{buffer}));
    if (!count || *count == 0) return all;
    all.append(buffer, 0, *count);
  }
}

TEST(RangeAnswer, HasTheBytesOfARange) {
  const Text file{"0123456789"};
  EXPECT_EQ(read_all(RangeAnswer{ByteRange{2, 5}}, file, 3), "23456");
  EXPECT_EQ((RangeAnswer{ByteRange{2, 5}}.length()), 5U);
  EXPECT_EQ((RangeAnswer{ByteRange{0, 0}}.length()), 0U);
}

TEST(RangeAnswer, PutsAHeadBeforeEachOfSeveral) {
  const Text file{"0123456789"};
  const std::vector<ByteRange> ranges{{8, 2}, {0, 3}};
  const RangeAnswer answer{ranges, file.size(), "image/png", "frontier"};
  const std::string expected =
      "--frontier\r\nContent-Type: image/png\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n"
      "--frontier\r\nContent-Type: image/png\r\nContent-Range: bytes 0-2/10\r\n\r\n012\r\n"
      "--frontier--\r\n";
  EXPECT_EQ(answer.length(), expected.size());
  for (const std::size_t at_once : {1U, 7U, 1'000U})
    EXPECT_EQ(read_all(answer, file, at_once), expected) << at_once;
}

TEST(RangeAnswer, ComesOverTheWireWithItsLength) {
  TestServer server;
  std::string content;
  for (int i = 0; content.size() < 1'000'000; ++i)
    content += std::to_string(i) + ",";
  const std::string path = "/files/" + make_job_with_file(server, content).original.blob_key;
  // Larger than one piece of a download, out of order, and one that holds nothing.
  const auto answer =
      server.exchange(request_text("GET", path, "Range: bytes=-10, 100-700099, 9999999-\r\n"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 206);
  EXPECT_EQ(answer->field("content-range"), "");
  const std::string type = answer->field("content-type");
  ASSERT_THAT(type, StartsWith("multipart/byteranges; boundary="));
  const std::string line = "--" + type.substr(type.find('=') + 1);
  const std::string size = "/" + std::to_string(content.size());
  const std::string start =
      std::to_string(content.size() - 10) + "-" + std::to_string(content.size() - 1) + size;
  const std::string expected = line + "\r\nContent-Type: image/jpeg\r\nContent-Range: bytes " +
                               start + "\r\n\r\n" + content.substr(content.size() - 10) + "\r\n" +
                               line + "\r\nContent-Type: image/jpeg\r\nContent-Range: bytes " +
                               "100-700099" + size + "\r\n\r\n" + content.substr(100, 700'000) +
                               "\r\n" + line + "--\r\n";
  EXPECT_TRUE(answer->body == expected);
  EXPECT_EQ(answer->field("content-length"), std::to_string(expected.size()));
}

TEST(RangeAnswer, IsPlainWhereSeveralRangesAreOne) {
  TestServer server;
  const std::string path = "/files/" + make_job_with_file(server, "0123456789").original.blob_key;
  for (const auto* range : {"0-1,2-3", "2-3,0-2", "0-3,100-"}) {
    const auto answer =
        server.exchange(request_text("GET", path, "Range: bytes=" + std::string{range} + "\r\n"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 206) << range;
    EXPECT_EQ(answer->field("content-range"), "bytes 0-3/10") << range;
    EXPECT_EQ(answer->body, "0123");
  }
}

TEST(RangeAnswer, IsTheWholeFileForTwoFieldsOrTooManyRanges) {
  TestServer server;
  const std::string path = "/files/" + make_job_with_file(server, "0123456789").original.blob_key;
  std::string many = "Range: bytes=0-0";
  for (std::size_t i = 0; i < max_ranges; ++i)
    many += ",0-0";
  for (const std::string& fields : {many + "\r\n", std::string{"Range: bytes=0-1\r\nRange: "
                                                               "bytes=4-5\r\n"}}) {
    const auto answer = server.exchange(request_text("GET", path, fields));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200) << fields;
    EXPECT_EQ(answer->body, "0123456789");
  }
}

}  // namespace
}  // namespace darkroom::http
