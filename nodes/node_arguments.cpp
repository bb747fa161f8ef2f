#include "nodes/node_arguments.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "jobs/lease.hpp"
#include "jobs/rendition_check.hpp"
#include "nodes/processor_count.hpp"
#include "nodes/worker_memory.hpp"

namespace darkroom::nodes {
namespace {

using Lines = std::vector<std::string>;

/// The most worker processes of one node, as for the setting worker.processes.
constexpr std::uint32_t most_slots = 1'024;
/// The longest name: that of a certificate's, see tunnel/preamble.hpp.
constexpr std::size_t name_length = 63;

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

/// "host:port" or "[ipv6]:port"; nothing where it is neither.
std::optional<HostAndPort> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  const auto port = whole_number<std::uint16_t>(text.substr(colon + 1));
  if (host.empty() || !port || *port == 0) return std::nullopt;
  return HostAndPort{std::string{host}, *port};
}

HostAndPort read_join(const Arguments& arguments, Lines& problems) {
  if (arguments.join.empty()) {
    problems.emplace_back(
        "--join: is missing; write --join HOST:PORT, where the coordinator takes nodes");
    return {};
  }
  auto address = parse_address(arguments.join);
  if (!address) {
    problems.push_back(fmt::format("--join: must be HOST:PORT such as 127.0.0.1:{}, not \"{}\"",
                                   default_join_port, arguments.join));
    return {};
  }
  return std::move(*address);
}

void check_name(std::string_view name, Lines& problems) {
  const bool readable = std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
  if (!readable || name.size() > name_length) {
    problems.push_back(fmt::format(
        "--name: must have 1 to {} letters, digits, dots, hyphens and underscores, not \"{}\"",
        name_length, name));
  }
  if (name.starts_with(jobs::local_worker_prefix)) {
    problems.push_back(
        fmt::format("--name: {}... are the workers that darkroom serve starts itself; give this "
                    "one another name, not \"{}\"",
                    jobs::local_worker_prefix, name));
  }
}

std::vector<std::string> read_queues(const std::string& text, Lines& problems) {
  std::vector<std::string> queues;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string name{rest.substr(0, comma)};
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (!jobs::is_safe_name(name)) {
      problems.push_back("--queues: " + jobs::unsafe_name("a name", name));
    } else if (std::ranges::find(queues, name) == queues.end()) {
      queues.push_back(name);
    }
  }
  return queues;
}

/// "MIN,MAX"
std::optional<SlotRange> parse_range(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto min = whole_number<std::uint32_t>(text.substr(0, comma));
  const auto max = whole_number<std::uint32_t>(text.substr(comma + 1));
  if (!min || !max || *max == 0 || *max > most_slots || *min > *max) return std::nullopt;
  return SlotRange{*min, *max};
}

SlotRange read_slots(const Arguments& arguments, const Config& config, Lines& problems) {
  if (!arguments.slots.empty() && !arguments.autoscale.empty()) {
    problems.emplace_back("--slots: --autoscale is given too; give the one or the other");
  }
  if (!arguments.autoscale.empty()) {
    if (const auto range = parse_range(arguments.autoscale)) return *range;
    problems.push_back(
        fmt::format("--autoscale: must be MIN,MAX such as 1,{}, with MAX from 1 to {}, not \"{}\"",
                    processor_count(), most_slots, arguments.autoscale));
    return {};
  }
  if (arguments.slots.empty()) return {worker_count(config), worker_count(config)};
  const auto slots = whole_number<std::uint32_t>(arguments.slots);
  if (slots && *slots > 0 && *slots <= most_slots) return {*slots, *slots};
  problems.push_back(fmt::format("--slots: must be a whole number from 1 to {}, not \"{}\"",
                                 most_slots, arguments.slots));
  return {};
}

WorkerChildCommand make_child(const Arguments& arguments, Config config, Lines& problems) {
  return {.config = std::move(config),
          .join = read_join(arguments, problems),
          .name = arguments.node_name,
          .parent = arguments.parent,
          .node = arguments.node,
          .queues = read_queues(arguments.queues, problems),
          .data_port = whole_number<std::uint16_t>(arguments.data_port)};
}

}  // namespace

Command make_worker(const Arguments& arguments, Config config, Lines& problems) {
  if (arguments.parent != 0) return make_child(arguments, std::move(config), problems);
  check_name(arguments.node_name, problems);
  const auto slots = read_slots(arguments, config, problems);
  return WorkerCommand{.config = std::move(config),
                       .join = read_join(arguments, problems),
                       .name = arguments.node_name,
                       .slots = slots,
                       .queues = read_queues(arguments.queues, problems)};
}

IngestCommand make_ingest(const Arguments& arguments, Config config, Lines& problems) {
  check_name(arguments.node_name, problems);
  return {.config = std::move(config),
          .join = read_join(arguments, problems),
          .name = arguments.node_name};
}

}  // namespace darkroom::nodes
