#include "nodes/upload_readers.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nodes/backend_formats.hpp"
#include "nodes/nearest_name.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/quantity.hpp"
#include "nodes/queue_settings.hpp"
#include "nodes/rendition_json.hpp"
#include "nodes/source_json.hpp"
#include "outbound/url.hpp"

namespace darkroom::nodes {
namespace {

using Lifetime = std::chrono::milliseconds;

/// What is longer need not be repeated to whoever sent it.
constexpr std::size_t max_quoted_bytes = 40;

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"{}", printable(std::string{text.substr(0, max_quoted_bytes)}),
                     text.size() > max_quoted_bytes ? "..." : "");
}

/// The text as a number of seconds; none where it is not that, or too many.
std::optional<Lifetime> parse_seconds(std::string_view text) {
  std::uint32_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return std::chrono::seconds{seconds};
}

std::optional<Lifetime> parse_lifetime(std::string_view text) {
  if (const auto seconds = parse_seconds(text)) return seconds;
  const auto duration = parse_duration(text);
  return duration ? std::optional{*duration} : std::nullopt;
}

}  // namespace

http::RenditionReader rendition_reader(const Config& config) {
  if (config.max_renditions == 0) return {};
  return [&config](
             std::string_view json) -> tl::expected<std::vector<jobs::RenditionSpec>, std::string> {
    auto read = read_renditions_of_upload(json, config.max_renditions, config.watermarks);
    if (!read) return read;
    if (const auto faults = format_faults(config, *read); !faults.empty()) {
      return tl::unexpected("renditions: " + faults.front() + ".");
    }
    return read;
  };
}

http::LifetimeReader lifetime_reader(const Config& config) {
  return [&config](std::string_view text) -> tl::expected<Lifetime, std::string> {
    const auto lifetime = parse_lifetime(text);
    if (!lifetime) {
      return tl::unexpected(
          fmt::format("The parameter 'expires_in' must be a duration such as 90s, 24h or 7d, or a "
                      "number of seconds, not {}.",
                      quoted(text)));
    }
    if (*lifetime < config.min_ttl || *lifetime > config.max_ttl) {
      return tl::unexpected(fmt::format("The parameter 'expires_in' must be from {} to {}, not {}.",
                                        format_duration(config.min_ttl),
                                        format_duration(config.max_ttl), quoted(text)));
    }
    return *lifetime;
  };
}

http::QueueReader queue_reader(const Config& config) {
  return [names = queue_names(config), priorities = queue_priorities(config)](
             std::string_view text) -> tl::expected<http::QueueChoice, std::string> {
    const auto found = std::ranges::find(names, text);
    if (found != names.end()) return http::QueueChoice{*found, priorities.at(*found)};
    const std::string near = suggestion(text.substr(0, max_quoted_bytes), names);
    return tl::unexpected(fmt::format("There is no queue {}{} The queues are: {}.", quoted(text),
                                      near.empty() ? "." : near, fmt::join(names, ", ")));
  };
}

http::CallbackReader callback_reader() {
  return [](std::string_view text) -> tl::expected<std::string, std::string> {
    auto url = outbound::check_url(text);
    if (url) return std::move(url->text);
    return tl::unexpected(
        fmt::format("The parameter 'callback_url' {}; it must be an address of http or https such "
                    "as https://example.com/hook.",
                    url.error()));
  };
}

http::CallbackReader callback_reader(const Config& config) {
  const auto& webhook = config.webhook;
  if (webhook.secret.empty() && webhook.secret_file.empty()) return {};
  return callback_reader();
}

http::SourceReader source_reader(const Config& config) {
  if (!config.source.enabled) return {};
  return read_source_request;
}

}  // namespace darkroom::nodes
