#include "jobs/natural_order.hpp"

#include <algorithm>
#include <compare>

namespace darkroom::jobs {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the number off the front, without leading zeros.
std::string_view take_number(std::string_view& text) {
  const auto end =
      static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  auto number = text.substr(0, end);
  text.remove_prefix(end);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

}  // namespace

bool natural_less(std::string_view left, std::string_view right) {
  auto l = left;
  auto r = right;
  while (!l.empty() && !r.empty()) {
    if (is_digit(l.front()) && is_digit(r.front())) {
      const auto a = take_number(l);
      const auto b = take_number(r);
      if (a.size() != b.size()) return a.size() < b.size();
      if (a != b) return a < b;
    } else {
      if (l.front() != r.front()) return l.front() < r.front();
      l.remove_prefix(1);
      r.remove_prefix(1);
    }
  }
  if (l.empty() != r.empty()) return l.empty();
  return left < right;  // Alike but for leading zeros.
}

}  // namespace darkroom::jobs
