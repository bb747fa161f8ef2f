#include "tests/openapi/documented_api.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include <rapidjson/document.h>

#include "tests/openapi/path_template.hpp"
#include "tests/openapi/schema_check.hpp"

namespace darkroom::openapi {
namespace {

using rapidjson::Value;

// What any answer may have: told once, in the text of the description.
constexpr auto general_fields = std::to_array<std::string_view>(
    {"date", "content-length", "content-type", "connection", "cache-control", "x-request-id",
     "traceparent", "vary", "access-control-allow-origin", "access-control-expose-headers"});

constexpr std::string_view problem_type = "application/problem+json";

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::string in_case(std::string_view text, int (*change)(int)) {
  std::string result;
  for (const char c : text)
    result += static_cast<char>(change(static_cast<unsigned char>(c)));
  return result;
}

std::string field_of(const Talk& talk, const std::string& name) {
  const auto found = talk.fields.find(name);
  return found == talk.fields.end() ? std::string{} : found->second;
}

std::string media_type_of(const Talk& talk) {
  const std::string type = field_of(talk, "content-type");
  return type.substr(0, type.find(';'));
}

bool fits(std::string_view range, std::string_view type) {
  if (range.ends_with("/*")) return type.starts_with(range.substr(0, range.size() - 1));
  return range == type;
}

bool is_json(std::string_view type) {
  return type == "application/json" || type == problem_type;
}

/// "read" of [{"bearer":["read"]},{"apiKey":["read"]}].
std::string security_of(const Value& operation) {
  const auto& ways = operation["security"];
  if (ways.Empty()) return "open";
  const auto role = [&](rapidjson::SizeType way, const char* scheme) {
    return ways.Size() > way && ways[way].HasMember(scheme) ? text_of(ways[way][scheme][0])
                                                            : std::string_view{};
  };
  if (role(0, "bearer") != role(1, "apiKey")) return "two keys of different scopes";
  return std::string{role(0, "bearer")};
}

}  // namespace

class DocumentedApi::Judge {
 public:
  explicit Judge(std::string_view openapi) {
    document_.Parse(openapi.data(), openapi.size());
    if (document_.HasParseError() || !document_.IsObject() || !document_.HasMember("paths"))
      throw std::runtime_error{"this is no description of an API"};
    for (const auto& path : document_["paths"].GetObject())
      paths_.push_back({PathTemplate{text_of(path.name), takes_rest(path.value)}, &path.value});
  }

  [[nodiscard]] std::string complaint(const Talk& talk) const {
    const std::string path = path_of(talk.target);
    if (talk.method == "OPTIONS" && talk.status == 204) {
      return field_of(talk, "allow").empty() ? "OPTIONS is answered without Allow" : "";
    }
    const auto* operation = find(talk.method == "HEAD" ? "GET" : talk.method, path);
    return operation == nullptr ? complaint_without_route(talk, path)
                                : complaint_of(*operation, talk);
  }

  [[nodiscard]] const rapidjson::Document& document() const { return document_; }

 private:
  struct Path {
    PathTemplate pattern;
    const Value* item;
  };

  [[nodiscard]] static bool takes_rest(const Value& item) {
    const auto get = item.FindMember("get");
    if (get == item.MemberEnd() || !get->value.HasMember("parameters")) return false;
    return std::ranges::any_of(get->value["parameters"].GetArray(), [](const Value& parameter) {
      return parameter.HasMember("x-rest-of-path");
    });
  }

  [[nodiscard]] const Value* find(std::string_view method, const std::string& path) const {
    const std::string member = in_case(method, std::tolower);
    const Path* best = nullptr;
    for (const Path& candidate : paths_) {
      if (!candidate.item->HasMember(member.c_str()) || !candidate.pattern.fits(path)) continue;
      if (best == nullptr || candidate.pattern.literal_bytes() > best->pattern.literal_bytes())
        best = &candidate;
    }
    return best == nullptr ? nullptr : &(*best->item)[member.c_str()];
  }

  [[nodiscard]] std::string complaint_without_route(const Talk& talk,
                                                    const std::string& path) const {
    const bool other_method = std::ranges::any_of(
        paths_, [&](const Path& candidate) { return candidate.pattern.fits(path); });
    if (other_method && talk.status == 405) {
      if (field_of(talk, "allow").empty()) return "405 without Allow";
      // Dialects say so in their own form.
      if (media_type_of(talk) != problem_type) return {};
    }
    if (media_type_of(talk) != problem_type) {
      return "the route is not described, and the answer no problem";
    }
    if (talk.method == "HEAD") return {};
    return complaint_about(talk.body, document_["components"]["schemas"]["Problem"]);
  }

