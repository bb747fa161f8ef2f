#include "http/gate.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

#include "http/responses.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/route_server.hpp"

namespace darkroom::http {
namespace {

/// Lets in whom a route is open to, and the caller "friend" to what may be read.
class FriendsOnly final : public Gate {
 public:
  [[nodiscard]] tl::expected<void, Problem> enter(const httplib::Request& request,
                                                  const Router::Found& route,
                                                  RequestContext& context) const override {
    context.caller.tenant = request.get_header_value("X-Name");
    const bool may = route.scope == Scope::open ||
                     (route.scope == Scope::read && context.caller.tenant == "friend");
    if (may) return {};
    return tl::unexpected{
        Problem{ProblemCode::unknown_file, "Not for you: " + std::string{route.pattern}}};
  }
};

void add_routes(Router& router) {
  const auto tell = [](const httplib::Request& request, httplib::Response& response,
                       const std::string&) {
    const RequestContext& context = context_of(request);
    answer_json(response, 200, '"' + context.caller.tenant + " at " + context.base_url + '"');
  };
  const auto own_form = [](const httplib::Request&, httplib::Response& response,
                           const Problem& problem) {
    answer_json(response, kind_of(problem.code).status, "{\"mine\":\"" + problem.detail + "\"}");
  };
  router.add("GET", "/open", Scope::open, tell);
  router.add("GET", "/read/{id}", Scope::read, tell);
  router.add("GET", "/own/{id}", Scope::write, tell, {.form = own_form});
}

class GateOfRoutes : public testing::Test {
 protected:
  [[nodiscard]] RawResponse get(const std::string& path, std::string_view header_lines = "") {
    return exchange(server_.port(), request_text("GET", path, header_lines))
        .value_or(RawResponse{});
  }

  FriendsOnly gate_;
  RouteServer server_{add_routes, &gate_};
};

TEST_F(GateOfRoutes, IsToldTheScopeAndSaysWhoTheCallerIs) {
  EXPECT_EQ(get("/open").body, "\" at http://localhost\"");
  EXPECT_EQ(get("/read/1", "X-Name: friend\r\n").body, "\"friend at http://localhost\"");
}

TEST_F(GateOfRoutes, RefusesBeforeTheHandler) {
  const auto refused = get("/read/1", "X-Name: foe\r\n");
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.member("detail"), "Not for you: /read/{id}");
}

TEST_F(GateOfRoutes, RefusesInTheFormOfTheRoute) {
  EXPECT_EQ(get("/own/1").body, "{\"mine\":\"Not for you: /own/{id}\"}");
}

TEST_F(GateOfRoutes, IsNotAskedForWhatIsNotThere) {
  EXPECT_EQ(get("/nowhere").problem_code(), "unknown_route");
}

TEST_F(GateOfRoutes, LeavesOtherMethodsToTheFormOfThePath) {
  const auto refused = exchange(server_.port(), request_text("POST", "/own/1"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 405);
  EXPECT_EQ(refused->member("mine"), "'/own/1' takes GET, HEAD, OPTIONS, not 'POST'.");
}

TEST(NoGate, LetsEverybodyIn) {
  RouteServer server{add_routes};
  const auto response = exchange(server.port(), request_text("GET", "/own/1"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

}  // namespace
}  // namespace darkroom::http
