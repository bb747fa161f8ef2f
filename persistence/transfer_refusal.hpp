#pragma once

#include <optional>

#include "persistence/blob_transfer.hpp"
#include "persistence/http_exchange.hpp"

namespace darkroom::persistence {

/// What an answer of the data plane that is no success means: by its status and, where it is a
/// problem (RFC 9457), by its code. Nothing for a success. An answer to HEAD has no problem to tell
/// more.
[[nodiscard]] std::optional<TransferError> refusal_of(const HttpAnswer& answer,
                                                      HttpRequest::Method method);

}  // namespace darkroom::persistence
