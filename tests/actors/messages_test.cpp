#include "actors/messages.hpp"

#include <vector>

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <gtest/gtest.h>

#include "tests/actors/virtual_time_test.hpp"

namespace darkroom::actors {
namespace {

class MessagesTest : public VirtualTimeTest {
 protected:
  template <class T>
  T over_the_wire(T value) {
    std::vector<char> bytes;
    caf::binary_serializer sink{system(), bytes};
    EXPECT_FALSE(sink(value));
    T copy;
    caf::binary_deserializer source{system(), bytes};
    EXPECT_FALSE(source(copy));
    return copy;
  }
};

TEST_F(MessagesTest, ATaskTravelsWhole) {
  const Task task{jobs::JobId::generate(now()), jobs::LeaseToken::generate(), 3,
                  "uploads/originals/x.jpg", jobs::default_preset().renditions};
  const auto copy = over_the_wire(task);
  EXPECT_EQ(copy.job, task.job);
  EXPECT_EQ(copy.token, task.token);
  EXPECT_EQ(copy.attempt, 3U);
  EXPECT_EQ(copy.original_key, task.original_key);
  EXPECT_EQ(copy.renditions, task.renditions);
}

TEST_F(MessagesTest, AReportTravelsWhole) {
  JobReport report{
      {"anna", 3},        jobs::JobId::generate(now()),       jobs::LeaseToken::generate(),
      JobOutcome::failed, {jobs::ErrorKind::permanent, "no"}, {}};
  report.results.emplace_back().name = "thumbnail";
  const auto copy = over_the_wire(report);
  EXPECT_EQ(copy.worker, report.worker);
  EXPECT_EQ(copy.outcome, JobOutcome::failed);
  EXPECT_EQ(copy.error, report.error);
  EXPECT_EQ(copy.results.at(0).name, "thumbnail");
}

TEST_F(MessagesTest, AServiceErrorKeepsItsCodeAndWords) {
  const auto back = to_service_error(make_error({ServiceErrorCode::queue_full, "too many"}));
  EXPECT_EQ(back.code, ServiceErrorCode::queue_full);
  EXPECT_EQ(back.message, "too many");
}

}  // namespace
}  // namespace darkroom::actors
