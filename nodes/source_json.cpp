#include "nodes/source_json.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
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
    if (member.value.IsNull()) {
      return refused(fmt::format("The member '{}' is null; leave it out instead.", name));
    }
    if (is_source && !member.value.IsString()) {
      return refused(fmt::format("The member '{}' must be a text.", name));
    }
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
