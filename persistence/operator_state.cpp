#include "persistence/operator_state.hpp"

#include <utility>

#include <rapidjson/document.h>

#include "json/json_writer.hpp"
#include "persistence/text_schema.hpp"

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
  if (auto checked = check_text_schema(text, operator_state_schema); !checked) {
    return tl::unexpected{std::move(checked.error())};
  }
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (!read_names(json, "paused_queues", state.paused_queues) ||
      !read_names(json, "drained", state.drained)) {
    return tl::unexpected{std::string{"its lists of names are damaged"}};
  }
  return state;
}

}  // namespace darkroom::persistence
