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

/// Every option other than its default.
jobs::RenditionSpec full_spec() {
  return {.name = "poster",
          .operation = jobs::Operation::thumbnail,
          .width = 1600,
          .height = 900,
          .quality = 75,
          .format = jobs::OutputFormat::avif,
          .folder = "posters",
          .fit = jobs::Fit::cover,
          .gravity = jobs::Gravity::smart,
          .focus = jobs::FocalPoint{0.1, 0.9},
          .enlarge = true,
          .background = {1, 2, 3},
          .lossless = true,
          .progressive = true,
          .subsampling = jobs::ChromaSubsampling::s444,
          .effort = 9,
          .max_bytes = 5'000'000'000,
          .sharpen = 0.7,
          .linear_light = true,
          .keep_copyright = true,
          .watermark = jobs::Watermark{.name = "logo",
                                       .image = "/srv/logo.png",
                                       .position = jobs::Gravity::north,
                                       .opacity = 0.25,
                                       .scale = 0.15}};
}

TEST_F(MessagesTest, ATaskTravelsWhole) {
  const Task task{jobs::JobId::generate(now()),
                  jobs::LeaseToken::generate(),
                  3,
                  "uploads/originals/x.jpg",
                  {jobs::default_preset().renditions[0], full_spec()}};
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
  report.findings = {.blurhash = "LEHV6nWB2yk8", .dominant_colour = std::nullopt};
  const auto copy = over_the_wire(report);
  EXPECT_EQ(copy.worker, report.worker);
  EXPECT_EQ(copy.outcome, JobOutcome::failed);
  EXPECT_EQ(copy.error, report.error);
  EXPECT_EQ(copy.results.at(0).name, "thumbnail");
  EXPECT_EQ(copy.findings, report.findings);
}

TEST_F(MessagesTest, AServiceErrorKeepsItsCodeAndWords) {
  const auto back = to_service_error(make_error({ServiceErrorCode::queue_full, "too many"}));
  EXPECT_EQ(back.code, ServiceErrorCode::queue_full);
  EXPECT_EQ(back.message, "too many");
}

}  // namespace
}  // namespace darkroom::actors
