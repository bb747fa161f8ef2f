#include "jobs/log_pair.hpp"

#include <algorithm>

namespace darkroom::jobs {
namespace {

// "00-" before, and 32 digits.
constexpr std::size_t trace_id_begin = 3;
constexpr std::size_t trace_id_length = 32;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_plain(std::string_view value) {
  const auto plain = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; };
  return std::ranges::all_of(value, plain) && !std::ranges::all_of(value, is_digit);
}

}  // namespace

std::string log_pair(std::string_view key, std::string_view value) {
  if (value.empty()) return {};
  std::string pair = " ";
  pair.append(key).append("=");
  if (is_plain(value)) return pair.append(value);
  pair += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') pair += '\\';
    pair += c >= ' ' && c != '\x7f' ? c : '?';
  }
  return pair + '"';
}

std::string request_pairs(std::string_view request_id, std::string_view trace_parent) {
  const bool traced = trace_parent.size() >= trace_id_begin + trace_id_length;
  return log_pair("request", request_id) +
         log_pair("trace", traced ? trace_parent.substr(trace_id_begin, trace_id_length)
                                  : std::string_view{});
}

}  // namespace darkroom::jobs
