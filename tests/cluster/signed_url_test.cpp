#include <string>

#include <gtest/gtest.h>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/free_port.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

const std::string only_signed = "--http-signed-urls=always";

std::string without_query(const std::string& url) {
  return url.substr(0, url.find('?'));
}

TEST(SignedUrl, IsStillGoodAfterARestart) {
  const tests::TemporaryFolder folder;
  const std::string picture = jpeg_of(quadrants(60, 40));
  std::string url;
  {
    const ServiceProcess service{folder.path() / "data", 1, {only_signed}};
    const auto id = service.client().create_job("small.jpg", picture);
    const auto job = service.client().wait_for_end(id);
    ASSERT_EQ(job.status, "completed") << job.error_message;
    for (const auto& rendition : job.renditions)
      EXPECT_EQ(service.client().get(rendition.url).body.size(), rendition.bytes);
    url = job.original_url;
  }
  const ServiceProcess service{folder.path() / "data", 1, {only_signed}};
  EXPECT_TRUE(service.client().get(url).body == picture);
  EXPECT_EQ(service.client().get(without_query(url)).status, 403);
}

TEST(SignedUrl, OfOneNodeIsGoodAtEach) {
  const tests::TemporaryFolder folder;
  const std::string join = std::to_string(free_port());
  const ServiceProcess service{folder.path() / "data", 1, {only_signed, "--node-join=" + join}};
  const int port = free_port();
  const Program ingest{{"ingest", "--config=none", "--name=door", only_signed,
                        "--join=127.0.0.1:" + join, "--http-port=" + std::to_string(port),
                        "--storage-path=" + (folder.path() / "door").string()}};
  ASSERT_TRUE(ingest.wait_for_output("connected to the coordinator"));
  const ApiClient door{port};
  const std::string picture = jpeg_of(quadrants(60, 40));
  const auto id = door.create_job("small.jpg", picture);
  const auto there = door.job(id).original_url;
  EXPECT_TRUE(door.get(there).body == picture);
  EXPECT_TRUE(service.client().get(there).body == picture);
  const auto here = service.client().job(id).original_url;
  EXPECT_TRUE(door.get(here).body == picture);
  EXPECT_EQ(door.get(without_query(here)).status, 403);
}

}  // namespace
}  // namespace darkroom::cluster
