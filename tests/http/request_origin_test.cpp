#include "http/request_origin.hpp"

#include <gtest/gtest.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

RequestHead request(std::string_view method, std::string_view host,
                    std::vector<HeaderField> fields = {}) {
  RequestHead head;
  head.method = method;
  head.authority = host;
  head.fields = std::move(fields);
  return head;
}

/// The code of the refusal, or "none".
std::string refusal(const OriginRules& rules, const RequestHead& head) {
  const auto problem = rules.refusal(head);
  return problem ? std::string{kind_of(problem->code).name} : "none";
}

TEST(RequestOrigin, OnLoopbackMustCallItByANameOfThisMachine) {
  const OriginRules rules{"auto", true};
  for (const auto* host : {"localhost", "LocalHost:8000", "localhost.", "a.localhost", "127.0.0.1",
                           "127.1.2.3:80", "[::1]", "[::1]:8000", ""}) {
    EXPECT_EQ(refusal(rules, request("GET", host)), "none") << host;
  }
  for (const auto* host :
       {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "notlocalhost",
        "127.0.0.1evil", "128.0.0.1", "[::2]", "[::1", "0x7f.1", "@localhost", ":8000"}) {
    EXPECT_EQ(refusal(rules, request("GET", host)), "wrong_host") << host;
  }
}

TEST(RequestOrigin, OnOtherAddressesMayCallItByAnyName) {
  const OriginRules rules{"auto", false};
  EXPECT_EQ(refusal(rules, request("GET", "pictures.example")), "none");
}

TEST(RequestOrigin, MustCallItByANameThatIsAllowed) {
  const OriginRules rules{"Pictures.example, [fd00::1]", false};
  EXPECT_EQ(refusal(rules, request("GET", "pictures.EXAMPLE:8000")), "none");
  EXPECT_EQ(refusal(rules, request("GET", "[fd00::1]:1")), "none");
  EXPECT_EQ(refusal(rules, request("GET", "localhost")), "wrong_host");
  const OriginRules both{"auto,pictures.example", true};
  EXPECT_EQ(refusal(both, request("GET", "pictures.example")), "none");
  EXPECT_EQ(refusal(both, request("GET", "localhost")), "none");
  EXPECT_EQ(refusal(OriginRules{"*", true}, request("GET", "whatever")), "none");
}

TEST(RequestOrigin, MayCallItByItsPublicUrl) {
  const OriginRules rules{"auto", true, "https://Pictures.example:8443"};
  EXPECT_EQ(refusal(rules, request("GET", "pictures.example:8443")), "none");
  EXPECT_EQ(refusal(rules, request("GET", "pictures.example")), "none");
  EXPECT_EQ(refusal(rules, request("GET", "localhost")), "none");
  EXPECT_EQ(refusal(rules, request("GET", "evil.example")), "wrong_host");
  EXPECT_EQ(refusal(OriginRules{"auto", true, ""}, request("GET", "x.example")), "wrong_host");
}

TEST(RequestOrigin, MayChangeNothingFromAForeignPage) {
  const OriginRules rules{"auto", true};
  for (const auto* site : {"cross-site", "same-site", "something"}) {
    const std::vector<HeaderField> fields{{"sec-fetch-site", site}};
    EXPECT_EQ(refusal(rules, request("POST", "localhost", fields)), "cross_site") << site;
    EXPECT_EQ(refusal(rules, request("DELETE", "localhost", fields)), "cross_site") << site;
    EXPECT_EQ(refusal(rules, request("GET", "localhost", fields)), "none") << site;
  }
  for (const auto* site : {"same-origin", "none"}) {
    // Fetch Metadata counts for more than Origin: a proxy may have changed the Host.
    const std::vector<HeaderField> fields{{"Sec-Fetch-Site", site},
                                          {"Origin", "https://a.example"}};
    EXPECT_EQ(refusal(rules, request("POST", "localhost", fields)), "none") << site;
  }
}

TEST(RequestOrigin, IsKnownByOriginWhereTheBrowserSendsNothingElse) {
  const OriginRules rules{"auto", true};
  for (const auto* origin : {"http://evil.example", "http://localhost:9000", "null", ""}) {
    EXPECT_EQ(refusal(rules, request("POST", "localhost:8000", {{"Origin", origin}})), "cross_site")
        << origin;
  }
  EXPECT_EQ(
      refusal(rules, request("POST", "localhost:8000", {{"Origin", "http://localhost:8000"}})),
      "none");
  EXPECT_EQ(refusal(rules, request("POST", "localhost:8000")), "none");
}

TEST(RequestOrigin, OfAForeignPageStoresNothing) {
  TestServer server;
  const std::string body = file_part(pnm_picture(4, 3)) + "--frontier--\r\n";
  const std::string type = "Content-Type: multipart/form-data; boundary=frontier\r\n";
  const auto posted = server.exchange(
      request_text("POST", "/v1/jobs", type + "Sec-Fetch-Site: cross-site\r\n", body));
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->status, 403);
  EXPECT_EQ(posted->problem_code(), "cross_site");

  const auto rebound = server.exchange("GET /v1/jobs/x HTTP/1.1\r\nHost: evil.example:" +
                                       std::to_string(server.port()) + "\r\n\r\n");
  ASSERT_TRUE(rebound);
  EXPECT_EQ(rebound->status, 421);
  EXPECT_EQ(rebound->problem_code(), "wrong_host");
  EXPECT_EQ(rebound->field("connection"), "close");
  EXPECT_EQ(server.jobs().size(), 0U);
  EXPECT_TRUE(server.reaches_stored_files(0));
}

TEST(RequestOrigin, MayBeAnyWhereTheOperatorSaysSo) {
  Options options;
  options.allowed_hosts = "pictures.example";
  TestServer server{options};
  EXPECT_EQ(server.exchange("GET /healthz HTTP/1.1\r\nHost: pictures.example\r\n\r\n")->status,
            200);
  EXPECT_EQ(server.exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")->status, 421);
}

}  // namespace
}  // namespace darkroom::http
