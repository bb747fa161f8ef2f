#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/test_server.hpp"

// GET and DELETE /v1/jobs, and POST /v1/jobs/retry.

namespace darkroom::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ListRoutes : public testing::Test {
 protected:
  [[nodiscard]] RawResponse ask(std::string_view method, const std::string& target) const {
    return server_
        .exchange(request_text(method, target, method == "GET" ? "" : "Content-Length: 0\r\n"))
        .value_or(RawResponse{});
  }

  /// The ids of the jobs in a page, in its order.
  [[nodiscard]] static std::vector<std::string> ids_of(const RawResponse& page) {
    constexpr std::string_view before = "{\"id\":\"";
    std::vector<std::string> ids;
    for (auto at = page.body.find(before); at != std::string::npos;
         at = page.body.find(before, at + 1)) {
      ids.push_back(page.body.substr(at + before.size(), 36));
    }
    return ids;
  }

  std::string make(const std::string& filename = "photo.jpg") {
    return make_job_with_file(server_, "the original", filename).id.to_string();
  }
  void fail(const std::string& id) { server_.jobs().fail(*jobs::JobId::parse(id)); }

  TestServer server_;
};

TEST_F(ListRoutes, ShowTheNewestFirst) {
  const auto first = make();
  const auto second = make();
  const auto page = ask("GET", "/v1/jobs");
  EXPECT_EQ(page.status, 200) << page.body;
  // Of two that were made within a millisecond either may be the newer one.
  EXPECT_THAT(ids_of(page), ElementsAre(std::max(first, second), std::min(first, second)));
  EXPECT_THAT(page.body, HasSubstr("\"next\":null"));
  EXPECT_EQ(page.field("link"), "");
}

TEST_F(ListRoutes, ShowPagesThatDoNotShiftWhileJobsCome) {
  std::set<std::string> expected;
  for (int i = 0; i < 5; ++i)
    expected.insert(make());
  std::set<std::string> seen;
  std::string target = "/v1/jobs?limit=2&queue=default";
  for (int pages = 0; pages < 5 && !target.empty(); ++pages) {
    const auto page = ask("GET", target);
    for (const auto& id : ids_of(page))
      EXPECT_TRUE(seen.insert(id).second) << id;
    (void)make();
    const auto link = page.field("link");
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    if (!link.empty()) {
      EXPECT_THAT(target, HasSubstr("cursor=" + page.member("next")));
    }
  }
  EXPECT_TRUE(std::ranges::includes(seen, expected));
}

TEST_F(ListRoutes, ShowWhatIsAskedFor) {
  const auto failed = make("a&b.jpg");
  (void)make("other.jpg");
  fail(failed);
  EXPECT_THAT(ids_of(ask("GET", "/v1/jobs?status=failed")), ElementsAre(failed));
  EXPECT_THAT(ids_of(ask("GET", "/v1/jobs?filename=a%26b.jpg")), ElementsAre(failed));
  EXPECT_THAT(ids_of(ask("GET", "/v1/jobs?queue=media")), ElementsAre());
  EXPECT_THAT(ids_of(ask("GET", "/v1/jobs?created_before=2001-01-01")), ElementsAre());
  EXPECT_EQ(ids_of(ask("GET", "/v1/jobs?created_after=2001-01-01T00:00:00Z")).size(), 2U);
}

TEST_F(ListRoutes, RefuseWhatMakesNoSense) {
  for (const auto* query :
       {"limit=0", "limit=201", "limit=x", "status=done", "batch=1", "created_after=yesterday",
        "colour=red", "status=failed&status=pending", "all=true"}) {
    const auto refused = ask("GET", std::string{"/v1/jobs?"} + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_EQ(refused.problem_code(), "invalid_parameter") << query;
  }
  EXPECT_THAT(ask("GET", "/v1/jobs?colour=red").member("detail"), HasSubstr("'colour'"));
}

TEST_F(ListRoutes, RefuseTheCursorOfAnotherListing) {
  (void)make();
  (void)make();
  const auto cursor = ask("GET", "/v1/jobs?limit=1").member("next");
  EXPECT_EQ(ask("GET", "/v1/jobs?cursor=" + cursor).status, 200);
  for (const auto& target : {"/v1/jobs?status=failed&cursor=" + cursor,
                             std::string{"/v1/jobs?cursor=x"}, std::string{"/v1/jobs?cursor="}}) {
    const auto refused = ask("GET", target);
    EXPECT_EQ(refused.status, 400) << target;
    EXPECT_EQ(refused.problem_code(), "invalid_cursor") << target;
  }
}

TEST_F(ListRoutes, SendAgainWhatHasFailed) {
  const auto failed = make();
  const auto waiting = make();
  fail(failed);
  const auto sent = ask("POST", "/v1/jobs/retry?status=failed");
  EXPECT_EQ(sent.status, 200) << sent.body;
  EXPECT_EQ(sent.body, R"({"done":1,"next":null})");
  EXPECT_EQ(ask("GET", "/v1/jobs/" + failed).member("status"), "pending");
  EXPECT_EQ(ask("POST", "/v1/jobs/retry?all=true").body, R"({"done":0,"next":null})");
}

TEST_F(ListRoutes, RemoveJobsWithTheirFiles) {
  const auto failed = make("a.jpg");
  const auto kept = make("b.jpg");
  fail(failed);
  const auto files = server_.stored_files();
  EXPECT_EQ(ask("DELETE", "/v1/jobs?status=failed").body, R"({"done":1,"next":null})");
  EXPECT_EQ(ask("GET", "/v1/jobs/" + failed).status, 404);
  EXPECT_EQ(ask("GET", "/v1/jobs/" + kept).status, 200);
  EXPECT_EQ(server_.stored_files(), files - 1);
}

TEST_F(ListRoutes, ChangeAllJobsOnlyWhereThatIsSaid) {
  (void)make();
  (void)make();
  for (const auto* query : {"", "?limit=5", "?all=true&status=failed", "?all=yes"}) {
    EXPECT_EQ(ask("DELETE", std::string{"/v1/jobs"} + query).status, 400) << query;
    EXPECT_EQ(ask("POST", std::string{"/v1/jobs/retry"} + query).status, 400) << query;
  }
  EXPECT_EQ(server_.jobs().size(), 2U);
  const auto first = ask("DELETE", "/v1/jobs?all=true&limit=1");
  EXPECT_EQ(first.member("done"), "1");
  EXPECT_THAT(first.member("next"), Not(""));
  EXPECT_EQ(ask("DELETE", "/v1/jobs?all=true&cursor=" + first.member("next")).member("done"), "1");
  EXPECT_EQ(server_.jobs().size(), 0U);
}

}  // namespace
}  // namespace darkroom::http
