#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom::http {

/// True where the two differ at most in the case of ASCII letters.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

[[nodiscard]] std::string to_lower(std::string_view text);

/// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// True for a token of RFC 9110, section 5.6.2: a method or the name of a field.
[[nodiscard]] bool is_token(std::string_view text);

/// True where `list`, with commas between its elements, has `token`, in any case.
[[nodiscard]] bool list_contains(std::string_view list, std::string_view token);

/// A field value with parameters, as Content-Type and Content-Disposition have.
struct ParameterizedValue {
  std::string value;                              ///< Lower case: "multipart/form-data".
  std::map<std::string, std::string> parameters;  ///< Names in lower case; the first one counts.
};

/// Parses `value; name=token; name="quoted string"`; nullopt where it is none. A backslash in a
/// quoted string escapes only a quote or a backslash, so that the Windows paths which some clients
/// send as a filename survive.
[[nodiscard]] std::optional<ParameterizedValue> parse_parameterized(std::string_view field);

/// The file name in a parsed Content-Disposition: `filename*` (RFC 8187, UTF-8 only) before
/// `filename`.
[[nodiscard]] std::optional<std::string> filename_of(const ParameterizedValue& disposition);

}  // namespace darkroom::http
