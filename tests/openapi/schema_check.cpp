#include "tests/openapi/schema_check.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace darkroom::openapi {
namespace {

using rapidjson::Value;

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::string json_of(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  value.Accept(writer);
  constexpr std::size_t enough = 200;
  return std::string{buffer.GetString(), buffer.GetSize()}.substr(0, enough);
}

bool has_type(const Value& value, std::string_view type) {
  if (type == "object") return value.IsObject();
  if (type == "array") return value.IsArray();
  if (type == "string") return value.IsString();
  if (type == "integer") return value.IsInt64() || value.IsUint64();
  if (type == "number") return value.IsNumber();
  if (type == "boolean") return value.IsBool();
  if (type == "null") return value.IsNull();
  throw std::runtime_error{"there is no type " + std::string{type}};
}

bool has_format(std::string_view text, std::string_view format) {
  static const std::map<std::string_view, std::regex> formats{
      {"uuid", std::regex{"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"}},
      {"date-time", std::regex{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)"}},
      // RFC 3986: its characters, and those of %XX.
      {"uri-reference", std::regex{R"(([-A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)"}}};
  const auto found = formats.find(format);
  if (found == formats.end()) throw std::runtime_error{"no format " + std::string{format}};
  return std::regex_match(text.begin(), text.end(), found->second);
}

/// One look at a value; the functions are called for the keywords of the schema.
class Look {
 public:
  Look(const Value& value, const Value& schema, const Value& document, std::string place)
      : value_(value), schema_(schema), document_(document), place_(std::move(place)) {}

  [[nodiscard]] std::string complaint() const {
    using Check = std::string (Look::*)(const Value&) const;
    static const std::map<std::string_view, Check> checks{{"$ref", &Look::reference},
                                                          {"type", &Look::type},
                                                          {"format", &Look::format},
                                                          {"enum", &Look::one_of_values},
                                                          {"pattern", &Look::pattern},
                                                          {"minimum", &Look::minimum},
                                                          {"maximum", &Look::maximum},
                                                          {"maxLength", &Look::max_length},
                                                          {"properties", &Look::properties},
                                                          {"required", &Look::required},
                                                          {"additionalProperties", &Look::further},
                                                          {"minProperties", &Look::min_members},
                                                          {"maxProperties", &Look::max_members},
                                                          {"items", &Look::items},
                                                          {"minItems", &Look::min_items},
                                                          {"maxItems", &Look::max_items},
                                                          {"allOf", &Look::all_of},
                                                          {"anyOf", &Look::any_of},
                                                          {"description", nullptr},
                                                          {"examples", nullptr},
                                                          {"default", nullptr},
                                                          {"contentMediaType", nullptr}};
    for (const auto& keyword : schema_.GetObject()) {
      const auto check = checks.find(text_of(keyword.name));
      if (check == checks.end()) return wrong("has an unknown keyword in its schema", keyword.name);
      if (check->second == nullptr) continue;
      if (auto complaint = (this->*check->second)(keyword.value); !complaint.empty())
        return complaint;
    }
    return {};
  }

 private:
  [[nodiscard]] std::string wrong(const std::string& what, const Value& wanted) const {
    return (place_.empty() ? "it" : place_) + " " + what + " " + json_of(wanted) + ", being " +
           json_of(value_);
  }
  [[nodiscard]] std::string unless(bool good, const char* what, const Value& wanted) const {
    return good ? std::string{} : wrong(what, wanted);
  }
  [[nodiscard]] std::string below(const Value& value, const Value& schema,
                                  const std::string& step) const {
    return Look{value, schema, document_, place_ + "/" + step}.complaint();
  }
  [[nodiscard]] std::string same(const Value& schema) const {
    return Look{value_, schema, document_, place_}.complaint();
  }

  [[nodiscard]] std::string reference(const Value& /*address*/) const {
    return same(followed(schema_, document_));
  }
  [[nodiscard]] std::string type(const Value& types) const {
    const bool good = types.IsString()
                          ? has_type(value_, text_of(types))
                          : std::ranges::any_of(types.GetArray(), [&](const Value& one) {
                              return has_type(value_, text_of(one));
                            });
    return unless(good, "is not of the type", types);
  }
  [[nodiscard]] std::string format(const Value& name) const {
    return unless(!value_.IsString() || has_format(text_of(value_), text_of(name)),
                  "has not the form", name);
  }
  [[nodiscard]] std::string one_of_values(const Value& values) const {
    return unless(
        std::ranges::any_of(values.GetArray(), [&](const Value& one) { return one == value_; }),
        "is none of", values);
  }
  [[nodiscard]] std::string pattern(const Value& expression) const {
    const std::regex regex{expression.GetString()};
    return unless(!value_.IsString() || std::regex_search(value_.GetString(), regex),
                  "does not match", expression);
  }
  [[nodiscard]] std::string minimum(const Value& bound) const {
    return unless(!value_.IsNumber() || value_.GetDouble() >= bound.GetDouble(), "is less than",
                  bound);
  }
  [[nodiscard]] std::string maximum(const Value& bound) const {
    return unless(!value_.IsNumber() || value_.GetDouble() <= bound.GetDouble(), "is more than",
                  bound);
  }
  [[nodiscard]] std::string max_length(const Value& bound) const {
    return unless(!value_.IsString() || value_.GetStringLength() <= bound.GetUint(),
                  "is longer than", bound);
  }
  [[nodiscard]] std::string properties(const Value& members) const {
    if (!value_.IsObject()) return {};
    for (const auto& member : value_.GetObject()) {
      const auto described = members.FindMember(member.name);
      if (described == members.MemberEnd()) continue;
      auto complaint = below(member.value, described->value, member.name.GetString());
      if (!complaint.empty()) return complaint;
    }
    return {};
  }
  [[nodiscard]] std::string required(const Value& names) const {
    if (!value_.IsObject()) return {};
    for (const auto& name : names.GetArray()) {
      if (!value_.HasMember(name)) return wrong("lacks the member", name);
    }
    return {};
  }
  [[nodiscard]] std::string further(const Value& schema) const {
    if (!value_.IsObject() || (schema.IsBool() && schema.GetBool())) return {};
    for (const auto& member : value_.GetObject()) {
      const bool described =
          schema_.HasMember("properties") && schema_["properties"].HasMember(member.name);
      if (described) continue;
      if (schema.IsBool()) return wrong("has a member that is not described,", member.name);
      auto complaint = below(member.value, schema, member.name.GetString());
      if (!complaint.empty()) return complaint;
    }
    return {};
  }
  [[nodiscard]] std::string min_members(const Value& bound) const {
    return unless(!value_.IsObject() || value_.MemberCount() >= bound.GetUint(),
                  "has fewer members than", bound);
  }
  [[nodiscard]] std::string max_members(const Value& bound) const {
    return unless(!value_.IsObject() || value_.MemberCount() <= bound.GetUint(),
                  "has more members than", bound);
  }
  [[nodiscard]] std::string items(const Value& schema) const {
    if (!value_.IsArray()) return {};
    for (rapidjson::SizeType i = 0; i < value_.Size(); ++i) {
      auto complaint = below(value_[i], schema, std::to_string(i));
      if (!complaint.empty()) return complaint;
    }
    return {};
  }
  [[nodiscard]] std::string min_items(const Value& bound) const {
    return unless(!value_.IsArray() || value_.Size() >= bound.GetUint(), "has fewer items than",
                  bound);
  }
  [[nodiscard]] std::string max_items(const Value& bound) const {
    return unless(!value_.IsArray() || value_.Size() <= bound.GetUint(), "has more items than",
                  bound);
  }
  [[nodiscard]] std::string all_of(const Value& schemas) const {
    for (const auto& schema : schemas.GetArray()) {
      if (auto complaint = same(schema); !complaint.empty()) return complaint;
    }
    return {};
  }
  [[nodiscard]] std::string any_of(const Value& schemas) const {
    std::string complaints;
    for (const auto& schema : schemas.GetArray()) {
      const auto complaint = same(schema);
      if (complaint.empty()) return {};
      complaints += (complaints.empty() ? "" : "; and ") + complaint;
    }
    return complaints;
  }

  const Value& value_;
  const Value& schema_;
  const Value& document_;
  std::string place_;
};

}  // namespace

std::string complaint_about(const Value& value, const Value& schema, const Value& document) {
  return Look{value, schema, document, {}}.complaint();
}

const Value& followed(const Value& object, const Value& document) {
  const auto reference = object.FindMember("$ref");
  if (reference == object.MemberEnd()) return object;
  const Value* found = rapidjson::Pointer{reference->value.GetString()}.Get(document);
  if (found != nullptr) return *found;
  throw std::runtime_error{"nothing is at " + std::string{text_of(reference->value)}};
}

}  // namespace darkroom::openapi
