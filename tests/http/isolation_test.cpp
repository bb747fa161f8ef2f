#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http/api_routes.hpp"
#include "http/own_jobs.hpp"
#include "http/route_set.hpp"
#include "http/router.hpp"
#include "tests/http/job_with_files.hpp"
#include "tests/http/test_server.hpp"

// That no route tells one tenant anything of another's jobs. Walks whatever routes there are, so
// that one that comes later is in it.

namespace darkroom::http {
namespace {

using persistence::KeyScope;

class Isolation : public testing::Test {
 protected:
  void SetUp() override {
    secret_ = server_.jobs().make_key(KeyScope::write);
    foreign_ = make_job_with_file(server_, "abc");
    server_.jobs().set_tenant(foreign_.id, "another");
    foreign_ = complete_with_files(server_, foreign_.id);
    delivery_ = {.id = jobs::JobId::generate(jobs::system_now()),
                 .subject = foreign_.id,
                 .tenant = "another",
                 .event = "job.completed",
                 .channel = "webhook",
                 .target = "https://example.com/hook",
                 .status = jobs::DeliveryStatus::delivered};
    server_.jobs().add_delivery(delivery_);
    routes_->add_to(router_);
  }

  [[nodiscard]] RawResponse ask(std::string_view method, const std::string& path,
                                const std::string& header_lines) const {
    // Answers name the request; all else of them is compared.
    return server_
        .exchange(
            request_text(std::string{method}, path, header_lines + "X-Request-Id: the-same\r\n"))
        .value_or(RawResponse{});
  }

  [[nodiscard]] std::string key_line() const { return "Authorization: Bearer " + secret_ + "\r\n"; }

  /// Of the key, by default the key's id: "dk_<id>_<random bytes>".
  [[nodiscard]] std::string own_tenant() const {
    return secret_.substr(3, secret_.find('_', 3) - 3);
  }

  static std::string with(std::string pattern, std::string_view placeholder,
                          std::string_view value) {
    const auto at = pattern.find(placeholder);
    return at == std::string::npos ? pattern : pattern.replace(at, placeholder.size(), value);
  }

  /// The path that a route has for a job; empty where it is not one of a job.
  [[nodiscard]] std::string path_of(std::string_view pattern, const jobs::JobId& id) const {
    if (pattern.find("{id}") == std::string_view::npos) return {};
    auto path = with(with(std::string{pattern}, "{id}", id.to_string()), "{name}", "original");
    return with(std::move(path), "{delivery}", delivery_.id.to_string());
  }

  static std::string without(std::string text, const std::string& part) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part))
      text.erase(at, part.size());
    return text;
  }

  persistence::ClientUrlKey key_{persistence::SigningKey{1, 2, 3}};
  TestServer server_{[this](Services& services) { services.client_urls = &key_; }};
  std::unique_ptr<RouteSet> routes_ = make_api_routes(
      Options{}, Services{.jobs = server_.jobs(), .blobs = server_.blobs(), .limits = {}});
  Router router_;
  std::string secret_;
  jobs::Job foreign_;
  jobs::Delivery delivery_;
};

TEST_F(Isolation, AForeignJobIsAsOneThatNeverWas) {
  const auto unknown = jobs::JobId::generate(jobs::system_now());
  std::size_t asked = 0;
  for (const auto& route : router_.routes()) {
    const auto path = path_of(route.pattern, foreign_.id);
    if (path.empty()) continue;
    SCOPED_TRACE(std::string{route.method} + " " + path);
    ++asked;
    const auto told = ask(route.method, path, key_line());
    const auto control = ask(route.method, path_of(route.pattern, unknown), key_line());
    EXPECT_GE(told.status, 300);
    EXPECT_EQ(told.status, control.status);
    EXPECT_EQ(without(told.body, foreign_.id.to_string()),
              without(control.body, unknown.to_string()));
  }
  EXPECT_GE(asked, 10U);
  EXPECT_EQ(server_.jobs().get(foreign_.id), foreign_) << "nor was it changed";
  EXPECT_EQ(server_.jobs().deliveries(foreign_.id).value(), std::vector{delivery_});
}

TEST_F(Isolation, OfADamagedRecordOnlyTheOperatorIsTold) {
  const auto unknown = jobs::JobId::generate(jobs::system_now());
  server_.jobs().damage(foreign_.id);
  for (const auto& route : router_.routes()) {
    const auto path = path_of(route.pattern, foreign_.id);
    if (path.empty()) continue;
    SCOPED_TRACE(std::string{route.method} + " " + path);
    const auto told = ask(route.method, path, key_line());
    const auto control = ask(route.method, path_of(route.pattern, unknown), key_line());
    EXPECT_EQ(told.status, control.status);
    EXPECT_EQ(without(told.body, foreign_.id.to_string()),
              without(control.body, unknown.to_string()));
  }
  const auto file = "/files/" + foreign_.original.blob_key;
  EXPECT_EQ(ask("GET", file, key_line()).body,
            ask("GET", with(file, foreign_.id.to_string(), unknown.to_string()), key_line()).body);
  const Caller operator_{.tenant = "", .all_tenants = true};
  const OwnJobs own{server_.jobs()};
  EXPECT_EQ(own.get(operator_, foreign_.id).error().code, actors::ServiceErrorCode::damaged);
  EXPECT_EQ(own.batch(operator_, foreign_.id).error().code, actors::ServiceErrorCode::damaged);
}

