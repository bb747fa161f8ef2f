#include "nodes/quantity.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <optional>
#include <span>

#include <fmt/format.h>

namespace darkroom::nodes {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Binary units come first, so that of two equally short ways to write a size they win.
constexpr std::array<Unit, 9> byte_units{{{"KiB", std::uint64_t{1} << 10U},
                                          {"MiB", std::uint64_t{1} << 20U},
                                          {"GiB", std::uint64_t{1} << 30U},
                                          {"TiB", std::uint64_t{1} << 40U},
                                          {"KB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000},
                                          {"TB", 1'000'000'000'000},
                                          {"B", 1}}};

constexpr std::array<Unit, 1> pixel_units{{{"MP", 1'000'000}}};

// In milliseconds, largest first.
constexpr std::array<Unit, 5> duration_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::string_view bytes_expected = "must be a size such as 32MiB, 64KiB or 10MB";
constexpr std::string_view pixels_expected =
    "must be a number of pixels such as 100MP or 100000000";
constexpr std::string_view duration_expected =
    "must be a duration such as 30s, 1500ms, 1m30s or 24h";

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

std::string_view take_spaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// Takes the digits at the front off `text`; nullopt where there are none or too many.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// number x factor, or nullopt where it does not fit.
std::optional<std::uint64_t> scaled(std::uint64_t number, std::uint64_t factor) {
  if (number > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
  return number * factor;
}

tl::unexpected<std::string> refused(std::string_view expected, std::string_view text) {
  return tl::make_unexpected(fmt::format("{}, not \"{}\"", expected, text));
}

/// A number and, unless it is left out, one of the units.
tl::expected<std::uint64_t, std::string> parse_amount(std::string_view text,
                                                      std::span<const Unit> units,
                                                      std::string_view expected) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number) return refused(expected, text);
  rest = take_spaces(rest);
  if (rest.empty()) return *number;
  const auto unit = std::ranges::find_if(
      units, [&](const Unit& candidate) { return equal_ignoring_case(candidate.name, rest); });
  if (unit == units.end()) return refused(expected, text);
  const auto amount = scaled(*number, unit->factor);
  if (!amount) return refused(expected, text);
  return *amount;
}

/// The shortest way to write `amount` without losing any of it, with a unit if that is no longer.
std::string format_amount(std::uint64_t amount, std::span<const Unit> units) {
  std::string best = fmt::format("{}", amount);
  std::size_t limit = best.size() + 1;
  if (amount == 0) return best;
  for (const Unit& unit : units) {
    if (amount % unit.factor != 0) continue;
    std::string candidate = fmt::format("{}{}", amount / unit.factor, unit.name);
    if (candidate.size() >= limit) continue;
    limit = candidate.size();
    best = std::move(candidate);
  }
  return best;
}

}  // namespace

tl::expected<std::uint64_t, std::string> parse_bytes(std::string_view text) {
  return parse_amount(text, byte_units, bytes_expected);
}

std::string format_bytes(std::uint64_t bytes) {
  return format_amount(bytes, byte_units);
}

tl::expected<std::uint64_t, std::string> parse_pixels(std::string_view text) {
  return parse_amount(text, pixel_units, pixels_expected);
}

std::string format_pixels(std::uint64_t pixels) {
  return format_amount(pixels, pixel_units);
}

tl::expected<std::chrono::milliseconds, std::string> parse_duration(std::string_view text) {
  std::uint64_t total = 0;
  std::span<const Unit> units_left = duration_units;
  std::string_view rest = text;
  do {
    const auto number = take_number(rest);
    if (!number) return refused(duration_expected, text);
    rest = take_spaces(rest);
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789 "));
    if (name.empty()) {
      return tl::make_unexpected(fmt::format(
          "lacks its unit: write {0}s, {0}ms, {0}m or {0}h, not \"{1}\"", *number, text));
    }
    const auto unit = std::ranges::find(units_left, name, &Unit::name);
    if (unit == units_left.end()) return refused(duration_expected, text);
    const auto amount = scaled(*number, unit->factor);
    constexpr auto most = static_cast<std::uint64_t>(std::chrono::milliseconds::max().count());
    if (!amount || *amount > most - total) return refused(duration_expected, text);
    total += *amount;
    units_left = units_left.subspan(static_cast<std::size_t>(unit - units_left.begin()) + 1);
    rest = take_spaces(rest.substr(name.size()));
  } while (!rest.empty());
  return std::chrono::milliseconds{static_cast<std::int64_t>(total)};
}

std::string format_duration(std::chrono::milliseconds duration) {
  auto rest = static_cast<std::uint64_t>(duration.count());
  // Below the second people count in one unit: 1500ms, not 1s500ms.
  if (rest % 1'000 != 0) return fmt::format("{}ms", rest);
  if (rest == 0) return "0s";
  std::string text;
  // Without days: 24h and 48h are what people write for a time to live.
  for (const Unit& unit : std::span{duration_units}.subspan(1)) {
    if (rest < unit.factor) continue;
    text += fmt::format("{}{}", rest / unit.factor, unit.name);
    rest %= unit.factor;
  }
  return text;
}

}  // namespace darkroom::nodes
