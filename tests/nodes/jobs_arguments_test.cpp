#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/command_line.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

constexpr const char* some_id = "01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0";

class JobsArguments : public ::testing::Test {
 protected:
  tl::expected<Command, EarlyExit> parse(const std::vector<std::string>& words) const {
    std::vector<const char*> args{"darkroom"};
    for (const std::string& word : words)
      args.push_back(word.c_str());
    return parse_command_line(args, {}, folder_.path());
  }

  JobsCommand parsed(const std::vector<std::string>& words) const {
    auto command = parse(words);
    if (!command) throw std::runtime_error(command.error().err);
    return std::get<JobsCommand>(*std::move(command));
  }

  std::string refused(const std::vector<std::string>& words) const {
    const auto command = parse(words);
    if (command) return "(accepted)";
    EXPECT_EQ(command.error().code, 2);
    return command.error().err;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(JobsArguments, KnowWhatIsToBeDone) {
  const auto retry = parsed({"jobs", "retry", some_id, "--storage-path", "there"});
  EXPECT_EQ(retry.action, JobsAction::retry);
  EXPECT_EQ(retry.id->to_string(), some_id);
  EXPECT_EQ(retry.config.storage_path, "there");
  EXPECT_EQ(parsed({"jobs", "cancel", some_id}).action, JobsAction::cancel);
  EXPECT_FALSE(parsed({"jobs", "retry", "--all-failed"}).id);
  EXPECT_TRUE(parse({"janitor", "run", "--storage-path=x"}));
}

TEST_F(JobsArguments, AreRefusedWhereTheyMakeNoSense) {
  EXPECT_EQ(refused({"jobs"}),
            "darkroom jobs: name an action, such as darkroom jobs retry ID; the actions are retry, "
            "cancel\n");
  EXPECT_EQ(refused({"jobs", "rety", some_id}),
            "rety: darkroom jobs has no such action; did you mean retry?\n");
  EXPECT_EQ(refused({"jobs", "list"}),
            "list: darkroom jobs has no such action; the actions are retry, cancel\n");
  EXPECT_EQ(refused({"jobs", "retry"}),
            "ID: is missing; write darkroom jobs retry ID, or --all-failed\n");
  EXPECT_EQ(refused({"jobs", "cancel"}), "ID: is missing; write darkroom jobs cancel ID\n");
  EXPECT_EQ(refused({"jobs", "retry", "42"}),
            "42: is no id of a job, such as 01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0\n");
  EXPECT_EQ(refused({"jobs", "cancel", some_id, "x"}), "x: darkroom jobs cancel takes one ID\n");
  EXPECT_EQ(refused({"jobs", "cancel", "--all-failed"}),
            "--all-failed: darkroom jobs cancel does not take it\n");
  EXPECT_EQ(refused({"jobs", "retry", some_id, "--all-failed"}),
            std::string{some_id} + ": --all-failed is given too; give the one or the other\n");
  EXPECT_EQ(refused({"janitor"}), "darkroom janitor: name its action: darkroom janitor run\n");
  EXPECT_EQ(refused({"janitor", "walk"}),
            "walk: darkroom janitor has no such action; the only one is run\n");
  EXPECT_EQ(refused({"janitor", "run", "x"}), "x: darkroom janitor run takes flags only\n");
}

}  // namespace
}  // namespace darkroom::nodes
