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
  enum class Awaited : std::uint8_t { head, chunk, trailer };

  /// Takes one piece off the bytes: a body, a head or a line; false where none is whole.
  [[nodiscard]] bool take_piece(std::string_view& bytes);
  void read_head(std::string_view head);
  void read_line(std::string_view line);

  std::deque<SentRequest> waiting_;
  std::string unread_;  ///< Of a piece that is not there yet.
  Awaited awaited_ = Awaited::head;
  std::uint64_t body_left_ = 0;  ///< Bytes to come that are nothing but data.
  bool lost_ = false;            ///< Nothing can be told until the next answer.
};

}  // namespace darkroom::http
