#include "tests/http/sent_requests.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "http/request_head.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

}  // namespace

void SentRequests::append(std::string_view bytes) {
  const std::string all = std::exchange(unread_, {}).append(bytes);
  std::string_view rest{all};
  while (!lost_ && take_piece(rest)) {
  }
  if (!lost_) unread_ = rest;
}

bool SentRequests::take_piece(std::string_view& bytes) {
  if (body_left_ > 0) {
    const auto taken = std::min<std::uint64_t>(body_left_, bytes.size());
    body_left_ -= taken;
    bytes.remove_prefix(taken);
    return taken > 0;
  }
  // Empty lines may stand before a request.
  if (awaited_ == Awaited::head)
    bytes.remove_prefix(std::min(bytes.find_first_not_of(line_end), bytes.size()));
  const auto end = awaited_ == Awaited::head ? head_end : line_end;
  const auto found = bytes.find(end);
  if (found == std::string_view::npos) return false;
  const auto piece = bytes.substr(0, found + end.size());
  bytes.remove_prefix(piece.size());
  if (awaited_ == Awaited::head) {
    read_head(piece);
  } else {
    read_line(piece.substr(0, found));
  }
  return true;
}

void SentRequests::read_head(std::string_view text) {
  const auto head = parse_request_head(text);
  if (!head) {
    // Refused, and the connection with it.
    waiting_.emplace_back();
    lost_ = true;
    return;
  }
  waiting_.push_back({head->method, head->target});
  if (head->framing == BodyFraming::length) body_left_ = head->content_length;
  if (head->framing == BodyFraming::chunked) awaited_ = Awaited::chunk;
}

void SentRequests::read_line(std::string_view line) {
  if (awaited_ == Awaited::trailer) {
    if (line.empty()) awaited_ = Awaited::head;
    return;
  }
  std::uint64_t size = 0;
  constexpr int hexadecimal = 16;
  if (std::from_chars(line.data(), line.data() + line.size(), size, hexadecimal).ec != std::errc{})
    lost_ = true;
  if (size == 0) {
    awaited_ = Awaited::trailer;
  } else {
    body_left_ = size + line_end.size();
  }
}

SentRequest SentRequests::next() {
  if (std::exchange(lost_, false)) awaited_ = Awaited::head;
  if (waiting_.empty()) return {};
  SentRequest first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

}  // namespace darkroom::http
