#include "nodes/queue_warnings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(QueueWarnings, NameTheQueueThatWasProbablyMeant) {
  EXPECT_THAT(
      queue_warnings({"default", "meida"}, {"default", "media"}),
      ElementsAre("--queues: the coordinator has no queue \"meida\" (it has: default, "
                  "media); this node takes its jobs once there is one; did you mean media?"));
}

TEST(QueueWarnings, AreNoneForQueuesThatAreThere) {
  EXPECT_THAT(queue_warnings({"media"}, {"default", "media"}), IsEmpty());
  EXPECT_THAT(queue_warnings({}, {"default"}), IsEmpty()) << "that is all of them";
}

}  // namespace
}  // namespace darkroom::nodes
