#include "nodes/store_command.hpp"

#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/job_store.hpp"
#include "persistence/sha256.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A data folder with one pending job, and no service.
class StoreCommands : public ::testing::Test {
 protected:
  StoreCommands() {
    persistence::Sha256 hash;
    hash.update(std::as_bytes(std::span{content_}));
    job_.id = jobs::JobId::generate(jobs::system_now());
    job_.original.blob_key = jobs::original_key(job_.id, "jpg");
    job_.original.filename = "holiday.jpg";
    job_.original.bytes = content_.size();
    job_.original.sha256 = hash.finish();
    folder_.write("data/" + job_.original.blob_key, content_);
    auto store = persistence::open_rocks_job_store(data() / "jobs", {}).value();
    EXPECT_TRUE(store->commit(std::vector<persistence::JobChange>{{.before = {}, .after = job_}}));
  }

  [[nodiscard]] fs::path data() const { return folder_.path() / "data"; }

  int run(StoreCommand command) {
    out_.str("");
    err_.str("");
    if (command.config.storage_path == Config{}.storage_path) command.config.storage_path = data();
    return run_store(command, out_, err_);
  }

  static StoreCommand of(StoreAction action, const fs::path& folder = {}) {
    StoreCommand command;
    command.action = action;
    command.folder = folder;
    return command;
  }

  std::string content_ = "not much of a picture";
  jobs::Job job_;
  tests::TemporaryFolder folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(StoreCommands, BacksUpAndRestoresWithoutAService) {
  const auto target = folder_.path() / "backup";
  EXPECT_EQ(run(of(StoreAction::backup, target)), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("backed up 1 jobs"));
  EXPECT_THAT(out_.str(), HasSubstr("and 1 files (21 bytes)"));

  EXPECT_EQ(run(of(StoreAction::restore, target)), 1);
  EXPECT_THAT(err_.str(), HasSubstr("is not empty"));
  auto restore = of(StoreAction::restore, target);
  restore.config.storage_path = folder_.path() / "new";
  EXPECT_EQ(run(restore), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("restored 1 jobs and 1 files"));
  auto verify = of(StoreAction::verify);
  verify.config.storage_path = folder_.path() / "new";
  EXPECT_EQ(run(verify), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("the store is whole"));
}

TEST_F(StoreCommands, InspectsTheStoreAndAJob) {
  EXPECT_EQ(run(of(StoreAction::inspect)), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("pending        1"));
  EXPECT_THAT(out_.str(), HasSubstr("oldest unfinished " + job_.id.to_string()));
  auto one = of(StoreAction::inspect);
  one.id = job_.id;
  EXPECT_EQ(run(one), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("\"filename\": \"holiday.jpg\""));
  EXPECT_THAT(out_.str(), HasSubstr("\"there\": true"));
  one.id = jobs::JobId::generate(jobs::system_now());
  EXPECT_EQ(run(one), 1);
  EXPECT_THAT(err_.str(), HasSubstr("there is no job " + one.id->to_string()));
}

TEST_F(StoreCommands, ReportsDamageAndExitsWithOne) {
  folder_.write("data/" + job_.original.blob_key, "nOt much of a picture");
  EXPECT_EQ(run(of(StoreAction::verify)), 1);
  EXPECT_THAT(out_.str(), HasSubstr(job_.id.to_string() + " " + job_.original.blob_key +
                                    ": the file's content has changed"));
  EXPECT_THAT(out_.str(), HasSubstr("damage found: 1"));
  auto json = of(StoreAction::verify);
  json.json = true;
  EXPECT_EQ(run(json), 1);
  EXPECT_THAT(out_.str(), HasSubstr(R"("whole":false)"));
  EXPECT_THAT(out_.str(), HasSubstr(R"("faults_found":1)"));
}

TEST_F(StoreCommands, PrintsFigures) {
  EXPECT_EQ(run(of(StoreAction::stats)), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("no service that could say"));
  auto json = of(StoreAction::stats);
  json.json = true;
  EXPECT_EQ(run(json), 0);
  EXPECT_THAT(out_.str(), HasSubstr(R"("folders":[{"name":"originals","files":1,"bytes":21}])"));
  EXPECT_THAT(out_.str(), HasSubstr(R"("memory":null)"));
}

TEST_F(StoreCommands, ReportsAFolderWithoutAStoreAsAMistake) {
  for (const auto action :
       {StoreAction::backup, StoreAction::inspect, StoreAction::stats, StoreAction::verify}) {
    auto command = of(action, folder_.path() / "backup");
    command.config.storage_path = folder_.path() / "nothing";
    EXPECT_EQ(run(command), 2);
    EXPECT_THAT(err_.str(), HasSubstr("there is no job store in"));
    EXPECT_FALSE(fs::exists(folder_.path() / "nothing"));
  }
}

TEST_F(StoreCommands, BackUpNothingOfAStoreThatIsInUse) {
  const auto running = persistence::open_rocks_job_store(data() / "jobs", {});
  ASSERT_TRUE(running);
  EXPECT_EQ(run(of(StoreAction::backup, folder_.path() / "backup")), 1);
  EXPECT_THAT(err_.str(), HasSubstr("another darkroom process has it open"));
  EXPECT_EQ(run(of(StoreAction::verify)), 0) << "reading does no harm";
}

TEST_F(StoreCommands, RefuseAFolderThatIsBeingRestored) {
  folder_.write("data/restore-unfinished", "");
  for (const auto action :
       {StoreAction::backup, StoreAction::inspect, StoreAction::stats, StoreAction::verify}) {
    EXPECT_EQ(run(of(action, folder_.path() / "backup")), 1);
    EXPECT_THAT(err_.str(), HasSubstr("run `darkroom store restore` again"));
  }
}

}  // namespace
}  // namespace darkroom::nodes
