#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/upload_parameters.hpp"

namespace darkroom::http {

/// SHA-256, as 64 hex digits, over an upload: its file (`sha256`), the name of the file, and all
/// that is asked of it. The same for the same wishes, whether they stand in the query or in a form,
/// and whatever the form's boundary.
[[nodiscard]] std::string upload_fingerprint(std::string_view sha256, std::string_view filename,
                                             const UploadParameters& parameters);

/// The same over several uploads that make a batch, by the fingerprint of each, in order.
[[nodiscard]] std::string batch_fingerprint(std::span<const std::string> uploads);

}  // namespace darkroom::http
