#include "persistence/text_schema.hpp"

#include <rapidjson/document.h>

namespace darkroom::persistence {

tl::expected<void, std::string> check_text_schema(std::string_view text, int newest) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (json.HasParseError() || !json.IsObject()) return tl::unexpected{std::string{"not JSON"}};
  const auto schema = json.FindMember("schema");
  if (schema == json.MemberEnd() || !schema->value.IsInt() || schema->value.GetInt() < 1) {
    return tl::unexpected{std::string{"its schema is missing"}};
  }
  if (schema->value.GetInt() > newest) {
    return tl::unexpected{"it has schema " + std::to_string(schema->value.GetInt()) +
                          ", and this version of Darkroom reads up to schema " +
                          std::to_string(newest) +
                          "; start the version that wrote it or a newer one"};
  }
  return {};
}

}  // namespace darkroom::persistence
