#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Refusals, ATextFileIsNoPicture) {
  const tests::TemporaryFolder folder;
  const ServiceProcess service{folder.path() / "data"};
  const Answer answer = service.client().upload("notes.jpg", "Milk, bread, two lemons.\n");
  EXPECT_EQ(answer.status, 415);
  EXPECT_THAT(answer.body, AllOf(HasSubstr("not_an_image"), HasSubstr("JPEG, PNG")));
}

TEST(Refusals, ATruncatedJpegIsNamedAsSuch) {
  const tests::TemporaryFolder folder;
  const ServiceProcess service{folder.path() / "data"};
  std::string file = jpeg_of(quadrants(800, 600));
  file.resize(file.size() / 2);
  const std::string id = service.client().create_job("half.jpg", file);
  const JobReport job = service.client().wait_for_end(id);
  EXPECT_EQ(job.status, "failed");
  EXPECT_THAT(job.error_message, ::testing::ContainsRegex("cut off|ends|truncated|incomplete"));
  EXPECT_EQ(job.attempts.size(), 1U) << "a damaged picture is not worth a second attempt";
}

TEST(Refusals, AHugePictureCostsNoMemory) {
  const tests::TemporaryFolder folder;
  ServiceProcess service{folder.path() / "data"};
  const auto before = peak_memory_kib(service.program().pid());
  const Answer answer = service.client().upload("huge.png", png_claiming(30'000, 30'000));
  const auto after = peak_memory_kib(service.program().pid());
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body, AllOf(HasSubstr("too_many_pixels"), HasSubstr("30000x30000")));
  ASSERT_TRUE(before && after);
  EXPECT_LT(*after - *before, 32U * 1024) << "KiB; the pixels would take 2.5 GiB";
}

TEST(Refusals, APortInUseIsNamed) {
  const tests::TemporaryFolder folder;
  const ServiceProcess first{folder.path() / "data"};
  auto arguments = serve_arguments(folder.path() / "other", 1);
  arguments.push_back("--http-port=" + std::to_string(first.port()));
  Program second{arguments};
  EXPECT_EQ(second.wait_for_exit(), 1);
  EXPECT_THAT(second.output(),
              AllOf(HasSubstr("127.0.0.1 port " + std::to_string(first.port())),
                    HasSubstr("Address already in use"), HasSubstr("[http] port")));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "other"));
}

TEST(Refusals, TwoServicesDoNotShareAFolder) {
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  const ServiceProcess first{data};
  Program second{serve_arguments(data, 1)};
  EXPECT_EQ(second.wait_for_exit(), 1);
  EXPECT_THAT(second.output(),
              AllOf(HasSubstr(data.string()), HasSubstr("another darkroom process has it open")));
  EXPECT_EQ(first.client().get("/readyz").status, 200);
}

TEST(Refusals, PicturesWhoseJobStoreIsAwayAreLeftAlone) {
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  {
    const ServiceProcess service{data};
    EXPECT_NE(service.client().create_job("small.ppm", ppm_of(quadrants(40, 30))), "");
  }
  std::filesystem::rename(data / "jobs", folder.path() / "jobs");
  Program second{serve_arguments(data, 1)};
  EXPECT_EQ(second.wait_for_exit(), 1);
  EXPECT_THAT(second.output(), HasSubstr("no job store in " + (data / "jobs").string()));
  EXPECT_FALSE(std::filesystem::exists(data / "jobs"));
}

TEST(Refusals, AnUnknownFlagIsNamed) {
  Program program{{"serve", "--config=none", "--http-prot=8000"}};
  EXPECT_EQ(program.wait_for_exit(), 2);
  EXPECT_THAT(program.output(), HasSubstr("--http-prot"));
}

}  // namespace
}  // namespace darkroom::cluster
