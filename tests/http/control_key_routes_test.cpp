#include "http/control_key_routes.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/router.hpp"
#include "tests/http/in_memory_job_service.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/route_server.hpp"

namespace darkroom::http {
namespace {

using persistence::KeyScope;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ControlKeys : public testing::Test {
 protected:
  [[nodiscard]] RawResponse ask(const std::string& method, const std::string& target) const {
    return exchange(server_.port(), request_text(method, target)).value_or(RawResponse{});
  }

  [[nodiscard]] persistence::ApiKeys keys() { return jobs_.api_keys(0)->keys; }

  InMemoryJobService jobs_;
  ControlKeyRoutes routes_{jobs_, [] { return jobs::Timestamp{std::chrono::hours{24}}; }};
  RouteServer server_{[this](Router& router) { routes_.add_to(router); }};
};

TEST_F(ControlKeys, AreMadeAndShownOnce) {
  const auto made = ask("POST", "/control/keys?name=the%20web&scope=write");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.member("name"), "the web");
  EXPECT_EQ(made.member("scope"), "write");
  EXPECT_EQ(made.member("tenant"), made.member("id"));
  EXPECT_EQ(made.member("first"), "true");
  const auto secret = made.member("key");
  ASSERT_EQ(keys().size(), 1U);
  EXPECT_TRUE(is_api_key(keys().front(), secret));
  EXPECT_EQ(ask("POST", "/control/keys?name=b&scope=read&tenant=shop").member("first"), "false");
  const auto list = ask("GET", "/control/keys").body;
  EXPECT_THAT(list, AllOf(HasSubstr("\"the web\""), HasSubstr("\"tenant\":\"shop\""),
                          HasSubstr("\"revoked_at\":null"), Not(HasSubstr(secret)),
                          Not(HasSubstr("sha256"))));
}

TEST_F(ControlKeys, AreRefusedWhereTheyMakeNoSense) {
  for (const auto& [query, said] :
       {std::pair{"scope=write", "The name of a key has"},
        {"name=a%0Ab&scope=write", "The name of a key has"},
        {"name=a&scope=root", "read, write or admin, not 'root'"},
        {"name=a", "read, write or admin"},
        {"name=a&scope=read&tenant=a%20b", "The name of a tenant has"}}) {
    const auto refused = ask("POST", std::string{"/control/keys?"} + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_THAT(refused.member("detail"), HasSubstr(said));
  }
  EXPECT_TRUE(keys().empty());
}

TEST_F(ControlKeys, AreRevokedForGood) {
  const auto id = ask("POST", "/control/keys?name=a&scope=read").member("id");
  const auto revoked = ask("POST", "/control/keys/revoke?id=" + id);
  EXPECT_EQ(revoked.status, 200);
  EXPECT_EQ(revoked.member("revoked_at"), "1970-01-02T00:00:00.000Z");
  ASSERT_EQ(keys().size(), 1U);
  EXPECT_TRUE(keys().front().revoked_at);
  EXPECT_EQ(ask("POST", "/control/keys/revoke?id=" + id).status, 200);
  const auto unknown = ask("POST", "/control/keys/revoke?id=0123456789ab");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.problem_code(), "unknown_key");
}

TEST_F(ControlKeys, MakeRoomByThoseRevokedFirst) {
  auto table = jobs_.api_keys(0).value();
  for (std::size_t i = 0; i < persistence::most_api_keys; ++i) {
    table.keys.push_back(
        persistence::make_api_key("k", KeyScope::read, "", jobs::Timestamp{}).stored);
  }
  table = jobs_.put_api_keys(table).value();
  const auto refused = ask("POST", "/control/keys?name=a&scope=read");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.member("detail"), HasSubstr("revoke one first"));
  table.keys[7].revoked_at = jobs::Timestamp{std::chrono::seconds{2}};
  table.keys[9].revoked_at = jobs::Timestamp{std::chrono::seconds{1}};
  const auto first_revoked = table.keys[9].id;
  ASSERT_TRUE(jobs_.put_api_keys(table));
  EXPECT_EQ(ask("POST", "/control/keys?name=a&scope=read").status, 201);
  EXPECT_EQ(keys().size(), persistence::most_api_keys);
  for (const auto& key : keys())
    EXPECT_NE(key.id, first_revoked);
}

TEST_F(ControlKeys, SayThatTheServiceIsAway) {
  jobs_.fail_keys(true);
  EXPECT_EQ(ask("GET", "/control/keys").status, 503);
  EXPECT_EQ(ask("POST", "/control/keys?name=a&scope=read").status, 503);
}

}  // namespace
}  // namespace darkroom::http
