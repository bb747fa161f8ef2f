#include "persistence/operator_state.hpp"

#include <rapidjson/document.h>

#include "json/json_writer.hpp"

namespace darkroom::persistence {
namespace {

constexpr int operator_state_schema = 1;

using Names = std::set<std::string, std::less<>>;

void write_names(json::JsonWriter& out, std::string_view member, const Names& names) {
  out.list(member, names, [&](const std::string& name) { out.member("name", name); });
}

bool read_names(const rapidjson::Value& state, const char* member, Names& names) {
  const auto list = state.FindMember(member);
  if (list == state.MemberEnd() || !list->value.IsArray()) return false;
  for (const auto& item : list->value.GetArray()) {
    if (!item.IsObject()) return false;
    const auto name = item.FindMember("name");
    if (name == item.MemberEnd() || !name->value.IsString()) return false;
    names.emplace(name->value.GetString(), name->value.GetStringLength());
  }
  return true;
}

}  // namespace

std::string encode_operator_state(const OperatorState& state) {
  json::JsonWriter out;
  out.member("schema", operator_state_schema);
  write_names(out, "paused_queues", state.paused_queues);
  write_names(out, "drained", state.drained);
  return out.finish();
}

tl::expected<OperatorState, std::string> decode_operator_state(std::string_view text) {
  OperatorState state;
  if (text.empty()) return state;
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (json.HasParseError() || !json.IsObject()) return tl::unexpected{std::string{"not JSON"}};
  const auto schema = json.FindMember("schema");
  if (schema == json.MemberEnd() || !schema->value.IsInt() || schema->value.GetInt() < 1) {
    return tl::unexpected{std::string{"its schema is missing"}};
  }
  if (schema->value.GetInt() > operator_state_schema) {
    return tl::unexpected{"it has schema " + std::to_string(schema->value.GetInt()) +
                          ", and this version of Darkroom reads up to schema " +
                          std::to_string(operator_state_schema) +
                          "; start the version that wrote it or a newer one"};
  }
  if (!read_names(json, "paused_queues", state.paused_queues) ||
      !read_names(json, "drained", state.drained)) {
    return tl::unexpected{std::string{"its lists of names are damaged"}};
  }
  return state;
}

}  // namespace darkroom::persistence
