// The head of a request: what is accepted has nothing in it that another reader could take for the
// end of something, and says the same when it is written out and read again.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/header_values.hpp"
#include "http/limits.hpp"
#include "http/request_head.hpp"
#include "tests/fuzz/hold.hpp"

using namespace darkroom;

namespace {

bool has_control(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos;
}

std::string written(const http::RequestHead& head, bool http11) {
  std::string text = head.method + " " + head.target + (http11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
  for (const auto& field : head.fields)
    text += field.name + ": " + field.value + "\r\n";
  return text + "\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto head = http::parse_request_head(text);
  if (!head) {
    fuzz::hold(head.error().detail.ends_with('.'), "a refusal is a sentence");
    return 0;
  }
  fuzz::hold(http::is_token(head->method), "a method is a token");
  fuzz::hold(head->target == "*" || head->target.starts_with('/'), "a target is a path");
  fuzz::hold(!has_control(head->target) && head->target.find(' ') == std::string::npos,
             "a target ends with itself");
  fuzz::hold(head->fields.size() <= http::limits::fields, "fields are few");
  for (const auto& field : head->fields) {
    fuzz::hold(http::is_token(field.name) && !has_control(field.value), "a field is one line");
  }
  const bool counted = head->framing == http::BodyFraming::length;
  fuzz::hold(counted == (head->content_length > 0), "a length is that of a body");
  const bool http11 = text.substr(0, text.find("\r\n")).ends_with("HTTP/1.1");
  const auto again = http::parse_request_head(written(*head, http11));
  // The line may be longer by what was encoded in the target.
  if (!again && again.error().code == http::ProblemCode::uri_too_long) return 0;
  fuzz::hold(again.has_value(), "what was read can be read again");
  fuzz::hold(again->target == head->target && again->framing == head->framing &&
                 again->content_length == head->content_length &&
                 again->keep_alive == head->keep_alive &&
                 again->fields.size() == head->fields.size(),
             "and says the same");
  return 0;
}