  [[nodiscard]] std::string complaint_of(const Value& operation, const Talk& talk) const {
    const auto& responses = operation["responses"];
    const std::string status = std::to_string(talk.status);
    const bool listed = responses.HasMember(status.c_str());
    if (!listed && !responses.HasMember("default")) return "the status is not described";
    const auto& response = followed(responses[listed ? status.c_str() : "default"], document_);
    if (auto complaint = complaint_of_fields(response, talk); !complaint.empty()) return complaint;
    return complaint_of_content(response, talk);
  }

  [[nodiscard]] std::string complaint_of_fields(const Value& response, const Talk& talk) const {
    std::vector<std::string> described;
    const auto headers = response.FindMember("headers");
    if (headers != response.MemberEnd()) {
      for (const auto& header : headers->value.GetObject()) {
        described.push_back(in_case(text_of(header.name), std::tolower));
        if (auto complaint =
                complaint_of_field(followed(header.value, document_), described.back(), talk);
            !complaint.empty())
          return complaint;
      }
    }
    for (const auto& [name, value] : talk.fields) {
      const bool known = std::ranges::find(general_fields, name) != general_fields.end() ||
                         std::ranges::find(described, name) != described.end() ||
                         name.starts_with("ratelimit");
      if (!known) return "the header " + name + " is not described";
    }
    return {};
  }

  [[nodiscard]] std::string complaint_of_field(const Value& header, const std::string& name,
                                               const Talk& talk) const {
    const auto found = talk.fields.find(name);
    if (found == talk.fields.end()) {
      const bool required = header.HasMember("required") && header["required"].GetBool();
      return required ? "the header " + name + " is missing" : "";
    }
    const auto& schema = header["schema"];
    rapidjson::Document value;
    if (schema["type"] == "integer") value.Parse(found->second.c_str());
    if (!value.IsInt()) value.SetString(found->second.c_str(), value.GetAllocator());
    const auto complaint = openapi::complaint_about(value, schema, document_);
    return complaint.empty() ? "" : "the header " + name + ": " + complaint;
  }

  [[nodiscard]] std::string complaint_of_content(const Value& response, const Talk& talk) const {
    if (talk.status == 304) return {};
    const std::string type = media_type_of(talk);
    if (!response.HasMember("content"))
      return talk.body.empty() && type.empty() ? "" : "no content is described";
    const Value* schema = nullptr;
    for (const auto& described : response["content"].GetObject()) {
      if (fits(text_of(described.name), type)) schema = &described.value["schema"];
    }
    if (schema == nullptr) return "the content type " + type + " is not described";
    if (!is_json(type) || talk.method == "HEAD") return {};
    return complaint_about(talk.body, *schema);
  }

  [[nodiscard]] std::string complaint_about(std::string_view json, const Value& schema) const {
    rapidjson::Document value;
    value.Parse(json.data(), json.size());
    if (value.HasParseError()) return "the body is no JSON";
    return openapi::complaint_about(value, schema, document_);
  }

  friend class DocumentedApi;

  rapidjson::Document document_;
  std::vector<Path> paths_;
};

DocumentedApi::DocumentedApi(std::string_view openapi)
    : judge_(std::make_unique<const Judge>(openapi)) {}

DocumentedApi::~DocumentedApi() = default;

std::string DocumentedApi::complaint(const Talk& talk) const {
  return judge_->complaint(talk);
}

std::string DocumentedApi::complaint_about(std::string_view json, const std::string& schema) const {
  return judge_->complaint_about(json, judge_->document()["components"]["schemas"][schema.c_str()]);
}

std::vector<std::string> DocumentedApi::complaints_about_examples() const {
  std::vector<std::string> complaints;
  const auto& document = judge_->document();
  const auto look = [&](std::string_view name, const Value& schema) {
    if (!schema.HasMember("examples")) return;
    for (const auto& example : schema["examples"].GetArray()) {
      const auto complaint = openapi::complaint_about(example, schema, document);
      if (!complaint.empty()) complaints.push_back(std::string{name} + ": " + complaint);
    }
  };
  const auto& components = document["components"];
  for (const auto& schema : components["schemas"].GetObject())
    look(text_of(schema.name), schema.value);
  for (const char* kind : {"headers", "parameters"}) {
    for (const auto& member : components[kind].GetObject())
      look(text_of(member.name), member.value["schema"]);
  }
  return complaints;
}

std::vector<DocumentedApi::Operation> DocumentedApi::operations() const {
  std::vector<Operation> all;
  for (const auto& path : judge_->document()["paths"].GetObject()) {
    for (const auto& member : path.value.GetObject()) {
      if (!member.value.IsObject()) continue;
      all.push_back({in_case(text_of(member.name), std::toupper), std::string{text_of(path.name)},
                     security_of(member.value)});
    }
  }
  return all;
}

}  // namespace darkroom::openapi
