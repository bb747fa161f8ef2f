#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/problem.hpp"
#include "tests/files/content_of.hpp"

// docs/http-api.md and the table of problems say the same.

namespace darkroom::http {
namespace {

std::string table_of_problems() {
  std::string table = "| code | status | Retry-After | meaning |\n| --- | --- | --- | --- |\n";
  for (int i = 0; i <= static_cast<int>(ProblemCode::store_full); ++i) {
    const ProblemKind& kind = kind_of(static_cast<ProblemCode>(i));
    table += fmt::format("| `{}` | {} | {} | {} |\n", kind.name, kind.status,
                         kind.retryable() ? std::to_string(kind.retry_after_seconds) : "",
                         kind.explanation);
  }
  return table;
}

TEST(HttpApiDoc, HasEveryProblemAsTheServiceTellsIt) {
  EXPECT_THAT(tests::content_of(DARKROOM_HTTP_API_DOC), ::testing::HasSubstr(table_of_problems()));
}

}  // namespace
}  // namespace darkroom::http
