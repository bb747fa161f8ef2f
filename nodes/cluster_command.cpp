#include "nodes/cluster_command.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "jobs/timestamp.hpp"
#include "nodes/control_client.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/text_table.hpp"

namespace darkroom::nodes {
namespace {

using Align = TextTable::Align;
using Json = rapidjson::Value;

int fail(std::ostream& err, const ControlFailure& failure) {
  err << "darkroom: " << printable(failure.message) << '\n';
  return failure.kind == ControlFailureKind::no_service ? 2 : 1;
}

// What the service says; members that are not there are 0, empty and false.

const Json* find(const Json& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(name);
  return member == object.MemberEnd() ? nullptr : &member->value;
}

std::uint64_t number(const Json& object, const char* name) {
  const auto* value = find(object, name);
  return value != nullptr && value->IsUint64() ? value->GetUint64() : 0;
}

std::string text(const Json& value) {
  return value.IsString() ? printable(value.GetString()) : std::string{};
}

std::string text(const Json& object, const char* name) {
  const auto* value = find(object, name);
  return value == nullptr ? std::string{} : text(*value);
}

bool flag(const Json& object, const char* name) {
  const auto* value = find(object, name);
  return value != nullptr && value->IsBool() && value->GetBool();
}

template <class Visit>
void for_each(const Json& object, const char* name, const Visit& visit) {
  const auto* list = find(object, name);
  if (list == nullptr || !list->IsArray()) return;
  for (const Json& item : list->GetArray())
    visit(item);
}

/// "4s", "3m07s", "2h05m", "12d03h".
std::string in_words(std::uint64_t milliseconds) {
  const std::uint64_t seconds = milliseconds / 1'000;
  constexpr std::uint64_t minute = 60;
  constexpr std::uint64_t hour = 60 * minute;
  constexpr std::uint64_t day = 24 * hour;
  if (seconds < minute) return fmt::format("{}s", seconds);
  if (seconds < hour) return fmt::format("{}m{:02}s", seconds / minute, seconds % minute);
  if (seconds < day) return fmt::format("{}h{:02}m", seconds / hour, seconds % hour / minute);
  return fmt::format("{}d{:02}h", seconds / day, seconds % day / hour);
}

/// How long ago that was; "-" for none.
std::string age_of(const std::string& time) {
  const auto moment = jobs::parse_rfc3339(time);
  if (!moment) return "-";
  const auto age = std::max(jobs::system_now() - *moment, std::chrono::milliseconds{0});
  return in_words(static_cast<std::uint64_t>(age.count()));
}

std::string in_digits(std::uint64_t value) {
  return fmt::format("{}", value);
}

void print_queues(const Json& answer, std::ostream& out) {
  TextTable table({{"NAME"},
                   {"WEIGHT", Align::right},
                   {"STATE"},
                   {"WAITING", Align::right},
                   {"TO FETCH", Align::right},
                   {"LATER", Align::right},
                   {"OLDEST", Align::right},
                   {"RUNNING", Align::right},
                   {"WORKERS", Align::right},
                   {"SLOTS", Align::right},
                   {"FETCHERS", Align::right},
                   {"WANTED", Align::right}});
  for_each(answer, "queues", [&](const Json& queue) {
    table.add({text(queue, "name"), in_digits(number(queue, "weight")),
               flag(queue, "paused") ? "paused" : "open", in_digits(number(queue, "ready")),
               in_digits(number(queue, "to_fetch")), in_digits(number(queue, "later")),
               age_of(text(queue, "oldest_ready_at")), in_digits(number(queue, "processing")),
               in_digits(number(queue, "workers")), in_digits(number(queue, "slots")),
               in_digits(number(queue, "fetchers")), in_digits(number(queue, "wanted_slots"))});
  });
  out << table.text();
}

std::string queues_of(const Json& worker) {
  std::string names;
  for_each(worker, "queues",
           [&](const Json& queue) { names += (names.empty() ? "" : ",") + text(queue); });
  return names.empty() ? "all" : names;
}

void print_workers(const Json& answer, std::ostream& out) {
  TextTable table({{"NAME"},
                   {"NODE"},
                   {"STATE"},
                   {"SLOTS", Align::right},
                   {"BUSY", Align::right},
                   {"QUEUES"},
                   {"VERSION"},
                   {"JOINED"},
                   {"HEARD", Align::right}});
  for_each(answer, "workers", [&](const Json& worker) {
    const std::string version = text(worker, "version");
    table.add({text(worker, "name"), text(worker, "node"), text(worker, "state"),
               in_digits(number(worker, "slots")), in_digits(number(worker, "busy")),
               queues_of(worker), version.empty() ? "-" : version, text(worker, "joined_at"),
               in_words(number(worker, "silent_ms"))});
  });
  out << table.text();
  for_each(answer, "workers", [&](const Json& worker) {
    const std::string ailment = text(worker, "ailment");
    if (!ailment.empty()) out << text(worker, "name") << " is ailing: " << ailment << '\n';
  });
  std::string drained;
  for_each(answer, "drained",
           [&](const Json& item) { drained += (drained.empty() ? "" : ", ") + text(item); });
  if (!drained.empty()) out << "drained: " << drained << '\n';
}

void print_drained(const Json& answer, const std::string& name, bool drained, std::ostream& out) {
  bool any = false;
  for_each(answer, "workers", [&](const Json& worker) {
    any = true;
    const std::uint64_t busy = number(worker, "busy");
    out << fmt::format("{} {}{}\n", text(worker, "name"),
                       drained ? "gets no more jobs" : "gets jobs again",
                       drained ? fmt::format(", {} running", busy) : std::string{});
  });
  if (!any) out << fmt::format("{} is drained no more; it is not here now\n", printable(name));
}

/// Asks for `target`, and prints the answer as it came or by `print`.
template <class Print>
int ask(const Config& config, const std::string& target, bool is_post, bool json, std::ostream& out,
        std::ostream& err, const Print& print) {
  const ControlClient service{config.storage_path};
  const auto answer = is_post ? service.post(target) : service.get(target);
  if (!answer) return fail(err, answer.error());
  if (json) {
    out << *answer;
    return 0;
  }
  rapidjson::Document document;
  document.Parse(answer->data(), answer->size());
  if (document.HasParseError()) {
    err << "darkroom: the service's answer cannot be read\n";
    return 1;
  }
  print(document);
  return 0;
}

}  // namespace

int run_queues(const QueuesCommand& command, std::ostream& out, std::ostream& err) {
  if (command.action == ClusterAction::list) {
    return ask(command.config, "/control/queues", false, command.json, out, err,
               [&](const Json& answer) { print_queues(answer, out); });
  }
  const bool pause = command.action == ClusterAction::stop;
  const std::string target = fmt::format("/control/queues/{}?name={}", pause ? "pause" : "resume",
                                         query_value(command.name));
  return ask(command.config, target, true, command.json, out, err, [&](const Json& answer) {
    out << fmt::format("queue {} is {}\n", text(answer, "name"),
                       pause ? "paused: what runs goes on, and nothing more is begun" : "open");
  });
}

int run_workers(const WorkersCommand& command, std::ostream& out, std::ostream& err) {
  if (command.action == ClusterAction::list) {
    return ask(command.config, "/control/workers", false, command.json, out, err,
               [&](const Json& answer) { print_workers(answer, out); });
  }
  const bool drain = command.action == ClusterAction::stop;
  const std::string target = fmt::format("/control/workers/{}?name={}", drain ? "drain" : "resume",
                                         query_value(command.name));
  return ask(command.config, target, true, command.json, out, err,
             [&](const Json& answer) { print_drained(answer, command.name, drain, out); });
}

}  // namespace darkroom::nodes
