#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/free_port.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

// `darkroom keys` beside a running service, and what its clients see.

namespace darkroom::cluster {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class ApiKeys : public ::testing::Test {
 protected:
  [[nodiscard]] std::pair<int, std::string> run(std::vector<std::string> arguments) const {
    arguments.push_back("--storage-path=" + data().string());
    arguments.emplace_back("--config=none");
    Program program{arguments};
    const auto code = program.wait_for_exit();
    return {code.value_or(-1), program.output()};
  }

  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }

  /// The key itself.
  [[nodiscard]] std::string create(const std::string& scope,
                                   const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"keys", "create", "--name=test", "--scope=" + scope};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto [code, output] = run(arguments);
    EXPECT_EQ(code, 0) << output;
    std::smatch found;
    std::regex_search(output, found, std::regex{"dk_[0-9a-f]{12}_[-_A-Za-z0-9]{43}"});
    return found.str();
  }

  [[nodiscard]] static std::string id_of(const std::string& key) { return key.substr(3, 12); }

  /// Whether any file of the data folder has this text.
  [[nodiscard]] bool is_on_disk(const std::string& text) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{data()}) {
      if (entry.is_regular_file() &&
          tests::content_of(entry.path()).find(text) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  const std::string picture_ = jpeg_of(quadrants(40, 30));
  tests::TemporaryFolder folder_;
};

TEST_F(ApiKeys, AreWantedFromTheFirstOneOnAndOverRestarts) {
  std::optional<ServiceProcess> service{std::in_place, data()};
  const std::string before = service->client().create_job("before.jpg", picture_);
  EXPECT_EQ(run({"keys", "list"}).second, "there are no keys, and requests need none\n");

  const std::string key = create("write");
  ASSERT_EQ(key.size(), 59U);
  ASSERT_TRUE(
      eventually([&] { return service->client().upload("a.jpg", picture_).status == 401; }, 2s));
  const ApiClient client = service->client().with_key(key);
  const std::string id = client.create_job("a.jpg", picture_);
  EXPECT_EQ(client.wait_for_end(id).status, "completed");
  EXPECT_EQ(client.get("/v1/jobs/" + before).status, 404) << "it is nobody's that has a key";
  EXPECT_EQ(service->client().get("/v1/jobs/" + id).status, 401);

  // A file is had by its address, which the job shows.
  const std::string view = client.get("/v1/jobs/" + id).body;
  const auto begin = view.find("/files/");
  const std::string address = view.substr(begin, view.find('"', begin) - begin);
  EXPECT_THAT(address, HasSubstr("signature="));
  EXPECT_EQ(service->client().get(address).body, picture_);

  const ApiClient other = service->client().with_key(create("write"));
  ASSERT_TRUE(eventually([&] { return other.get("/v1/jobs/" + id).status == 404; }, 2s));
  EXPECT_EQ(other.remove("/v1/jobs/" + id).status, 404);
  const ApiClient reader = service->client().with_key(create("read", {"--tenant=" + id_of(key)}));
  ASSERT_TRUE(eventually([&] { return reader.get("/v1/jobs/" + id).status == 200; }, 2s));
  EXPECT_EQ(reader.remove("/v1/jobs/" + id).status, 403);
  const ApiClient admin = service->client().with_key(create("admin"));
  ASSERT_TRUE(eventually([&] { return admin.get("/v1/jobs/" + before).status == 200; }, 2s));

  EXPECT_THAT(service->program().output(),
              AllOf(HasSubstr("API key 'test' made by an operator key=" + id_of(key)),
                    Not(HasSubstr(key.substr(16)))));
  service->program().send(SIGTERM);
  ASSERT_EQ(service->program().wait_for_exit(), 0);
  EXPECT_TRUE(is_on_disk(id_of(key))) << "the keys are in the store";
  EXPECT_FALSE(is_on_disk(key.substr(16)));
  service.emplace(data());
  EXPECT_EQ(service->client().upload("a.jpg", picture_).status, 401);
  EXPECT_EQ(service->client().with_key(key).get("/v1/jobs/" + id).status, 200);
}

TEST_F(ApiKeys, AreRefusedWithinASecondOfTheirRevocation) {
  const ServiceProcess service{data(), 0};
  const std::string key = create("write");
  const ApiClient client = service.client().with_key(key);
  ASSERT_TRUE(eventually([&] { return client.upload("a.jpg", picture_).status == 201; }, 2s));
  const auto [code, output] = run({"keys", "revoke", id_of(key)});
  EXPECT_EQ(code, 0);
  EXPECT_THAT(output, HasSubstr("key " + id_of(key) + " (test) is revoked since 20"));
  EXPECT_TRUE(eventually([&] { return client.upload("a.jpg", picture_).status == 401; }, 2s));
  EXPECT_EQ(service.client().upload("a.jpg", picture_).status, 401);
  EXPECT_THAT(run({"keys", "list"}).second, AllOf(HasSubstr("ID "), HasSubstr(id_of(key))));
  EXPECT_EQ(run({"keys", "revoke", "0123456789ab"}).first, 1);
}

TEST_F(ApiKeys, HoldAtIngestNodesToo) {
  const int join = free_port();
  const int coordinator_port = free_port();
  const int port = free_port();
  Program coordinator{{"coordinator", "--config=none", "--node-insecure=true",
                       "--http-port=" + std::to_string(coordinator_port),
                       "--node-join=" + std::to_string(join), "--storage-path=" + data().string()}};
  Program ingest{{"ingest", "--config=none", "--node-insecure=true", "--name=door",
                  "--join=127.0.0.1:" + std::to_string(join), "--http-port=" + std::to_string(port),
                  "--storage-path=" + (folder_.path() / "ingest").string()}};
  const ApiClient open{port};
  ASSERT_TRUE(eventually([&] { return open.upload("a.jpg", picture_).status == 201; }))
      << ingest.output();
  const std::string key = create("write");
  ASSERT_TRUE(eventually([&] { return open.upload("a.jpg", picture_).status == 401; }, 2s));
  const ApiClient client = open.with_key(key);
  EXPECT_EQ(client.upload("a.jpg", picture_).status, 201);
  EXPECT_EQ(run({"keys", "revoke", id_of(key)}).first, 0);
  ASSERT_TRUE(eventually([&] { return client.upload("a.jpg", picture_).status == 401; }, 2s));
  // Without the coordinator it goes on by what it knows, which lets this one in nowhere.
  coordinator.send(SIGKILL);
  ASSERT_TRUE(ingest.wait_for_output("lost the coordinator"));
  EXPECT_EQ(client.upload("a.jpg", picture_).status, 401);
}

}  // namespace
}  // namespace darkroom::cluster
