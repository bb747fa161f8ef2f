#include "http/prefer.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

namespace darkroom::http {
namespace {

std::optional<std::chrono::seconds> wait_of(std::initializer_list<const char*> fields) {
  httplib::Request request;
  for (const char* field : fields)
    request.headers.emplace("Prefer", field);
  return preferred_wait(request);
}

TEST(Prefer, SaysHowLongToWait) {
  using std::chrono::seconds;
  EXPECT_EQ(wait_of({"wait=10"}), seconds{10});
  EXPECT_EQ(wait_of({"respond-async, WAIT = \"7\"; x=1"}), seconds{7});
  EXPECT_EQ(wait_of({"return=minimal", "wait=3"}), seconds{3});
  EXPECT_EQ(wait_of({"wait=1, wait=2"}), seconds{1});
  for (const char* field : {"wait=4294967295", "wait=4294967296", "wait=99999999999999999999999"})
    EXPECT_EQ(wait_of({field}), seconds{4'294'967'295}) << field;
}

TEST(Prefer, IsNoErrorWhereItCannotBeRead) {
  for (const char* field : {"", "wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "await=3",
                            "wait=99999999999x", ",,;=,"}) {
    EXPECT_FALSE(wait_of({field})) << field;
  }
  EXPECT_FALSE(wait_of({}));
}

}  // namespace
}  // namespace darkroom::http
