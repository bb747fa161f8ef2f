#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/api_routes.hpp"
#include "http/openapi_document.hpp"
#include "http/openapi_refusals.hpp"
#include "http/router.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/http/documented_port.hpp"
#include "tests/http/in_memory_job_service.hpp"

// The description and the routes say the same. What the routes answer is compared with it in every
// test that has a TestServer: see DocumentedPort.

namespace darkroom::http {
namespace {

using openapi::DocumentedApi;

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::open:
      return "open";
    case Scope::read:
      return "read";
    case Scope::write:
      return "write";
    case Scope::admin:
      return "admin";
  }
  return "";
}

/// "GET /v1/jobs: read", so that a difference can be read.
std::string in_words(const DocumentedApi::Operation& operation) {
  return operation.method + " " + operation.path + ": " + operation.security;
}

/// As the real server has them.
std::set<std::string> routes_with(const std::string& dialects) {
  const tests::TemporaryFolder folder;
  const auto blobs = persistence::open_file_blob_store(folder.path());
  InMemoryJobService jobs;
  Options options;
  options.dialects = dialects;
  const auto routes = make_api_routes(options, {.jobs = jobs, .blobs = **blobs, .limits = {}});
  Router router;
  routes->add_to(router);
  std::set<std::string> operations;
  std::set<std::string> seen;
  for (const auto& [method, pattern, scope] : router.routes()) {
    std::string path{pattern};
    // OpenAPI has no word for the rest of a path.
    if (const auto dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
    // The first one of two is the one that answers.
    if (!seen.insert(std::string{method} + " " + path).second) continue;
    operations.insert(in_words({std::string{method}, path, std::string{name_of(scope)}}));
  }
  return operations;
}

TEST(OpenApi, HasEveryRouteWithItsScopeAndNothingElse) {
  for (const auto* dialects : {"django, upload, fastapi", "", "django", "upload", "fastapi"}) {
    std::vector<std::string> described;
    for (const auto& operation : api_with_dialects(dialects)->operations())
      described.push_back(in_words(operation));
    EXPECT_THAT(described, testing::UnorderedElementsAreArray(routes_with(dialects))) << dialects;
  }
}

TEST(OpenApi, HasExamplesThatAreAsDescribed) {
  EXPECT_THAT(api_with_dialects("django, upload, fastapi")->complaints_about_examples(),
              testing::IsEmpty());
}

TEST(OpenApi, SaysTheVersionOfTheProgram) {
  EXPECT_THAT(openapi_document({}, "1.2.3"), testing::HasSubstr(R"("version":"1.2.3")"));
}

TEST(OpenApi, LeavesNothingUnfinished) {
  const std::string document = openapi_document({}, "1.2.3");
  for (const auto* mark : {"{version}", "x-scope", "x-problems", "x-unlimited", "x-signed"})
    EXPECT_THAT(document, testing::Not(testing::HasSubstr(mark)));
}

TEST(OpenApiRefusals, AreThoseOfTheRouteAndOfTheGate) {
  const auto described = describe_refusals(
      {.codes = {ProblemCode::unknown_job}, .scope = Scope::write, .changes = true});
  for (const auto* text :
       {R"("401":{"description":"- `unauthorized`)", R"("404":{"description":"- `unknown_job`)",
        R"("403":{"description":"- `cross_site`: Sent by a foreign page\n- `forbidden_scope`)",
        R"("429":{"description":"- `rate_limited`)", R"("500":{)", R"("default":{)"}) {
    EXPECT_THAT(described, testing::HasSubstr(text));
  }
}

TEST(OpenApiRefusals, OfAnOpenRouteNeedNoKey) {
  const auto described = describe_refusals({.limited = false});
  EXPECT_THAT(described, testing::Not(testing::HasSubstr("unauthorized")));
  EXPECT_THAT(described, testing::Not(testing::HasSubstr("rate_limited")));
}

TEST(OpenApiRefusals, HaveTheFormAndTheStatusOfTheirDialect) {
  const auto described =
      describe_refusals({.codes = {ProblemCode::no_file, ProblemCode::unknown_file},
                         .has_file = true,
                         .form = "Own",
                         .statuses = {{ProblemCode::no_file, 422}}});
  EXPECT_THAT(described, testing::HasSubstr(R"("422":{"description":"- `no_file`)"));
  EXPECT_THAT(
      described,
      testing::HasSubstr(R"("application/json":{"schema":{"$ref":"#/components/schemas/Own"}})"));
  EXPECT_THAT(described, testing::HasSubstr(R"("enum":["unknown_file"])"));
}

TEST(OpenApiRefusals, AreOfProblemsThatThereAre) {
  EXPECT_EQ(problem_by_name("too_many_bytes"), ProblemCode::too_many_bytes);
  EXPECT_THROW((void)problem_by_name("too_many"), std::invalid_argument);
}

}  // namespace
}  // namespace darkroom::http
