#include "http/message_body.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "http/header_values.hpp"
#include "http/limits.hpp"

namespace darkroom::http {

MessageBody::MessageBody(ClientSocket& socket, const RequestHead& head, const StopSignal& stop)
    : socket_(socket),
      stop_(stop),
      chunked_(head.framing == BodyFraming::chunked),
      send_continue_(head.expects_continue),
      left_(head.content_length) {
  if (chunked_) state_ = State::chunk_size;
  if (head.framing == BodyFraming::length) state_ = State::data;
}

BodyError MessageBody::body_error(SocketError error) const {
  if (error == SocketError::timed_out) return BodyError::timed_out;
  if (error == SocketError::too_slow) return BodyError::too_slow;
  return stop_.raised() ? BodyError::stopped : BodyError::closed;
}

tl::expected<std::size_t, BodyError> MessageBody::read(std::span<char> out) {
  auto count = read_some(out);
  if (!count) socket_.extend_deadline_for_answer();
  return count;
}

tl::expected<std::size_t, BodyError> MessageBody::read_some(std::span<char> out) {
  if (send_continue_ && !finished()) {
    send_continue_ = false;
    if (const auto sent = socket_.write("HTTP/1.1 100 Continue\r\n\r\n"); !sent) {
      return tl::unexpected{body_error(sent.error())};
    }
  }
  while (state_ != State::data && state_ != State::finished) {
    if (const auto line = read_framing_line(); !line) return tl::unexpected{line.error()};
  }
  return finished() ? 0 : read_data(out);
}

tl::expected<std::size_t, BodyError> MessageBody::read_data(std::span<char> out) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, out.size()));
  const auto count = socket_.read(out.first(wanted));
  if (!count) return tl::unexpected{body_error(count.error())};
  left_ -= *count;
  if (left_ == 0) state_ = chunked_ ? State::chunk_end : State::finished;
  return *count;
}

tl::expected<void, BodyError> MessageBody::read_framing_line() {
  const auto line = read_line();
  if (!line) return tl::unexpected{line.error()};
  bool valid = true;
  if (state_ == State::chunk_size) {
    valid = take_chunk_size(*line);
  } else if (state_ == State::chunk_end) {
    valid = line->empty();
    state_ = State::chunk_size;
  } else if (line->empty()) {
    state_ = State::finished;
  } else {
    // Trailer fields are read and dropped: nothing here needs one.
    trailer_bytes_ += line->size();
    valid = trailer_bytes_ <= limits::trailer_bytes;
  }
  if (!valid) return tl::unexpected{BodyError::malformed};
  return {};
}

// 1*HEXDIG, then possibly an extension, which is ignored.
bool MessageBody::take_chunk_size(std::string_view line) {
  const std::string_view digits = trimmed(line.substr(0, line.find(';')));
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, left_, 16);
  if (digits.empty() || error != std::errc{} || stop != end) return false;
  state_ = left_ == 0 ? State::trailers : State::data;
  return true;
}

tl::expected<std::string, BodyError> MessageBody::read_line() {
  while (true) {
    const std::string_view ready = socket_.buffered();
    const std::size_t end = ready.find('\n');
    if (end != std::string_view::npos) {
      if (end == 0 || ready[end - 1] != '\r' || end > limits::framing_line_bytes) {
        return tl::unexpected{BodyError::malformed};
      }
      std::string line{ready.substr(0, end - 1)};
      socket_.take(end + 1);
      return line;
    }
    if (ready.size() > limits::framing_line_bytes) return tl::unexpected{BodyError::malformed};
    if (const auto filled = socket_.fill(); !filled) {
      return tl::unexpected{body_error(filled.error())};
    }
  }
}

}  // namespace darkroom::http
