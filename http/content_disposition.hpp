#pragma once

#include <string>
#include <string_view>

namespace darkroom::http {

/// Whether a browser shows a file or saves it.
enum class Disposition : bool { shown, saved };

/// The value of Content-Disposition (RFC 6266) for a file of this name, which may be any UTF-8 from
/// a client: `inline; filename="photo.jpg"`. A name with anything but plain ASCII comes a second
/// time, as `filename*=UTF-8''...` (RFC 8187), and in `filename` with underlines for the rest. No
/// byte of the name can end the field or begin another parameter.
[[nodiscard]] std::string content_disposition(Disposition disposition, std::string_view name);

/// The name to save an original by: that of the upload, with the extension of what it is where it
/// has none that fits, so that a picture that was sent as "setup.exe" is none when it comes back.
/// `blob_key` gives the extension, and the name where the upload had none.
[[nodiscard]] std::string original_name(std::string_view filename, std::string_view blob_key);

/// The same of a rendition: "holiday-thumbnail.webp" of "holiday.jpg".
[[nodiscard]] std::string rendition_name(std::string_view filename, std::string_view rendition,
                                         std::string_view blob_key);

}  // namespace darkroom::http
