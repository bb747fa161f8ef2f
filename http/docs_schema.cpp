#include "http/docs_schema.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "http/html_text.hpp"

namespace darkroom::http {
namespace {

using rapidjson::Value;

constexpr unsigned indent = 2;

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::string joined(const std::string& list, std::string_view item, std::string_view between) {
  return list.empty() ? std::string{item} : fmt::format("{}{}{}", list, between, item);
}

std::string html_of_choices(const Value& schemas, std::string_view between) {
  std::string html;
  for (const auto& schema : schemas.GetArray())
    html = joined(html, html_of_type(schema), between);
  return html;
}

std::string html_of_values(const Value& values) {
  std::string html;
  for (const auto& value : values.GetArray()) {
    html = joined(html,
                  value.IsString() ? fmt::format("<code>{}</code>", html_escaped(text_of(value)))
                                   : html_of_json(value),
                  ", ");
  }
  return html;
}

/// One type of the keyword `type`, of which there may be several.
std::string html_of_one_type(const Value& schema, std::string_view type) {
  if (type == "array" && schema.HasMember("items"))
    return fmt::format("list of {}", html_of_type(schema["items"]));
  if (type == "string" && schema.HasMember("format"))
    return fmt::format("string, {}", html_escaped(text_member(schema, "format")));
  return html_escaped(type);
}

std::string html_of_bounds(const Value& schema) {
  std::string html;
  const auto add = [&](const char* name, std::string_view words) {
    if (schema.HasMember(name))
      html = joined(html, fmt::format("{} {}", words, schema[name].GetInt64()), ", ");
  };
  // That there are no negative ones of what is counted goes without saying.
  if (schema.HasMember("maximum")) add("minimum", "from");
  add("maximum", "to");
  add("maxLength", "at most so long:");
  if (schema.HasMember("default"))
    html = joined(html, fmt::format("default {}", html_of_json(schema["default"])), ", ");
  return html;
}

}  // namespace

std::string_view text_member(const Value& object, const char* name) {
  const auto member = object.FindMember(name);
  return member != object.MemberEnd() && member->value.IsString() ? text_of(member->value)
                                                                  : std::string_view{};
}

const Value& resolved(const Value& document, const Value& object) {
  std::string_view path = text_member(object, "$ref");
  const Value* place = path.empty() ? &object : &document;
  while (!path.empty()) {
    path.remove_prefix(std::min(path.find('/'), path.size() - 1) + 1);
    const std::string step{path.substr(0, path.find('/'))};
    place = &(*place)[step.c_str()];
    path.remove_prefix(step.size());
  }
  return *place;
}

std::string html_of_type(const Value& schema) {
  if (const auto reference = text_member(schema, "$ref"); !reference.empty()) {
    const auto name = html_escaped(reference.substr(reference.rfind('/') + 1));
    return fmt::format("<a href=\"#schema-{0}\">{0}</a>", name);
  }
  if (schema.HasMember("anyOf")) return html_of_choices(schema["anyOf"], " or ");
  if (schema.HasMember("allOf")) return html_of_type(schema["allOf"][0]);
  if (schema.HasMember("enum")) return html_of_values(schema["enum"]);
  std::string html;
  if (schema.HasMember("type") && schema["type"].IsArray()) {
    for (const auto& type : schema["type"].GetArray())
      html = joined(html, html_of_one_type(schema, text_of(type)), " or ");
  } else {
    html = html_of_one_type(schema, text_member(schema, "type"));
  }
  const auto bounds = html_of_bounds(schema);
  return bounds.empty() ? html : joined(html, bounds, ", ");
}

std::string html_of_members(const Value& schema) {
  if (!schema.HasMember("properties")) return {};
  std::string html = "<dl>";
  for (const auto& member : schema["properties"].GetObject()) {
    const bool required =
        schema.HasMember("required") &&
        std::ranges::any_of(schema["required"].GetArray(),
                            [&](const Value& name) { return name == member.name; });
    html += fmt::format("<dt><code>{}</code> <span class=\"type\">{}{}</span></dt><dd>{}",
                        html_escaped(text_of(member.name)), html_of_type(member.value),
                        required ? "" : "; may be missing",
                        html_of_prose(text_member(member.value, "description")));
    html += html_of_members(member.value) + "</dd>";
  }
  return html + "</dl>";
}

std::string html_of_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer{buffer};
  writer.SetIndent(' ', indent);
  value.Accept(writer);
  return html_escaped({buffer.GetString(), buffer.GetSize()});
}

}  // namespace darkroom::http
