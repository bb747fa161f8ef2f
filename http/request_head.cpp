#include "http/request_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/header_values.hpp"
#include "http/limits.hpp"

namespace darkroom::http {
namespace {

using Checked = tl::expected<void, Problem>;

tl::unexpected<Problem> malformed(std::string detail) {
  return tl::unexpected{Problem{ProblemCode::malformed_request, std::move(detail)}};
}

bool is_known_method(std::string_view method) {
  static constexpr auto known = std::to_array<std::string_view>(
      {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"});
  return std::find(known.begin(), known.end(), method) != known.end();
}

// Bytes above 0x7F are let through: curl sends a file name in a query as it is typed.
bool is_target_character(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return byte > 0x20U && byte != 0x7FU && c != '#';
}

bool is_field_character(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return c == '\t' || (byte >= 0x20U && byte != 0x7FU);
}

// Reduces the absolute form that proxies use, "http://host/path", to its path and query; its host
// counts for more than the Host header (RFC 9112, section 3.2.2) and goes to `authority`. A second
// '?' is legal in a query (RFC 3986, section 3.4), but the HTTP library refuses it, so it is
// encoded.
std::optional<std::string> normalized_target(std::string_view target, std::string& authority) {
  if (target.empty() || !std::all_of(target.begin(), target.end(), is_target_character)) {
    return std::nullopt;
  }
  if (target == "*") return std::string{target};
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t authority_end = std::min(target.find_first_of("/?"), target.size());
    authority = target.substr(0, authority_end);
    if (authority.empty()) return std::nullopt;
    target.remove_prefix(authority_end);
    if (target.empty()) return "/";
    if (target[0] == '?') return std::nullopt;
  }
  if (target[0] != '/') return std::nullopt;
  const std::size_t query = std::min(target.find('?'), target.size() - 1) + 1;
  std::string normalized{target.substr(0, query)};
  for (const char c : target.substr(query)) {
    if (c == '?') {
      normalized += "%3F";
    } else {
      normalized += c;
    }
  }
  return normalized;
}

// RFC 9112, section 2.3.
bool is_version(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 8 && text.starts_with("HTTP/") && digit(text[5]) && text[6] == '.' &&
         digit(text[7]);
}

Checked parse_request_line(std::string_view line, RequestHead& head) {
  if (line.size() > limits::request_line_bytes) {
    return tl::unexpected{Problem{ProblemCode::uri_too_long,
                                  fmt::format("The request line has {} bytes; {} are allowed.",
                                              line.size(), limits::request_line_bytes)}};
  }
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || !is_token(line.substr(0, first))) {
    return malformed("The first line is not 'METHOD target HTTP/1.1'.");
  }
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const auto detail = fmt::format("The HTTP version is {}; this service speaks HTTP/1.1.",
                                    quoted_text(version, 20));
    if (!is_version(version)) return malformed(detail);
    return tl::unexpected{Problem{ProblemCode::unsupported_version, detail}};
  }
  head.method = line.substr(0, first);
  head.keep_alive = version == "HTTP/1.1";
  auto target = normalized_target(line.substr(first + 1, last - first - 1), head.authority);
  if (!target) {
    return malformed(
        "The target of the request must start with '/' and have no space, '#' or control "
        "character in it; encode those as %20, %23 and so on.");
  }
  head.target = std::move(*target);
  if (!is_known_method(head.method)) {
    return tl::unexpected{
        Problem{ProblemCode::unknown_method,
                fmt::format("HTTP defines no method {}.", quoted_text(head.method, 20))}};
  }
  return {};
}

Checked parse_field(std::string_view line, RequestHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return malformed(fmt::format("A header line is not 'Name: value': {}.", quoted_text(line, 60)));
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), is_field_character)) {
    return malformed(
        fmt::format("The header {} has a control character in it.", quoted_text(name, 60)));
  }
  if (head.fields.size() == limits::fields) {
    return tl::unexpected{
        Problem{ProblemCode::headers_too_large,
                fmt::format("The request has more than {} header fields.", limits::fields)}};
  }
  head.fields.push_back({std::string{name}, std::string{value}});
  return {};
}

Checked find_length(std::string_view values, RequestHead& head) {
  std::optional<std::uint64_t> length;
  while (true) {
    const std::size_t comma = std::min(values.find(','), values.size());
    const std::string_view digits = trimmed(values.substr(0, comma));
    const char* const end = digits.data() + digits.size();
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (digits.empty() || error != std::errc{} || stop != end) {
      return malformed("Content-Length is not a whole number of bytes.");
    }
    if (length && *length != value) return malformed("Content-Length is given twice, differently.");
    length = value;
    if (comma == values.size()) break;
    values.remove_prefix(comma + 1);
  }
  head.content_length = *length;
  head.framing = *length == 0 ? BodyFraming::none : BodyFraming::length;
  return {};
}

Checked find_framing(RequestHead& head) {
  const auto length = joined_field(head, "Content-Length");
  const auto coding = joined_field(head, "Transfer-Encoding");
  if (!coding) return length ? find_length(*length, head) : Checked{};
  if (length) {
    return malformed("Content-Length and Transfer-Encoding are both given; send one of them.");
  }
  if (!head.keep_alive) return malformed("HTTP/1.0 has no Transfer-Encoding.");
  if (!equals_ignoring_case(*coding, "chunked")) {
    return malformed("The only Transfer-Encoding this service takes is 'chunked'.");
  }
  head.framing = BodyFraming::chunked;
  return {};
}

Checked find_connection_options(RequestHead& head) {
  const auto hosts = std::count_if(
      head.fields.begin(), head.fields.end(),
      [](const HeaderField& field) { return equals_ignoring_case(field.name, "Host"); });
  if (hosts > 1 || (hosts == 0 && head.keep_alive)) {
    return malformed("A request of HTTP/1.1 has exactly one Host header.");
  }
  if (head.authority.empty()) head.authority = joined_field(head, "Host").value_or("");
  const bool http11 = head.keep_alive;
  const std::string connection = joined_field(head, "Connection").value_or("");
  head.keep_alive =
      !list_contains(connection, "close") && (http11 || list_contains(connection, "keep-alive"));
  head.expects_continue =
      http11 && equals_ignoring_case(joined_field(head, "Expect").value_or(""), "100-continue");
  return {};
}

}  // namespace

std::optional<std::string> joined_field(const RequestHead& head, std::string_view name) {
  std::optional<std::string> all;
  for (const auto& field : head.fields) {
    if (!equals_ignoring_case(field.name, name)) continue;
    all = all ? *all + "," + field.value : field.value;
  }
  return all;
}

tl::expected<RequestHead, Problem> parse_request_head(std::string_view head) {
  RequestHead result;
  bool first = true;
  while (true) {
    const std::size_t end = head.find("\r\n");
    if (end == std::string_view::npos) return malformed("The header does not end.");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.empty() && !first) break;
    const Checked checked = first ? parse_request_line(line, result) : parse_field(line, result);
    if (!checked) return tl::unexpected{checked.error()};
    first = false;
  }
  // In this order: until find_connection_options, keep_alive tells HTTP/1.1 from HTTP/1.0.
  if (const Checked framed = find_framing(result); !framed) return tl::unexpected{framed.error()};
  if (const Checked found = find_connection_options(result); !found) {
    return tl::unexpected{found.error()};
  }
  return result;
}

}  // namespace darkroom::http
