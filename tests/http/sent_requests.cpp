#include "tests/http/sent_requests.hpp"

#include <algorithm>

#include "http/request_head.hpp"

namespace darkroom::http {

void SentRequests::append(std::string_view bytes) {
  constexpr std::string_view head_end = "\r\n\r\n";
  while (!bytes.empty() && !endless_) {
    const auto skipped = std::min<std::uint64_t>(body_left_, bytes.size());
    body_left_ -= skipped;
    bytes.remove_prefix(skipped);
    if (bytes.empty()) return;
    const std::size_t before = unread_.size();
    unread_ += bytes;
    // Empty lines may stand before a request.
    const auto begin = std::min(unread_.find_first_not_of("\r\n"), unread_.size());
    const auto end = unread_.find(head_end, begin);
    if (end == std::string::npos) return;
    const std::size_t size = end + head_end.size();
    bytes.remove_prefix(size - before);
    const std::string head = unread_.substr(begin, size - begin);
    unread_.clear();
    read_head(head);
  }
}

void SentRequests::read_head(std::string_view text) {
  const auto head = parse_request_head(text);
  if (!head) {
    // Refused, and the connection with it.
    waiting_.emplace_back();
    endless_ = true;
    return;
  }
  waiting_.push_back({head->method, head->target});
  body_left_ = head->framing == BodyFraming::length ? head->content_length : 0;
  endless_ = head->framing == BodyFraming::chunked;
}

SentRequest SentRequests::next() {
  endless_ = false;
  if (waiting_.empty()) return {};
  SentRequest first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

}  // namespace darkroom::http
