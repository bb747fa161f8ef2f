#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "tunnel/options.hpp"

/// What both ends of a tunnel say before it carries bytes: the connector one line, the front one
/// line. Their form is the same in all versions of Darkroom, so that two of different versions can
/// tell each other so.
namespace darkroom::tunnel {

/// What a connection is for.
enum class Channel : std::uint8_t {
  control,  ///< Actor messages.
  data,     ///< HTTP requests for pictures.
};
inline constexpr std::size_t channel_count = 2;

/// "control" or "data"
[[nodiscard]] std::string_view to_string(Channel channel);

/// The connector's line.
struct Hello {
  Versions versions;
  std::string node;
  Channel channel = Channel::control;

  [[nodiscard]] friend bool operator==(const Hello& left, const Hello& right) {
    return left.versions.wire == right.versions.wire &&
           left.versions.program == right.versions.program && left.node == right.node &&
           left.channel == right.channel;
  }
};

/// The longest line, with its end.
inline constexpr std::size_t max_line = 512;
/// How every connector's line begins.
inline constexpr std::string_view hello_start = "darkroom-tunnel ";
/// The longest name of a node: that of a DNS label (RFC 1035, section 2.3.4).
inline constexpr std::size_t max_node_name = 63;

/// Letters, digits, '-', '.' and '_', the first a letter or digit, at most max_node_name.
[[nodiscard]] bool is_node_name(std::string_view name);

/// With its line end.
[[nodiscard]] std::string to_line(const Hello& hello);

/// Reads a line without its end; the error says what is wrong with it.
[[nodiscard]] tl::expected<Hello, std::string> parse_hello(std::string_view line);

/// The front's line, with its end.
[[nodiscard]] std::string accepting_line();
/// `why` is a sentence for the operator of the other node, cut where it is too long for a line.
[[nodiscard]] std::string refusing_line(std::string_view why);

/// Reads the front's line without its end: nothing where the connector is accepted, else the
/// front's sentence. The error says what is wrong with the line.
[[nodiscard]] tl::expected<std::optional<std::string>, std::string> parse_answer(
    std::string_view line);

/// Why a peer of that version cannot join; nothing where both speak the same.
[[nodiscard]] std::optional<std::string> version_refusal(const Versions& peer, const Versions& own);

}  // namespace darkroom::tunnel
