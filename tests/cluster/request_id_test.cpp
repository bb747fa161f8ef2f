#include <algorithm>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

// What a request is called by goes with its job to the worker that does it.

namespace darkroom::cluster {
namespace {

using testing::HasSubstr;

/// The line of the log with all these words; empty where there is none.
std::string line_with(const std::string& log, std::initializer_list<std::string_view> words) {
  std::istringstream lines{log};
  for (std::string line; std::getline(lines, line);) {
    const bool all = std::ranges::all_of(
        words, [&](std::string_view word) { return line.find(word) != std::string::npos; });
    if (all) return line;
  }
  return {};
}

TEST(RequestId, IsInTheLogOfTheWorker) {
  const tests::TemporaryFolder folder;
  const ServiceProcess service{folder.path() / "data", 1, {"--log-level=debug"}};
  httplib::Client client{"127.0.0.1", service.port()};
  const auto created =
      client.Post("/v1/jobs",
                  {{"X-Request-Id", "order-4711"},
                   {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}},
                  jpeg_of(quadrants(60, 40)), "image/jpeg");
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 201) << created->body;
  EXPECT_EQ(created->get_header_value("X-Request-Id"), "order-4711");
  const std::string id = created->get_header_value("Location").substr(sizeof("/v1/jobs/") - 1);
  ASSERT_EQ(service.client().wait_for_end(id).status, "completed");
  EXPECT_THAT(service.client().get("/v1/jobs/" + id).body,
              HasSubstr("\"request_id\":\"order-4711\""));
  const std::string pairs = "job=" + id + " ";
  const std::string where = "request=order-4711 trace=4bf92f3577b34da6a3ce929d0e0e4736";
  ASSERT_TRUE(service.program().wait_for_output("job completed"));
  const std::string log = service.program().output();
  EXPECT_NE(line_with(log, {"[local-1]", "task begins", pairs, where}), "") << log;
  EXPECT_NE(line_with(log, {"[coordinator]", "job created", pairs, where}), "") << log;
  EXPECT_NE(line_with(log, {"[coordinator]", "job completed", pairs, where}), "") << log;
}

}  // namespace
}  // namespace darkroom::cluster
