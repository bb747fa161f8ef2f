#include "nodes/keys_command.hpp"

#include <ostream>
#include <string>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "nodes/control_client.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/text_table.hpp"

namespace darkroom::nodes {
namespace {

using Json = rapidjson::Value;

/// Empty where it is not there, or null.
std::string text(const Json& object, const char* name) {
  if (!object.IsObject()) return {};
  const auto member = object.FindMember(name);
  const bool there = member != object.MemberEnd() && member->value.IsString();
  return there ? printable(member->value.GetString()) : std::string{};
}

bool is_first(const Json& answer) {
  const auto member = answer.FindMember("first");
  return member != answer.MemberEnd() && member->value.IsBool() && member->value.GetBool();
}

void print_made(const Json& answer, std::ostream& out, std::ostream& err) {
  out << text(answer, "key") << '\n';
  err << fmt::format(
      "This key is shown this once; the service keeps only its hash. id {}, name {}, scope {}, "
      "tenant {}\n",
      text(answer, "id"), text(answer, "name"), text(answer, "scope"), text(answer, "tenant"));
  if (!is_first(answer)) return;
  err << "It is the first one: from now on the service refuses requests without a key (401), and "
         "the jobs that\nthere are already are seen by admin keys alone.\n";
}

void print_keys(const Json& answer, std::ostream& out) {
  TextTable table({{"ID"}, {"NAME"}, {"SCOPE"}, {"TENANT"}, {"CREATED"}, {"REVOKED"}});
  const auto keys = answer.FindMember("keys");
  if (keys == answer.MemberEnd() || !keys->value.IsArray() || keys->value.Empty()) {
    out << "there are no keys, and requests need none\n";
    return;
  }
  for (const Json& key : keys->value.GetArray()) {
    const std::string revoked = text(key, "revoked_at");
    table.add({text(key, "id"), text(key, "name"), text(key, "scope"), text(key, "tenant"),
               text(key, "created_at"), revoked.empty() ? "-" : revoked});
  }
  out << table.text();
}

std::string target_of(const KeysCommand& command) {
  switch (command.action) {
    case KeysAction::create:
      return fmt::format("/control/keys?name={}&scope={}&tenant={}", query_value(command.name),
                         to_string(command.scope), query_value(command.tenant));
    case KeysAction::revoke:
      return "/control/keys/revoke?id=" + query_value(command.id);
    case KeysAction::list:
      break;
  }
  return "/control/keys";
}

}  // namespace

int run_keys(const KeysCommand& command, std::ostream& out, std::ostream& err) {
  const ControlClient service{command.config.storage_path};
  const std::string target = target_of(command);
  const auto answer =
      command.action == KeysAction::list ? service.get(target) : service.post(target);
  if (!answer) {
    err << "darkroom: " << printable(answer.error().message) << '\n';
    return answer.error().kind == ControlFailureKind::no_service ? 2 : 1;
  }
  if (command.json) {
    out << *answer;
    return 0;
  }
  rapidjson::Document json;
  json.Parse(answer->data(), answer->size());
  if (json.HasParseError() || !json.IsObject()) {
    err << "darkroom: the service's answer cannot be read\n";
    return 1;
  }
  switch (command.action) {
    case KeysAction::create:
      print_made(json, out, err);
      break;
    case KeysAction::list:
      print_keys(json, out);
      break;
    case KeysAction::revoke:
      out << fmt::format("key {} ({}) is revoked since {}\n", text(json, "id"), text(json, "name"),
                         text(json, "revoked_at"));
      break;
  }
  return 0;
}

}  // namespace darkroom::nodes
