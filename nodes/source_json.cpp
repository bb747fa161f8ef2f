#include "nodes/source_json.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "nodes/nearest_name.hpp"
#include "nodes/printable_text.hpp"

namespace darkroom::nodes {
namespace {

constexpr const char* source_member = "source_url";

/// Of lists and objects in each other: far more than any parameter has. The library writes by
/// recursion.
constexpr std::size_t max_depth = 32;

/// What is longer need not be repeated to whoever sent it.
constexpr std::size_t max_name_bytes = 40;

constexpr std::string_view expected_form =
    "The body must be a JSON object such as {\"source_url\":\"https://example.org/photo.jpg\"}";

tl::unexpected<std::string> refused(std::string text) {
  return tl::unexpected{std::move(text)};
}

std::string_view text_of(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

bool is_too_deep(std::string_view json) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      if (++depth > max_depth) return true;
    } else if (!in_text && (c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

/// What a member must be; all others are texts.
struct Form {
  std::string_view name;
  bool (*fits)(const rapidjson::Value&);
  std::string_view in_words;
};
constexpr Form forms[] = {
    {"renditions", [](const rapidjson::Value& value) { return value.IsArray(); }, "an array"},
    {"metadata", [](const rapidjson::Value& value) { return value.IsObject(); }, "an object"},
    {"reuse", [](const rapidjson::Value& value) { return value.IsBool(); }, "true or false"},
    {"expires_in",
     [](const rapidjson::Value& value) { return value.IsString() || value.IsUint64(); },
     "a text or a whole number"},
};

std::string_view kind_of(const rapidjson::Value& value) {
  if (value.IsString()) return "a text";
  if (value.IsNumber()) return "a number";
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return value.IsArray() ? "an array" : "an object";
}

/// Empty where it is as it must be.
std::string misfit(std::string_view name, const rapidjson::Value& value) {
  if (value.IsNull()) return fmt::format("The member '{}' is null; leave it out instead.", name);
  const auto* const form = std::ranges::find(forms, name, &Form::name);
  const bool is_text = form == std::end(forms);
  if (is_text ? value.IsString() : form->fits(value)) return {};
  return fmt::format("The member '{}' must be {}, not {}.", name,
                     is_text ? "a text" : form->in_words, kind_of(value));
}

std::string as_parameter(const rapidjson::Value& value) {
  if (value.IsString()) return std::string{text_of(value)};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string unknown_member(std::string_view name, std::span<const std::string> parameters) {
  const auto shown = printable(std::string{name.substr(0, max_name_bytes)});
  std::vector<std::string> names{parameters.begin(), parameters.end()};
  names.emplace_back(source_member);
  const auto nearest = nearest_name(name, names);
  return nearest ? fmt::format("There is no member '{}'; did you mean '{}'?", shown, *nearest)
                 : fmt::format("There is no member '{}'.", shown);
}

}  // namespace

tl::expected<http::SourceRequest, std::string> read_source_request(
    std::string_view json, std::span<const std::string> parameters) {
  if (is_too_deep(json)) return refused(fmt::format("{}; this one is too deep.", expected_form));
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag>(
      json.data(), json.size());
  if (document.HasParseError()) {
    return refused(fmt::format("{}: {} (at byte {}).", expected_form,
                               rapidjson::GetParseError_En(document.GetParseError()),
                               document.GetErrorOffset()));
  }
  if (!document.IsObject()) return refused(fmt::format("{}.", expected_form));
  http::SourceRequest request;
  std::set<std::string_view> seen;
  for (const auto& member : document.GetObject()) {
    const auto name = text_of(member.name);
    const bool is_source = name == source_member;
    if (!is_source && std::ranges::find(parameters, name) == parameters.end()) {
      return refused(unknown_member(name, parameters));
    }
    if (!seen.insert(name).second) {
      return refused(fmt::format("The member '{}' is given twice; send one.", name));
    }
    if (auto wrong = misfit(name, member.value); !wrong.empty()) return refused(std::move(wrong));
    if (is_source) {
      request.url = text_of(member.value);
    } else {
      request.parameters.emplace_back(name, as_parameter(member.value));
    }
  }
  if (!seen.contains(source_member)) {
    return refused(
        fmt::format("The member '{}' is missing; it says where the picture is.", source_member));
  }
  return request;
}

}  // namespace darkroom::nodes
