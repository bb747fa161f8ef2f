#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "jobs/job_id.hpp"
#include "tests/http/documented_port.hpp"
#include "tests/http/raw_client.hpp"

namespace darkroom::http {

/// A client that follows a stream.
class Follower {
 public:
  Follower(std::uint16_t port, const std::string& target, std::string_view lines = "")
      : client_(port) {
    client_.send(request_text("GET", target, lines));
    head_ = until("\r\n\r\n");
  }

  [[nodiscard]] const std::string& head() const { return head_; }
  /// The next event or comment, without the empty line that ends it; empty where the stream ends.
  [[nodiscard]] std::string next() {
    const std::string event = until("\n\n");
    if (const auto data = event.find("\ndata: "); data != std::string::npos) {
      const bool of_batch = event.find("event: batch.") != std::string::npos;
      const bool is_gap = event.find("event: gap\n") != std::string::npos;
      const auto* const schema = of_batch ? "Batch" : (is_gap ? "EventGap" : "JobEvent");
      EXPECT_EQ(api_with_dialects("")->complaint_about(event.substr(data + 7), schema), "");
    }
    return event;
  }
  /// The next event of a job, whatever comes before.
  [[nodiscard]] std::string next_of(const jobs::JobId& id) {
    for (std::string event = next(); !event.empty(); event = next()) {
      if (event.find(id.to_string()) != std::string::npos) return event;
    }
    return {};
  }
  [[nodiscard]] bool ended() { return client_.closed(); }

 private:
  std::string until(std::string_view end) {
    std::string text;
    while (!text.ends_with(end)) {
      const std::string byte = client_.receive_text(1);
      if (byte.empty()) return {};
      text += byte;
    }
    return text.substr(0, text.size() - end.size());
  }

  RawClient client_;
  std::string head_;
};

/// Of an event.
inline std::string id_of(const std::string& event) {
  const auto begin = event.find("id: ") + 4;
  return event.substr(begin, event.find('\n') - begin);
}

}  // namespace darkroom::http
