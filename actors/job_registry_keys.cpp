#include <utility>

#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"
#include "persistence/api_keys.hpp"

// The API keys, which the registry only keeps: HTTP nodes ask for them and look at what requests
// show.

namespace darkroom::actors {

RegistryLedger::Result<void> JobRegistryState::load_api_keys() {
  const auto text = store->text(persistence::api_keys_text);
  if (!text) return tl::unexpected(to_service_error(text.error()));
  auto read = persistence::decode_api_keys(*text);
  if (!read) return tl::unexpected(ServiceError{ServiceErrorCode::damaged, read.error()});
  key_table = {.version = persistence::version_of_api_keys(*text), .keys = std::move(*read)};
  return {};
}

KeyTable JobRegistryState::api_keys(std::uint64_t known) const {
  if (key_table.version == known) return {.version = known};
  return key_table;
}

caf::result<KeyTable> JobRegistryState::put_api_keys(KeyTable wanted) {
  // Whoever has a certificate of the cluster can send this; a node that was taken over is not to
  // make itself a key that outlives its certificate.
  const auto& sender = self->current_sender();
  if (!sender || sender->node() != self->node()) {
    return make_error({ServiceErrorCode::bad_request,
                       "API keys are made and revoked at the coordinator itself."});
  }
  if (wanted.version != key_table.version) {
    return make_error({ServiceErrorCode::wrong_state, "The API keys were changed meanwhile."});
  }
  if (wanted.keys.size() > persistence::most_api_keys) {
    return make_error({ServiceErrorCode::bad_request, "These are more API keys than are kept."});
  }
  const std::string text = persistence::encode_api_keys(wanted.keys);
  if (auto kept = put_text(persistence::api_keys_text, text); !kept) {
    return make_error(kept.error());
  }
  wanted.version = persistence::version_of_api_keys(text);
  key_table = std::move(wanted);
  return key_table;
}

}  // namespace darkroom::actors
