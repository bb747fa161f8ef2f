#pragma once

#include <string>
#include <string_view>

namespace darkroom::http {

/// The media type of a file by the extension that the service has given it: "image/webp". A name
/// that is none of ours is "application/octet-stream".
[[nodiscard]] std::string media_type_of(std::string_view blob_key);

/// The extension of files of a picture's media type, without the dot; empty for any other type.
[[nodiscard]] std::string_view extension_of_media_type(std::string_view media_type);

}  // namespace darkroom::http
