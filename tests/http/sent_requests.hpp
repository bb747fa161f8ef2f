#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace darkroom::http {

/// Method and target of a request; both empty where nobody can tell.
struct SentRequest {
  std::string method;
  std::string target;
};

/// The requests in the bytes that a client sends, so that it is known what an answer is of.
class SentRequests {
 public:
  void append(std::string_view bytes);

  /// The one that the next answer is of. Empty where it was not sent whole, or cannot be read.
  [[nodiscard]] SentRequest next();

 private:
  void read_head(std::string_view head);

  std::deque<SentRequest> waiting_;
  std::string unread_;           ///< Of a head that is not there yet.
  std::uint64_t body_left_ = 0;  ///< Bytes to come that belong to a body.
  bool endless_ = false;         ///< What comes until the next answer belongs to a chunked body.
};

}  // namespace darkroom::http
