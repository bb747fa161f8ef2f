#include "tunnel/refusal_log.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tunnel/log_capture.hpp"

namespace darkroom::tunnel {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(RefusalLog, SaysWhoAndWhyOncePerAddress) {
  const tests::LogCapture logged;
  RefusalLog log;
  RefusalLog::Time now{1h};
  for (int i = 0; i < 100; ++i)
    log.refused("192.0.2.1", "it does not speak TLS", now);
  log.refused("192.0.2.2", "it has no certificate", now);
  EXPECT_EQ(logged.text(),
            "warning: node port: refused 192.0.2.1: it does not speak TLS\n"
            "warning: node port: refused 192.0.2.2: it has no certificate (99 more were refused "
            "before)\n");
}

TEST(RefusalLog, IsNotFloodedByManyAddresses) {
  const tests::LogCapture logged;
  RefusalLog log;
  const RefusalLog::Time start{1h};
  for (int i = 0; i < 60'000; ++i)
    log.refused(std::to_string(i), "it does not speak TLS", start + i * 1ms);
  const std::string text = logged.text();
  EXPECT_EQ(std::ranges::count(text, '\n'), 60);
  log.refused("192.0.2.1", "why", start + 2min);
  EXPECT_THAT(logged.text(), HasSubstr("192.0.2.1: why ("));
}

}  // namespace
}  // namespace darkroom::tunnel
