#include "http/problem.hpp"

#include <set>

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(Problem, IsWrittenAsProblemDetails) {
  EXPECT_EQ(to_json({ProblemCode::queue_full, "There are \"100\" jobs."}),
            R"({"type":"/problems/queue-full","title":"The queue is full","status":503,)"
            R"("detail":"There are \"100\" jobs.","code":"queue_full","retryable":true})"
            "\n");
}

TEST(Problem, IsValidJsonWhateverTheDetail) {
  const std::string json = to_json({ProblemCode::no_file, "\xFF\n\x01"});
  EXPECT_NE(json.find("\"detail\":\"\xEF\xBF\xBD\\n\\u0001\""), std::string::npos) << json;
}

TEST(Problem, AsAWholeAnswerHasADate) {
  const std::string response = to_response({ProblemCode::too_many_connections, "Too many."}, "r-1");
  EXPECT_NE(response.find("\r\nDate: "), std::string::npos) << response;
  EXPECT_NE(response.find("\r\nRetry-After: 1\r\n"), std::string::npos) << response;
}

TEST(Problem, AsAWholeAnswerHasTheIdOfItsRequest) {
  const std::string response = to_response({ProblemCode::internal, "Oh."}, "r-1");
  EXPECT_NE(response.find("\r\nX-Request-Id: r-1\r\n"), std::string::npos) << response;
  EXPECT_NE(response.find("\"request_id\":\"r-1\"}"), std::string::npos) << response;
}

TEST(Problem, EveryCodeHasATypeOfItsOwn) {
  std::set<std::string> types;
  for (int i = 0; i <= static_cast<int>(ProblemCode::store_full); ++i) {
    const auto code = static_cast<ProblemCode>(i);
    const std::string type = problem_type(code);
    EXPECT_TRUE(types.insert(type).second) << type;
    EXPECT_EQ(find_problem(type.substr(std::string{"/problems/"}.size())), code);
    EXPECT_GE(kind_of(code).status, 400);
    EXPECT_FALSE(kind_of(code).explanation.empty());
  }
  EXPECT_EQ(find_problem("no-such-problem"), std::nullopt);
}

}  // namespace
}  // namespace darkroom::http
