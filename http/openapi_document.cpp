#include "http/openapi_document.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "http/embedded_texts.hpp"
#include "http/openapi_refusals.hpp"

namespace darkroom::http {
namespace {

using rapidjson::Document;
using rapidjson::Value;

constexpr std::string_view folder = "openapi/";
constexpr std::string_view base_name = "openapi/document.json";
constexpr std::string_view version_mark = "{version}";

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

Scope scope_named(std::string_view name) {
  if (name == "open") return Scope::open;
  if (name == "read") return Scope::read;
  if (name == "write") return Scope::write;
  if (name == "admin") return Scope::admin;
  throw std::invalid_argument{fmt::format("there is no scope {}", name)};
}

bool is_method(std::string_view name) {
  return name == "get" || name == "post" || name == "put" || name == "patch" || name == "delete";
}

bool wanted(const Value& group, const Dialects& dialects) {
  if (!group.HasMember("dialect")) return true;
  const auto name = text_of(group["dialect"]);
  return (name == "django" && dialects.django) || (name == "fastapi" && dialects.fastapi) ||
         (name == "upload" && dialects.upload);
}

/// The description as it grows, group by group.
class Assembly {
 public:
  explicit Assembly(std::string_view base) {
    document_.Parse(base.data(), base.size());
    check(document_, base);
  }

  void set_version(std::string_view version) {
    auto& place = document_["info"]["version"];
    if (text_of(place) != version_mark) throw std::invalid_argument{"info has no {version}"};
    place.SetString(version.data(), static_cast<rapidjson::SizeType>(version.size()), memory());
  }

  void add_group(std::string_view text, const Dialects& dialects) {
    Document group = parse(text);
    if (!wanted(group, dialects)) return;
    for (auto& path : group["paths"].GetObject()) {
      for (auto& operation : path.value.GetObject()) {
        if (is_method(text_of(operation.name)))
          complete(operation.value, text_of(operation.name), group);
      }
      // Of a path that two dialects have, the router knows the first alone.
      if (!document_["paths"].HasMember(path.name))
        document_["paths"].AddMember(path.name, path.value, memory());
    }
    for (const char* kind : {"parameters", "schemas"})
      move_members(group[kind], document_["components"][kind]);
    add_tag(group["tag"]);
  }

  void add_codes() {
    std::vector<ProblemCode> all;
    for (int i = 0; i <= static_cast<int>(ProblemCode::store_full); ++i)
      all.push_back(static_cast<ProblemCode>(i));
    auto& schemas = document_["components"]["schemas"];
    schemas.AddMember("ProblemCode", parse(describe_codes(all)), memory());
    schemas.AddMember("Refusal",
                      parse(fmt::format(R"({{"allOf":[{{"$ref":"#/components/schemas/Problem"}},)"
                                        R"({{"type":"object","properties":{{"code":{}}}}}]}})",
                                        describe_codes(refused_before_routing()))),
                      memory());
  }

  [[nodiscard]] std::string text() const {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    document_.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
  }

 private:
  static void check(const Document& parsed, std::string_view text) {
    if (!parsed.HasParseError() && parsed.IsObject()) return;
    throw std::invalid_argument{
        fmt::format("no JSON object, at {} of: {}", parsed.GetErrorOffset(), text.substr(0, 40))};
  }

  [[nodiscard]] Document::AllocatorType& memory() { return document_.GetAllocator(); }

  // In the memory of the whole, so that its parts can be moved there.
  [[nodiscard]] Document parse(std::string_view text) {
    Document parsed{&memory()};
    parsed.Parse(text.data(), text.size());
    check(parsed, text);
    return parsed;
  }

  // Groups may share one.
  void add_tag(Value& tag) {
    auto& tags = document_["tags"];
    const auto same = [&](const Value& other) { return other["name"] == tag["name"]; };
    if (std::ranges::none_of(tags.GetArray(), same)) tags.PushBack(tag, memory());
  }

  void move_members(Value& from, Value& to) {
    for (auto& member : from.GetObject()) {
      if (to.HasMember(member.name)) {
        throw std::invalid_argument{fmt::format("{} is there twice", text_of(member.name))};
      }
      to.AddMember(member.name, member.value, memory());
    }
  }

  /// Adds what the files leave out, and takes out what stands there for it.
  void complete(Value& operation, std::string_view method, const Value& group) {
    Refusals refusals;
    refusals.scope = scope_named(text_of(operation["x-scope"]));
    refusals.changes = method != "get";
    refusals.limited = !operation.HasMember("x-unlimited");
    refusals.has_file = operation.HasMember("x-file");
    for (const auto& name : operation["x-problems"].GetArray())
      refusals.codes.push_back(problem_by_name(text_of(name)));
    if (group.HasMember("refusals")) {
      refusals.form = text_of(group["refusals"]["schema"]);
      for (const auto& status : group["refusals"]["statuses"].GetObject())
        refusals.statuses.emplace(problem_by_name(text_of(status.name)), status.value.GetInt());
    }
    auto& responses = operation["responses"];
    if (refusals.limited) add_rate_headers(responses);
    Document described = parse(describe_refusals(refusals));
    for (auto& response : described.GetObject()) {
      if (!responses.HasMember(response.name))
        responses.AddMember(response.name, response.value, memory());
    }
    add_security(operation, refusals.scope);
    operation.AddMember("tags", Value{rapidjson::kArrayType}, memory());
    operation["tags"].PushBack(Value{group["tag"]["name"], memory()}, memory());
    for (const char* name : {"x-scope", "x-problems", "x-unlimited", "x-file", "x-signed"})
      operation.RemoveMember(name);
  }

  void add_rate_headers(Value& responses) {
    for (auto& response : responses.GetObject()) {
      if (!response.value.HasMember("headers"))
        response.value.AddMember("headers", Value{rapidjson::kObjectType}, memory());
      for (const char* name : {"RateLimit", "RateLimit-Policy"}) {
        auto reference = parse(fmt::format(R"({{"$ref":"#/components/headers/{}"}})", name));
        response.value["headers"].AddMember(Value{name, memory()}, reference, memory());
      }
    }
  }

  // The roles that OpenAPI 3.1 lets a requirement name are our scopes.
  void add_security(Value& operation, Scope scope) {
    Value requirements{rapidjson::kArrayType};
    const auto add = [&](const char* scheme, const Value& role) {
      Value roles{rapidjson::kArrayType};
      roles.PushBack(Value{role, memory()}, memory());
      Value requirement{rapidjson::kObjectType};
      requirement.AddMember(Value{scheme, memory()}, roles, memory());
      requirements.PushBack(requirement, memory());
    };
    if (scope != Scope::open) {
      add("bearer", operation["x-scope"]);
      add("apiKey", operation["x-scope"]);
      if (operation.HasMember("x-signed")) add("signature", operation["x-scope"]);
    }
    operation.AddMember("security", requirements, memory());
  }

  Document document_;
};

}  // namespace

std::string openapi_document(const Dialects& dialects, std::string_view version) {
  std::string_view base;
  for (const auto& [name, text] : embedded_texts()) {
    if (name == base_name) base = text;
  }
  Assembly assembly{base};
  assembly.set_version(version);
  for (const auto& [name, text] : embedded_texts()) {
    if (name.starts_with(folder) && name.ends_with(".json") && name != base_name)
      assembly.add_group(text, dialects);
  }
  assembly.add_codes();
  return assembly.text();
}

}  // namespace darkroom::http
