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

constexpr std::string_view line_end = "\r\n";

// A line of the header with those that continue it, as RFC 5322, section 2.2.3, folds them; taken
// off the front of `header`.
std::string take_line(std::string_view& header) {
  std::string line;
  while (true) {
    const std::size_t end = std::min(header.find(line_end), header.size());
    line += header.substr(0, end);
    header.remove_prefix(std::min(end + line_end.size(), header.size()));
    if (!header.starts_with(' ') && !header.starts_with('\t')) return line;
  }
}

// Browsers send a quote in a name as %22, and nothing else so but line ends, which no file name
// has (HTML, section 4.10.22.8).
std::string with_quotes(std::string name) {
  constexpr std::string_view quote = "%22";
  for (std::size_t at = name.find(quote); at != std::string::npos; at = name.find(quote, at + 1))
    name.replace(at, quote.size(), "\"");
  return name;
}

tl::expected<PartHeader, Problem> parse_part_header(std::string_view header) {
  while (!header.empty()) {
    const std::string line = take_line(header);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) {
      return malformed(
          fmt::format("A part's header line has no colon: {}.", quoted_text(line, 60)));
    }
    const std::string_view text{line};
    if (!equals_ignoring_case(trimmed(text.substr(0, colon)), "Content-Disposition")) continue;
    const auto disposition = parse_parameterized(trimmed(text.substr(colon + 1)));
    if (!disposition || disposition->value != "form-data" ||
        !disposition->parameters.contains("name")) {
      return malformed("A part's Content-Disposition is not 'form-data; name=\"...\"'.");
    }
    auto filename = filename_of(*disposition);
    if (filename && !disposition->parameters.contains("filename*")) {
      filename = with_quotes(std::move(*filename));
    }
    return PartHeader{disposition->parameters.at("name"), std::move(filename)};
  }
  return malformed("A part of the form has no Content-Disposition header.");
}

// A line feed without its carriage return. Readers that take it for the end of a line see another
// header than those that do not.
bool has_bare_line_feed(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

}  // namespace

MultipartParser::MultipartParser(std::string_view boundary, PartReceiver& receiver,
                                 std::size_t most_parts)
    // The first boundary may stand at the very start; with a line end put before it, it looks like
    // all the others.
    : delimiter_("\r\n--" + std::string{boundary}),
      receiver_(receiver),
      most_parts_(most_parts),
      buffer_("\r\n") {}

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
  constexpr std::string_view header_end = "\r\n\r\n";
  const std::size_t end = buffer_.starts_with(line_end) ? 0 : buffer_.find(header_end);
  // Where the end has not come, the last bytes may be most of it.
  const std::size_t length = end == std::string::npos
                                 ? buffer_.size() - std::min(buffer_.size(), header_end.size() - 1)
                                 : end;
  const auto known =
      std::string_view{buffer_}.substr(0, std::min(length, limits::part_header_bytes));
  if (has_bare_line_feed(known)) {
    return malformed("The lines of a part's header must end with CR LF, not with LF alone.");
  }
  if (length > limits::part_header_bytes) {
    return malformed(
        fmt::format("The header of a part is longer than {} bytes.", limits::part_header_bytes));
  }
  if (end == std::string::npos) return false;
  const auto header = parse_part_header(std::string_view{buffer_}.substr(0, end));
  if (!header) return tl::unexpected{header.error()};
  if (++parts_ > most_parts_) {
    return malformed(fmt::format("The form has more than {} parts.", most_parts_));
  }
  if (const auto begun = receiver_.part_begins(*header); !begun) {
    return tl::unexpected{begun.error()};
  }
  buffer_.erase(0, end + 4);
  state_ = State::data;
  return true;
}

}  // namespace darkroom::http
