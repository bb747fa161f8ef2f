#include "tunnel/preamble.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace darkroom::tunnel {
namespace {

constexpr std::string_view accepted = "ok";
constexpr std::string_view refused = "refused ";
constexpr std::size_t max_version = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_version(std::string_view text) {
  const auto safe = [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '+' || c == '~';
  };
  return !text.empty() && text.size() <= max_version && std::ranges::all_of(text, safe);
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

/// Takes "name=value" and the space behind it off the front of `rest`; nothing where it is not
/// there.
std::optional<std::string> take_field(std::string_view& rest, std::string_view name) {
  if (!rest.starts_with(name) || rest.size() <= name.size() || rest[name.size()] != '=') {
    return std::nullopt;
  }
  rest.remove_prefix(name.size() + 1);
  const std::size_t end = std::min(rest.find(' '), rest.size());
  std::string value{rest.substr(0, end)};
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return value;
}

}  // namespace

std::string_view to_string(Channel channel) {
  return channel == Channel::control ? "control" : "data";
}

bool is_node_name(std::string_view name) {
  const auto safe = [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
  };
  return !name.empty() && name.size() <= max_node_name && is_letter_or_digit(name.front()) &&
         std::ranges::all_of(name, safe);
}

std::string to_line(const Hello& hello) {
  return fmt::format("{}wire={} version={} node={} channel={}\n", hello_start, hello.versions.wire,
                     hello.versions.program, hello.node, to_string(hello.channel));
}

tl::expected<Hello, std::string> parse_hello(std::string_view line) {
  const auto fault = [](std::string_view what) {
    return tl::unexpected{fmt::format("its first line {}", what)};
  };
  if (line.size() >= max_line) return fault("is too long");
  if (!line.starts_with(hello_start)) return fault("is not that of a Darkroom node");
  std::string_view rest = line.substr(hello_start.size());
  auto wire = take_field(rest, "wire");
  auto program = take_field(rest, "version");
  auto node = take_field(rest, "node");
  const auto channel = take_field(rest, "channel");
  if (!wire || !is_version(*wire)) return fault("has no wire version");
  if (!program || !is_version(*program)) return fault("has no version");
  if (!node || !is_node_name(*node)) return fault("has no name of a node");
  if (!channel || (*channel != "control" && *channel != "data")) return fault("has no channel");
  if (!rest.empty() || line.ends_with(' ')) return fault("goes on behind the channel");
  return Hello{.versions = {.wire = std::move(*wire), .program = std::move(*program)},
               .node = std::move(*node),
               .channel = *channel == "control" ? Channel::control : Channel::data};
}

std::string accepting_line() {
  return fmt::format("{}\n", accepted);
}

std::string refusing_line(std::string_view why) {
  std::string line{refused};
  for (const char c : why.substr(0, max_line - refused.size() - 1))
    line += is_printable(c) ? c : '?';
  return line + '\n';
}

tl::expected<std::optional<std::string>, std::string> parse_answer(std::string_view line) {
  if (line == accepted) return std::nullopt;
  const bool readable = line.starts_with(refused) && line.size() > refused.size() &&
                        line.size() < max_line && std::ranges::all_of(line, is_printable);
  if (!readable) return tl::unexpected{std::string{"its answer is not that of a Darkroom node"}};
  return std::string{line.substr(refused.size())};
}

std::optional<std::string> version_refusal(const Versions& peer, const Versions& own) {
  if (peer.wire == own.wire) return std::nullopt;
  return fmt::format(
      "this node speaks {} (Darkroom {}) and the coordinator speaks {} (Darkroom {}): run the same "
      "version on all nodes",
      peer.wire, peer.program, own.wire, own.program);
}

}  // namespace darkroom::tunnel
