#include "http/access.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/client_address.hpp"
#include "http/client_text.hpp"
#include "http/tenant.hpp"
#include "persistence/client_url.hpp"

namespace darkroom::http {
namespace {

using persistence::KeyScope;

Scope scope_of(KeyScope scope) {
  switch (scope) {
    case KeyScope::read:
      return Scope::read;
    case KeyScope::write:
      return Scope::write;
    case KeyScope::admin:
      return Scope::admin;
  }
  return Scope::open;
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::open:
      break;
    case Scope::read:
      return to_string(KeyScope::read);
    case Scope::write:
      return to_string(KeyScope::write);
    case Scope::admin:
      return to_string(KeyScope::admin);
  }
  return "open";
}

// RFC 6750, section 3: no error is named to who has not shown a key.
Problem unauthorized(std::string detail, bool shown) {
  return {ProblemCode::unauthorized,
          std::move(detail),
          {{"WWW-Authenticate", shown ? "Bearer realm=\"darkroom\", error=\"invalid_token\""
                                      : "Bearer realm=\"darkroom\""}}};
}

Problem forbidden(Scope wanted, KeyScope had) {
  return {ProblemCode::forbidden_scope,
          fmt::format("This takes a key of the scope {}; the one that was sent has the scope {}.",
                      name_of(wanted), to_string(had)),
          {{"WWW-Authenticate",
            fmt::format("Bearer realm=\"darkroom\", error=\"insufficient_scope\", scope=\"{}\"",
                        name_of(wanted))}}};
}

}  // namespace

tl::expected<void, Problem> Access::enter(const httplib::Request& request,
                                          const Router::Found& route,
                                          RequestContext& context) const {
  if (route.scope == Scope::open) return {};
  if (route.traits.takes_signature && persistence::ClientUrls::is_signed(request.params)) {
    // Whoever gave out the address might see the file.
    if (const auto good = urls_.check(request, true); !good) return tl::unexpected{good.error()};
    context.caller.all_tenants = true;
    return {};
  }
  const auto keys = ring_.keys();
  if (!keys) return tl::unexpected{keys.error()};
  const std::string shown = shown_key(request);
  if (!(*keys)->required()) {
    context.caller = {.tenant = tenant_of(shown), .key_id = {}, .all_tenants = true};
    return {};
  }
  const auto key = find(**keys, shown);
  if (!key) {
    log_refusal(request, key.error());
    return tl::unexpected{unauthorized(key.error(), !shown.empty())};
  }
  context.caller = {
      .tenant = key->tenant, .key_id = key->id, .all_tenants = key->scope == KeyScope::admin};
  if (scope_of(key->scope) >= route.scope) return {};
  return tl::unexpected{forbidden(route.scope, key->scope)};
}

tl::expected<persistence::ApiKey, std::string> Access::find(const KeyRing::Keys& keys,
                                                            const std::string& shown) {
  if (shown.empty()) {
    return tl::unexpected{
        std::string{"This service wants an API key, as Authorization: Bearer KEY or X-API-Key: "
                    "KEY. Its operator makes one by darkroom keys create."}};
  }
  const auto id = persistence::id_of_api_key(shown);
  if (!id) {
    return tl::unexpected{std::string{
        "What was sent as an API key has not the form of one: dk_, 12 digits, an underscore and 43 "
        "more characters. Check that it was copied whole."}};
  }
  const auto* key = keys.find(*id);
  if (key == nullptr || !is_api_key(*key, shown)) {
    return tl::unexpected{
        fmt::format("There is no such API key as dk_{}_...: it was mistyped, or "
                    "is another service's.",
                    *id)};
  }
  if (key->revoked_at) {
    return tl::unexpected{
        fmt::format("The API key dk_{}_... was revoked at {}; ask the operator "
                    "for another one.",
                    *id, jobs::to_rfc3339(*key->revoked_at))};
  }
  return *key;
}

void Access::log_refusal(const httplib::Request& request, const std::string& why) const {
  if (const auto held_back = log_.pass(std::chrono::steady_clock::now())) {
    spdlog::warn("{} {} refused: {} client {} held_back={}", request.method,
                 quoted_text(request.path), why, client_of(request), *held_back);
  }
}

}  // namespace darkroom::http
