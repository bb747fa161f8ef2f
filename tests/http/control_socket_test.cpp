#include <array>
#include <fstream>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "http/control_routes.hpp"
#include "http/local_socket.hpp"
#include "http/server.hpp"
#include "persistence/backup_task.hpp"
#include "persistence/job_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Options control_options() {
  Options options;
  options.allowed_hosts = "*";
  return options;
}

/// A server on a control socket, over a store in memory.
class ControlSocket : public testing::Test {
 protected:
  void start(const fs::path& file) {
    auto local = listen_locally(file);
    ASSERT_TRUE(local) << local.error();
    file_ = std::make_unique<LocalSocketFile>(std::move(local->file));
    server_ = Server::start(
        std::move(local->listener), control_options(),
        make_control_routes(
            {.backup = backup_, .jobs = *jobs_, .service = service_, .version = "1.2.3"}));
  }

  void start() { start(path()); }

  [[nodiscard]] fs::path path() const { return folder_.path() / "control.sock"; }

  static httplib::Client client(const std::string& file) {
    httplib::Client client{file};
    client.set_address_family(AF_UNIX);
    client.set_default_headers({{"Host", "anything"}});
    return client;
  }

  tests::TemporaryFolder folder_;
  std::shared_ptr<persistence::JobStore> jobs_ = persistence::make_memory_job_store();
  persistence::BackupTask backup_{jobs_, folder_.path() / "data", {}, "1.2.3"};
  InMemoryJobService service_;
  std::unique_ptr<LocalSocketFile> file_;
  std::unique_ptr<Server> server_;
};

TEST_F(ControlSocket, AnswersItsOwnerOnly) {
  start();
  struct stat status {};
  ASSERT_EQ(stat(path().c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto answer = client(path().string()).Get("/control/status");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(answer->body, HasSubstr(R"("version":"1.2.3")"));
}

TEST_F(ControlSocket, HasNoRoutesForClients) {
  start();
  for (const auto* path_of_client : {"/v1/jobs/42", "/healthz", "/"}) {
    const auto answer = client(path().string()).Get(path_of_client);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404) << path_of_client;
  }
}

TEST_F(ControlSocket, IsNotReachedByTcp) {
  TestServer server;
  for (const auto* target : {"/control/status", "/control/backup", "/control/backup?target=/x"}) {
    for (const auto* method : {"GET", "POST"}) {
      const auto answer = server.exchange(request_text(method, target));
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, 404) << method << target;
    }
  }
}

TEST_F(ControlSocket, TakesThePlaceOfADeadOne) {
  {
    auto dead = listen_locally(path());
    ASSERT_TRUE(dead) << dead.error();
    // Closed, and its file left as after kill -9.
    fs::create_hard_link(path(), folder_.path() / "kept");
  }
  fs::rename(folder_.path() / "kept", path());
  start();
  EXPECT_TRUE(client(path().string()).Get("/control/status"));
}

TEST_F(ControlSocket, NeverReplacesAnotherFile) {
  folder_.write("control.sock", "precious");
  const auto local = listen_locally(path());
  ASSERT_FALSE(local);
  EXPECT_THAT(local.error(), HasSubstr("something else has that name; move it away"));
  EXPECT_TRUE(fs::is_regular_file(path()));
}

TEST_F(ControlSocket, IsRemovedAtTheEnd) {
  start();
  server_.reset();
  file_.reset();
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(ControlSocket, MayLieDeeperThanAnAddressIsLong) {
  const auto deep = folder_.path() / std::string(100, 'd') / std::string(100, 'e');
  fs::create_directories(deep);
  start(deep / "control.sock");
  EXPECT_TRUE(fs::is_socket(deep / "control.sock"));
  const auto name = LocalSocketName::of(deep / "control.sock");
  ASSERT_TRUE(name);
  const auto answer = client(name->text()).Get("/control/status");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  file_.reset();
  EXPECT_FALSE(fs::exists(deep / "control.sock"));
}

TEST_F(ControlSocket, TakesAnAbsoluteFolderForABackup) {
  start();
  for (const auto* target : {"/control/backup", "/control/backup?target=there"}) {
    const auto answer = client(path().string()).Post(target);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
    EXPECT_THAT(answer->body, HasSubstr("must be the absolute path of a folder"));
  }
}

TEST_F(ControlSocket, TellsHowABackupEnded) {
  start();
  const auto target = folder_.path() / "backup";
  const auto begun = client(path().string()).Post("/control/backup?target=" + target.string());
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->status, 202);
  EXPECT_THAT(begun->body, HasSubstr(R"("number":1)"));
  while (backup_.state().running)
    std::this_thread::yield();
  const auto state = client(path().string()).Get("/control/backup");
  ASSERT_TRUE(state);
  EXPECT_THAT(state->body, HasSubstr(R"("running":false)"));
  EXPECT_THAT(state->body, HasSubstr("not on disk, so there is nothing to back up"));
}

}  // namespace
}  // namespace darkroom::http
