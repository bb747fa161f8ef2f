#include "http/control_key_routes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/client_text.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"
#include "persistence/api_keys.hpp"

namespace darkroom::http {
namespace {

using persistence::ApiKey;
using persistence::ApiKeys;

void write_key(json::JsonWriter& json, const ApiKey& key) {
  json.member("id", key.id);
  json.member("name", key.name);
  json.member("scope", to_string(key.scope));
  json.member("tenant", key.tenant);
  json.member("created_at", jobs::to_rfc3339(key.created_at));
  json.member("revoked_at",
              key.revoked_at ? std::optional{jobs::to_rfc3339(*key.revoked_at)} : std::nullopt);
}

tl::unexpected<Problem> malformed(std::string detail) {
  return tl::unexpected{Problem{ProblemCode::malformed_request, std::move(detail)}};
}

/// Where there are as many as are kept, the one that was revoked first makes room.
tl::expected<void, Problem> make_room(ApiKeys& keys) {
  if (keys.size() < persistence::most_api_keys) return {};
  const auto first = std::ranges::min_element(keys, [](const ApiKey& a, const ApiKey& b) {
    return a.revoked_at && (!b.revoked_at || *a.revoked_at < *b.revoked_at);
  });
  if (!first->revoked_at) {
    return malformed(fmt::format("There are {} keys, and no more are kept; revoke one first.",
                                 persistence::most_api_keys));
  }
  keys.erase(first);
  return {};
}

}  // namespace

void ControlKeyRoutes::add_to(Router& router) const {
  using httplib::Request;
  using httplib::Response;
  router.add("GET", "/control/keys", Scope::open,
             [this](const Request&, Response& response, const std::string&) { list(response); });
  router.add("POST", "/control/keys", Scope::open,
             [this](const Request& request, Response& response, const std::string&) {
               create(request, response);
             });
  router.add("POST", "/control/keys/revoke", Scope::open,
             [this](const Request& request, Response& response, const std::string&) {
               revoke(request, response);
             });
}

void ControlKeyRoutes::list(httplib::Response& response) const {
  const auto table = jobs_.api_keys(0);
  if (!table) return answer_problem(response, to_problem(table.error()));
  json::JsonWriter json;
  json.list("keys", table->keys, [&](const ApiKey& key) { write_key(json, key); });
  answer_json(response, 200, json.finish() + "\n");
}

void ControlKeyRoutes::create(const httplib::Request& request, httplib::Response& response) const {
  const std::string name = request.get_param_value("name");
  const std::string tenant = request.get_param_value("tenant");
  const auto scope = persistence::parse_key_scope(request.get_param_value("scope"));
  std::string fault = persistence::fault_of_key_name(name);
  if (fault.empty() && !tenant.empty()) fault = persistence::fault_of_tenant(tenant);
  if (fault.empty() && !scope) {
    fault = fmt::format("The scope of a key is read, write or admin, not {}.",
                        quoted_text(request.get_param_value("scope")));
  }
  if (!fault.empty()) return answer_problem(response, {ProblemCode::malformed_request, fault});
  std::optional<persistence::MadeApiKey> made;
  bool first = false;
  const auto done = change([&](ApiKeys& keys) -> tl::expected<void, Problem> {
    first = keys.empty();
    if (auto room = make_room(keys); !room) return room;
    do {
      made = persistence::make_api_key(name, *scope, tenant, clock_());
    } while (std::ranges::find(keys, made->stored.id, &ApiKey::id) != keys.end());
    keys.push_back(made->stored);
    return {};
  });
  if (!done) return answer_problem(response, done.error());
  const ApiKey& key = made->stored;
  spdlog::info("API key {} made by an operator key={} scope={} tenant={}", quoted_text(key.name),
               key.id, to_string(key.scope), key.tenant);
  json::JsonWriter json;
  write_key(json, key);
  json.member("key", made->secret);
  json.member("first", first);
  answer_json(response, 201, json.finish() + "\n");
}

void ControlKeyRoutes::revoke(const httplib::Request& request, httplib::Response& response) const {
  const std::string id = request.get_param_value("id");
  ApiKey revoked;
  bool was_revoked = false;
  const auto done = change([&](ApiKeys& keys) -> tl::expected<void, Problem> {
    const auto found = std::ranges::find(keys, id, &ApiKey::id);
    if (found == keys.end()) {
      return tl::unexpected{
          Problem{ProblemCode::unknown_key,
                  fmt::format("There is no API key {}; darkroom keys list shows those there are.",
                              quoted_text(id))}};
    }
    was_revoked = found->revoked_at.has_value();
    if (!was_revoked) found->revoked_at = clock_();
    revoked = *found;
    return {};
  });
  if (!done) return answer_problem(response, done.error());
  if (!was_revoked) {
    spdlog::info("API key {} revoked by an operator key={} tenant={}", quoted_text(revoked.name),
                 revoked.id, revoked.tenant);
  }
  json::JsonWriter json;
  write_key(json, revoked);
  answer_json(response, 200, json.finish() + "\n");
}

tl::expected<void, Problem> ControlKeyRoutes::change(const Change& change) const {
  // Another operator may be at it too.
  constexpr int tries = 10;
  tl::expected<actors::KeyTable, actors::ServiceError> put;
  for (int i = 0; i < tries; ++i) {
    auto table = jobs_.api_keys(0);
    if (!table) return tl::unexpected{to_problem(table.error())};
    if (auto done = change(table->keys); !done) return done;
    put = jobs_.put_api_keys(std::move(*table));
    if (put) return {};
    if (put.error().code != actors::ServiceErrorCode::wrong_state) break;
  }
  // It may be that they are kept all the same: the list shows it.
  return tl::unexpected{to_problem(put.error())};
}

}  // namespace darkroom::http
