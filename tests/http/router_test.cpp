#include "http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

namespace darkroom::http {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;

void nothing(const httplib::Request& /*request*/, httplib::Response& /*response*/,
             const std::string& /*argument*/) {}

TEST(Router, TellsItsRoutesInTheirOrder) {
  Router router;
  router.add("GET", "/b", Scope::open, nothing);
  router.add("POST", "/a/{id}", Scope::write, nothing);
  EXPECT_THAT(router.routes(), ElementsAre(FieldsAre("GET", "/b", Scope::open),
                                           FieldsAre("POST", "/a/{id}", Scope::write)));
}

TEST(Router, TellsWhichRouteItFound) {
  Router router;
  router.add("GET", "/a/{id}/", Scope::read, nothing, {.takes_upload = true});
  const auto found = router.find("HEAD", "/a/7/");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pattern, "/a/{id}/");
  EXPECT_EQ(found->argument, "7");
  EXPECT_EQ(found->scope, Scope::read);
  EXPECT_TRUE(found->traits.takes_upload);
  EXPECT_FALSE(router.find("GET", "/a/7"));
}

TEST(Router, TakesTheFirstRouteThatFits) {
  Router router;
  router.add("GET", "/a/b/{rest...}", Scope::read, nothing);
  router.add("GET", "/a/{rest...}", Scope::read, nothing);
  EXPECT_EQ(router.find("GET", "/a/b/c")->pattern, "/a/b/{rest...}");
  EXPECT_EQ(router.find("GET", "/a/c/b")->pattern, "/a/{rest...}");
  // Each of which would do, for the methods that they have.
  EXPECT_EQ(router.allowed("/a/b/c"), "GET, HEAD, OPTIONS");
}

}  // namespace
}  // namespace darkroom::http
