#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

using Sides = std::pair<std::uint64_t, std::uint64_t>;
using SidesByName = std::map<std::string, Sides>;

class MainJob : public ::testing::Test {
 protected:
  /// Checks the job and each of its renditions as a client downloads them.
  void expect_renditions(const JobReport& job, const imaging::Frame& original,
                         const SidesByName& expected) {
    EXPECT_EQ(job.status, "completed");
    EXPECT_EQ(job.error_message, "");
    ASSERT_EQ(job.renditions.size(), expected.size());
    for (const JobReport::Rendition& rendition : job.renditions) {
      SCOPED_TRACE(rendition.name);
      ASSERT_TRUE(expected.contains(rendition.name));
      const Answer answer = service_.client().get(rendition.url);
      ASSERT_EQ(answer.status, 200) << answer.body;
      EXPECT_EQ(answer.content_type, "image/jpeg");
      EXPECT_EQ(rendition.content_type, "image/jpeg");
      EXPECT_EQ(answer.body.size(), rendition.bytes);
      const imaging::FramePtr picture = decoded(answer.body);
      EXPECT_EQ(Sides(picture->width(), picture->height()), expected.at(rendition.name));
      EXPECT_EQ(Sides(rendition.width, rendition.height), expected.at(rendition.name));
      EXPECT_LT(mean_difference(*picture, original), 4.0);
      // The measure would find out a picture that is the wrong way round.
      EXPECT_GT(mean_difference(*picture, mirrored(original)), 20.0);
    }
  }

  tests::TemporaryFolder folder_;
  ServiceProcess service_{folder_.path() / "data"};
};

TEST_F(MainJob, MakesTheRenditionsOfAJpeg) {
  const imaging::Frame original = quadrants(1600, 1200);
  const Answer answer = service_.client().upload("holiday.jpg", jpeg_of(original));
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(answer.content_type, "application/json");
  const std::string id = parse_job_report(answer.body).id;
  EXPECT_EQ(answer.location, "/v1/jobs/" + id);
  expect_renditions(
      service_.client().wait_for_end(id), original,
      {{"resized", {1024, 768}}, {"compressed", {1600, 1200}}, {"thumbnail", {300, 225}}});
}

TEST_F(MainJob, MakesTheRenditionsOfAnUprightPng) {
  const imaging::Frame original = quadrants(900, 1200);
  const std::string id = service_.client().create_job("door.png", png_of(original));
  expect_renditions(
      service_.client().wait_for_end(id), original,
      {{"resized", {768, 1024}}, {"compressed", {900, 1200}}, {"thumbnail", {225, 300}}});
}

TEST_F(MainJob, LaysTransparencyOnWhite) {
  const std::string id =
      service_.client().create_job("logo.png", png_of(half_transparent(400, 200)));
  const JobReport job = service_.client().wait_for_end(id);
  ASSERT_EQ(job.status, "completed") << job.error_message;
  for (const JobReport::Rendition& rendition : job.renditions) {
    SCOPED_TRACE(rendition.name);
    const imaging::FramePtr picture = decoded(service_.client().get(rendition.url).body);
    ASSERT_EQ(picture->layout(), imaging::PixelLayout::rgb);
    const std::size_t row = std::size_t{picture->height()} / 2 * picture->width();
    const auto left = picture->samples().subspan((row + picture->width() / 4) * 3, 3);
    const auto right = picture->samples().subspan((row + picture->width() * 3 / 4) * 3, 3);
    EXPECT_THAT(left,
                ::testing::ElementsAre(::testing::Ge(245), ::testing::Le(10), ::testing::Le(10)));
    EXPECT_THAT(right, ::testing::Each(::testing::Ge(245)));
  }
}

TEST_F(MainJob, TheProcessCommandWritesTheSameBytes) {
  const std::string file = jpeg_of(quadrants(1600, 1200));
  const JobReport job =
      service_.client().wait_for_end(service_.client().create_job("holiday.jpg", file));
  ASSERT_EQ(job.status, "completed") << job.error_message;
  const auto output = folder_.path() / "out";
  Program process{{"process", "--config=none", folder_.write("holiday.jpg", file).string(), "-o",
                   output.string()}};
  ASSERT_EQ(process.wait_for_exit(), 0);
  for (const JobReport::Rendition& rendition : job.renditions) {
    SCOPED_TRACE(rendition.name);
    const std::string made = tests::content_of(output / ("holiday-" + rendition.name + ".jpg"));
    EXPECT_FALSE(made.empty());
    // Not EXPECT_EQ, which would print the files.
    EXPECT_TRUE(made == service_.client().get(rendition.url).body);
  }
}

TEST_F(MainJob, ADeletedJobLeavesNothingBehind) {
  const std::string id = service_.client().create_job("holiday.jpg", jpeg_of(quadrants(600, 400)));
  const JobReport job = service_.client().wait_for_end(id);
  ASSERT_EQ(job.status, "completed") << job.error_message;
  std::vector<std::string> urls{job.original_url};
  for (const JobReport::Rendition& rendition : job.renditions)
    urls.push_back(rendition.url);
  const auto path_of = [this](const std::string& url) {
    return folder_.path() / "data" / url.substr(std::string{"/files/"}.size());
  };
  for (const std::string& url : urls)
    EXPECT_TRUE(std::filesystem::exists(path_of(url))) << url;

  EXPECT_EQ(service_.client().remove("/v1/jobs/" + id).status, 204);

  EXPECT_EQ(service_.client().get("/v1/jobs/" + id).status, 404);
  for (const std::string& url : urls) {
    EXPECT_EQ(service_.client().get(url).status, 404) << url;
    EXPECT_FALSE(std::filesystem::exists(path_of(url))) << url;
  }
}

}  // namespace
}  // namespace darkroom::cluster
