#pragma once

#include <string>
#include <string_view>

#include <rapidjson/fwd.h>  // Of the library the names alone.

namespace darkroom::http {

/// A member that is a text; empty where there is none.
[[nodiscard]] std::string_view text_member(const rapidjson::Value& object, const char* name);

/// What the reference "#/components/..." of `object` leads to in `document`, or the object itself.
[[nodiscard]] const rapidjson::Value& resolved(const rapidjson::Value& document,
                                               const rapidjson::Value& object);

/// A schema in a few words of HTML, with a link where it has a name: "Job", "string or null".
[[nodiscard]] std::string html_of_type(const rapidjson::Value& schema);

/// What the members of a schema are, as a list of HTML; empty where it has none.
[[nodiscard]] std::string html_of_members(const rapidjson::Value& schema);

/// JSON as HTML, on as many lines as it takes.
[[nodiscard]] std::string html_of_json(const rapidjson::Value& value);

}  // namespace darkroom::http
