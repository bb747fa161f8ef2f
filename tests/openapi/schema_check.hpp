#pragma once

#include <string>

#include <rapidjson/fwd.h>

namespace darkroom::openapi {

/// What is wrong with a value by a schema of JSON Schema 2020-12; empty where it is as described.
/// `document` has what "$ref" leads to, in itself only. A keyword that is not known here is wrong
/// too, so that none is written that nobody looks at.
[[nodiscard]] std::string complaint_about(const rapidjson::Value& value,
                                          const rapidjson::Value& schema,
                                          const rapidjson::Value& document);

/// What "$ref" of `object` leads to, or the object itself. Throws std::runtime_error where it leads
/// nowhere.
[[nodiscard]] const rapidjson::Value& followed(const rapidjson::Value& object,
                                               const rapidjson::Value& document);

}  // namespace darkroom::openapi
