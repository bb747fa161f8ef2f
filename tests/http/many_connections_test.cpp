#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

constexpr int clients = 1'000;

// Of this process, clients and server together.
std::uint64_t resident_mib() {
  std::ifstream statistics{"/proc/self/statm"};
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  statistics >> all >> resident;
  return (resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))) >> 20U;
}

// A shell's limit is 1,024 as a rule; each client takes two here.
bool allow_open_files(rlim_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= count) return true;
  limit.rlim_cur = count;
  return limit.rlim_max >= count && ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

TEST(ManyConnections, AThousandClientsAreServedAndKeptAlive) {
  if (!allow_open_files(2 * clients + 200)) GTEST_SKIP() << "too few files may be open";
  Options options;
  options.keep_alive_timeout = std::chrono::minutes{1};
  TestServer server{options};
  const std::uint64_t before = resident_mib();
  std::vector<std::unique_ptr<RawClient>> all;
  for (int i = 0; i < clients; ++i)
    all.push_back(std::make_unique<RawClient>(server.port()));
  for (int round = 0; round < 3; ++round) {
    for (const auto& client : all)
      ASSERT_TRUE(client->send(request_text("GET", "/healthz")));
    for (const auto& client : all) {
      const auto response = client->receive();
      ASSERT_TRUE(response);
      ASSERT_EQ(response->status, 200);
    }
  }
  const std::uint64_t grown = resident_mib() - before;
  RecordProperty("mib", static_cast<int>(grown));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(grown, 150U);
#endif
  // The next one is served as well.
  EXPECT_EQ(server.exchange(request_text("GET", "/healthz"))->status, 200);
}

}  // namespace
}  // namespace darkroom::http
