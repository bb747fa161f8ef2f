#include <csignal>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

namespace darkroom::cluster {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

std::size_t number_of_originals(const std::filesystem::path& data) {
  std::size_t count = 0;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator{data / "uploads" / "originals", none}) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

/// Twenty photographs, each of a size of its own.
std::vector<std::pair<std::string, std::string>> photographs() {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::uint32_t i = 0; i < 20; ++i)
    files.emplace_back("p" + std::to_string(i) + ".jpg", jpeg_of(quadrants(1'600 + i, 1'200)));
  return files;
}

TEST(Batches, AreCompletedOnceThoughTheServiceIsKilledInTheMiddle) {
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  const auto files = photographs();
  std::string location;
  std::string ended;
  {
    ServiceProcess service{data};
    const ApiClient& client = service.client();
    const Answer made = client.upload_batch(files, "batch-1");
    ASSERT_EQ(made.status, 201) << made.body;
    location = made.location;
    ended = "batch completed batch=" + parse_batch_report(made.body).id;
    ASSERT_TRUE(
        eventually([&] { return parse_batch_report(client.get(location).body).completed >= 3; }));
    service.program().send(SIGKILL);
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
    ASSERT_EQ(count_of(service.program().output(), ended), 0U) << "it was not in the middle";
  }
  std::string completed_at;
  {
    ServiceProcess service{data};
    const ApiClient& client = service.client();
    const Answer again = client.upload_batch(files, "batch-1");
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.location, location);
    ASSERT_TRUE(service.program().wait_for_output(ended));
    const auto batch = parse_batch_report(client.get(location).body);
    EXPECT_EQ(batch.status, "completed");
    EXPECT_EQ(batch.total, 20U);
    EXPECT_EQ(batch.completed, 20U) << batch.failed << " failed";
    completed_at = batch.completed_at;
    EXPECT_NE(completed_at, "");
    EXPECT_EQ(number_of_originals(data), 20U) << "what was sent again is not kept";
    EXPECT_EQ(count_of(service.program().output(), ended), 1U);
    const Answer stream = client.get("/v1/events?batch=" + batch.id);
    EXPECT_EQ(count_of(stream.body, "event: batch.completed\n"), 1U) << stream.body;
    service.program().send(SIGKILL);
    ASSERT_EQ(service.program().wait_for_exit(), 128 + SIGKILL);
  }
  const ServiceProcess service{data};
  EXPECT_EQ(parse_batch_report(service.client().get(location).body).completed_at, completed_at);
  EXPECT_EQ(count_of(service.program().output(), ended), 0U);
}

TEST(Batches, OfWhichOneFileIsBadLeaveNothing) {
  const tests::TemporaryFolder folder;
  const auto data = folder.path() / "data";
  const ServiceProcess service{data};
  auto files = photographs();
  files[11] = {"note.jpg", "I am text, not a picture.\n"};
  const Answer refused = service.client().upload_batch(files);
  EXPECT_EQ(refused.status, 415);
  EXPECT_NE(refused.body.find("File 12, 'note.jpg': "), std::string::npos) << refused.body;
  EXPECT_EQ(number_of_originals(data), 0U);
  EXPECT_EQ(service.client().get("/v1/jobs").body.find("\"id\""), std::string::npos);
}

}  // namespace
}  // namespace darkroom::cluster