TEST_F(Isolation, ForeignJobsAreNotListedNorChangedByAFilter) {
  const auto own = make_job_with_file(server_, "abc");
  server_.jobs().set_tenant(own.id, own_tenant());
  server_.jobs().fail(own.id);
  const auto list = ask("GET", "/v1/jobs", key_line());
  EXPECT_EQ(list.status, 200) << list.body;
  EXPECT_NE(list.body.find(own.id.to_string()), std::string::npos);
  EXPECT_EQ(list.body.find(foreign_.id.to_string()), std::string::npos);
  EXPECT_EQ(ask("GET", "/v1/jobs?tenant=another", key_line()).problem_code(), "invalid_parameter");
  EXPECT_EQ(ask("DELETE", "/v1/jobs?all=true", key_line()).member("done"), "1");
  EXPECT_TRUE(server_.jobs().get(foreign_.id));
  EXPECT_FALSE(server_.jobs().get(own.id));
}

/// Reads on until the text has come; what was told up to there, or up to the end without it.
std::string hear(RawClient& follower, std::string_view what) {
  std::string told;
  while (told.find(what) == std::string::npos) {
    const auto byte = follower.receive_text(1);
    if (byte.empty()) break;
    told += byte;
  }
  return told;
}

TEST_F(Isolation, ForeignJobsAreNotTalkedOf) {
  RawClient follower{server_.port()};
  follower.send(request_text("GET", "/v1/events", key_line()));
  ASSERT_NE(hear(follower, "retry: 2000").find("200 OK"), std::string::npos);
  ASSERT_TRUE(server_.jobs().remove(foreign_.id));
  const auto own = make_job_with_file(server_, "abc");
  server_.jobs().set_tenant(own.id, own_tenant());
  server_.jobs().fail(own.id);
  const auto told = hear(follower, own.id.to_string());
  EXPECT_NE(told.find(own.id.to_string()), std::string::npos);
  EXPECT_EQ(told.find(foreign_.id.to_string()), std::string::npos);
}

TEST_F(Isolation, ARevokedKeyIsToldNoMore) {
  RawClient follower{server_.port()};
  follower.send(request_text("GET", "/v1/events", key_line()));
  ASSERT_NE(hear(follower, "retry: 2000\n\n").find("200 OK"), std::string::npos);
  server_.jobs().revoke_keys();
  EXPECT_TRUE(follower.closed());
  EXPECT_EQ(ask("GET", "/v1/events", key_line()).status, 401);
}

TEST_F(Isolation, AForeignFileIsAsOneThatNeverWas) {
  const auto told = ask("GET", "/files/" + foreign_.original.blob_key, key_line());
  EXPECT_EQ(told.status, 404);
  auto other = foreign_.original.blob_key;
  other.replace(other.find(foreign_.id.to_string()), foreign_.id.to_string().size(),
                jobs::JobId::generate(jobs::system_now()).to_string());
  EXPECT_EQ(ask("GET", "/files/" + other, key_line()).body, told.body);
  const auto id = foreign_.id.to_string();
  for (const auto& path :
       {"/media/originals/" + id + ".jpg",
        "/media/thumbnails/thumbnail-" + without(id, "-") + ".jpg",
        "/uploads/originals/" + id + ".jpg", "/files/processed/" + id + "/photo_thumbnail.jpeg"}) {
    EXPECT_GE(ask("GET", path, key_line()).status, 400) << path;
    EXPECT_EQ(ask("GET", path, "").status, 401) << path;
  }
}

TEST_F(Isolation, EveryRouteWantsAKeyButThose) {
  const std::set<std::string> open{"/",       "/openapi.json", "/docs",           "/healthz",
                                   "/readyz", "/metrics",      "/problems/{code}"};
  for (const auto& route : router_.routes()) {
    SCOPED_TRACE(std::string{route.method} + " " + std::string{route.pattern});
    EXPECT_EQ(route.scope == Scope::open, open.contains(std::string{route.pattern}));
    if (route.scope == Scope::open) continue;
    const auto path =
        std::regex_replace(std::string{route.pattern}, std::regex{"\\{[^}]*\\}"}, "x");
    const auto response = ask(route.method, path, "");
    EXPECT_EQ(response.status, 401);
    EXPECT_NE(response.field("www-authenticate"), "");
  }
}

TEST_F(Isolation, WhatChangesSomethingIsNotForWhoMayOnlyRead) {
  for (const auto& route : router_.routes()) {
    if (route.method == "GET") continue;
    EXPECT_GE(route.scope, Scope::write) << route.method << " " << route.pattern;
  }
}

}  // namespace
}  // namespace darkroom::http
