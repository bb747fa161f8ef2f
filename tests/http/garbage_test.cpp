#include <random>

#include <gtest/gtest.h>

#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

/// A request with random damage: bytes replaced, removed, doubled, or the whole of it random.
class Garbage {
 public:
  explicit Garbage(unsigned seed) : random_(seed) {}

  std::string next() {
    if (below(8) == 0) return random_bytes(below(2'000));
    std::string request = sample();
    for (std::size_t i = below(4); i > 0 && !request.empty(); --i)
      damage(request);
    return request;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_);
  }

  char byte() {
    static constexpr std::string_view likely = "\r\n\0:;,=\"%/ -019\xFF?#";
    return below(2) == 0 ? likely[below(likely.size())] : static_cast<char>(below(256));
  }

  std::string random_bytes(std::size_t count) {
    std::string bytes;
    while (bytes.size() < count)
      bytes += byte();
    return bytes;
  }

  std::string sample() {
    switch (below(5)) {
      case 0:
        return request_text("GET", "/files/uploads/a/b.jpg", "Range: bytes=0-5\r\n");
      case 1:
        return request_text("DELETE", "/v1/jobs/0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f");
      case 2:
        return request_text("POST", "/v1/jobs",
                            "Content-Type: image/png\r\nTransfer-Encoding: chunked\r\n") +
               "5\r\nhello\r\n0\r\n\r\n";
      case 3:
        return request_text("GET", "/readyz?a=b&c", "Connection: keep-alive\r\n");
      default:
        return form_request(form_part("name=\"preset\"", "small") + file_part("P6\n1 1\n255\nabc"));
    }
  }

  void damage(std::string& request) {
    const std::size_t at = below(request.size());
    switch (below(4)) {
      case 0:
        request[at] = byte();
        break;
      case 1:
        request.erase(at, 1 + below(10));
        break;
      case 2:
        request.insert(at, random_bytes(1 + below(10)));
        break;
      default:
        request.insert(at, request.substr(at, 1 + below(40)));
        break;
    }
  }

  std::mt19937 random_;
};

TEST(Garbage, NeverMakesTheServerFail) {
  TestServer server;
  Garbage garbage{20'261'121};
  std::map<int, int> answers;
  for (int i = 0; i < 1'000; ++i) {
    const std::string request = garbage.next();
    RawClient client{server.port()};
    client.send(request);
    client.end_sending();
    while (const auto response = client.receive()) {
      ++answers[response->status];
      ASSERT_NE(response->status, 500) << "request " << i << ":\n" << request;
    }
  }
  // It must have got past the first checks often enough to mean something.
  EXPECT_GT(answers[400], 100);
  EXPECT_GT(answers[404], 50);
  EXPECT_GT(answers[201], 10);
  EXPECT_EQ(server.exchange(request_text("GET", "/healthz"))->status, 200);
}

}  // namespace
}  // namespace darkroom::http
