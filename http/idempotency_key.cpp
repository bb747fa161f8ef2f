#include "http/idempotency_key.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/header_values.hpp"
#include "http/limits.hpp"

namespace darkroom::http {
namespace {

constexpr auto field_name = "Idempotency-Key";

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

// What stands in the quotes, whose first is the first character of `field`.
std::optional<std::string> unquoted(std::string_view field) {
  std::string key;
  for (std::size_t i = 1; i < field.size(); ++i) {
    if (field[i] == '"') {
      const std::string_view rest = trimmed(field.substr(i + 1));
      return rest.empty() || rest.starts_with(';') ? std::optional{key} : std::nullopt;
    }
    if (field[i] == '\\') {
      ++i;
      if (i == field.size() || (field[i] != '"' && field[i] != '\\')) return std::nullopt;
    }
    key += field[i];
  }
  return std::nullopt;
}

}  // namespace

tl::expected<std::string, std::string> parse_idempotency_key(std::string_view field) {
  field = trimmed(field);
  const auto key = field.starts_with('"') ? unquoted(field) : std::optional{std::string{field}};
  if (key && !key->empty() && key->size() <= limits::idempotency_key_bytes &&
      std::all_of(key->begin(), key->end(), is_visible)) {
    return *key;
  }
  return tl::unexpected{fmt::format(
      "The header {} must be 1 to {} visible ASCII characters, in double quotes or without them, "
      "such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\", not {}.",
      field_name, limits::idempotency_key_bytes, quoted_text(field, 60))};
}

tl::expected<std::optional<std::string>, Problem> idempotency_key_of(
    const httplib::Request& request) {
  const auto [first, last] = request.headers.equal_range(field_name);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) {
    return tl::unexpected{
        Problem{ProblemCode::invalid_parameter,
                fmt::format("The header {} is given more than once; send one.", field_name)}};
  }
  auto key = parse_idempotency_key(first->second);
  if (!key) {
    return tl::unexpected{Problem{ProblemCode::invalid_parameter, std::move(key.error())}};
  }
  return std::move(*key);
}

}  // namespace darkroom::http
