#include "http/multipart_parser.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/header_values.hpp"
#include "http/limits.hpp"

namespace darkroom::http {
namespace {

tl::unexpected<Problem> malformed(std::string detail) {
  return tl::unexpected{Problem{ProblemCode::malformed_multipart, std::move(detail)}};
}

tl::expected<PartHeader, Problem> parse_part_header(std::string_view header) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return malformed(
          fmt::format("A part's header line has no colon: {}.", quoted_text(line, 60)));
    }
    if (!equals_ignoring_case(trimmed(line.substr(0, colon)), "Content-Disposition")) continue;
    const auto disposition = parse_parameterized(trimmed(line.substr(colon + 1)));
    if (!disposition || disposition->value != "form-data" ||
        !disposition->parameters.contains("name")) {
      return malformed("A part's Content-Disposition is not 'form-data; name=\"...\"'.");
    }
    return PartHeader{disposition->parameters.at("name"), filename_of(*disposition)};
  }
  return malformed("A part of the form has no Content-Disposition header.");
}

}  // namespace

MultipartParser::MultipartParser(std::string_view boundary, PartReceiver& receiver)
    // The first boundary may stand at the very start; with a line end put before it, it looks like
    // all the others.
    : delimiter_("\r\n--" + std::string{boundary}), receiver_(receiver), buffer_("\r\n") {}

tl::expected<void, Problem> MultipartParser::feed(std::string_view bytes) {
  buffer_ += bytes;
  while (true) {
    const Step went_on = step();
    if (!went_on) return tl::unexpected{went_on.error()};
    if (!*went_on) return {};
  }
}

tl::expected<void, Problem> MultipartParser::finish() const {
  if (state_ == State::epilogue) return {};
  if (state_ == State::preamble) {
    return malformed("The body has no boundary line as its Content-Type announces.");
  }
  return malformed("The body ends before its closing boundary: it was cut off.");
}

MultipartParser::Step MultipartParser::step() {
  switch (state_) {
    case State::preamble:
    case State::data:
      return pass_content();
    case State::boundary_line:
      return pass_boundary_line();
    case State::header:
      return pass_header();
    case State::epilogue:
      break;
  }
  buffer_.clear();  // To be ignored, by RFC 2046.
  return false;
}

MultipartParser::Step MultipartParser::pass_content() {
  const std::size_t found = buffer_.find(delimiter_);
  const bool at_end = found != std::string::npos;
  // Without a delimiter, the last bytes may be the start of one.
  const std::size_t content =
      at_end ? found : buffer_.size() - std::min(buffer_.size(), delimiter_.size() - 1);
  if (state_ == State::data) {
    auto received = content == 0
                        ? tl::expected<void, Problem>{}
                        : receiver_.part_data(std::string_view{buffer_}.substr(0, content));
    if (received && at_end) received = receiver_.part_ends();
    if (!received) return tl::unexpected{received.error()};
  }
  buffer_.erase(0, at_end ? found + delimiter_.size() : content);
  if (at_end) state_ = State::boundary_line;
  return at_end;
}

MultipartParser::Step MultipartParser::pass_boundary_line() {
  if (buffer_.size() < 2) return false;
  if (buffer_.starts_with("--")) {
    state_ = State::epilogue;
    return true;
  }
  const std::size_t end = buffer_.find("\r\n");
  const std::string_view padding = std::string_view{buffer_}.substr(0, end);
  // A carriage return at the end may be half a line end.
  const std::string_view spaces =
      padding.substr(0, padding.size() - (end == std::string::npos && padding.ends_with('\r')));
  if (!trimmed(spaces).empty() || spaces.size() > limits::boundary_padding_bytes) {
    return malformed("There is text between a boundary and the end of its line.");
  }
  if (end == std::string::npos) return false;
  buffer_.erase(0, end + 2);
  state_ = State::header;
  return true;
}

MultipartParser::Step MultipartParser::pass_header() {
  const std::size_t end = buffer_.starts_with("\r\n") ? 0 : buffer_.find("\r\n\r\n");
  if (std::min(end, buffer_.size()) > limits::part_header_bytes) {
    return malformed(
        fmt::format("The header of a part is longer than {} bytes.", limits::part_header_bytes));
  }
  if (end == std::string::npos) return false;
  const auto header = parse_part_header(std::string_view{buffer_}.substr(0, end));
  if (!header) return tl::unexpected{header.error()};
  if (++parts_ > limits::form_parts) {
    return malformed(fmt::format("The form has more than {} parts.", limits::form_parts));
  }
  if (const auto begun = receiver_.part_begins(*header); !begun) {
    return tl::unexpected{begun.error()};
  }
  buffer_.erase(0, end + 4);
  state_ = State::data;
  return true;
}

}  // namespace darkroom::http
