#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/command_line.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::HasSubstr;

class StoreArguments : public ::testing::Test {
 protected:
  tl::expected<Command, EarlyExit> parse(const std::vector<std::string>& words) const {
    std::vector<const char*> args{"darkroom", "store"};
    for (const std::string& word : words)
      args.push_back(word.c_str());
    return parse_command_line(args, {}, folder_.path());
  }

  StoreCommand parsed(const std::vector<std::string>& words) const {
    auto command = parse(words);
    if (!command) throw std::runtime_error(command.error().err);
    return std::get<StoreCommand>(*std::move(command));
  }

  std::string refused(const std::vector<std::string>& words) const {
    const auto command = parse(words);
    if (command) return "(accepted)";
    EXPECT_EQ(command.error().code, 2);
    return command.error().err;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(StoreArguments, KnowsEachAction) {
  EXPECT_EQ(parsed({"backup", "/mnt/b"}).folder, "/mnt/b");
  EXPECT_EQ(parsed({"restore", "b", "--storage-path", "new"}).config.storage_path, "new");
  EXPECT_EQ(parsed({"--storage-path=x", "restore", "b"}).action, StoreAction::restore);
  EXPECT_FALSE(parsed({"inspect"}).id);
  const std::string id = "01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0";
  EXPECT_EQ(parsed({"inspect", id}).id->to_string(), id);
  EXPECT_TRUE(parsed({"stats", "--json"}).json);
  EXPECT_EQ(parsed({"verify"}).action, StoreAction::verify);
}

TEST_F(StoreArguments, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(refused({}),
            "darkroom store: name an action, such as darkroom store stats; the actions are backup, "
            "restore, inspect, stats, verify\n");
  EXPECT_EQ(refused({"verfy"}), "verfy: darkroom store has no such action; did you mean verify?\n");
  EXPECT_THAT(refused({"delete"}), HasSubstr("no such action; the actions are backup, "));
  EXPECT_EQ(refused({"backup"}),
            "DIR: is missing; write darkroom store backup DIR, the folder for the backup\n");
  EXPECT_EQ(refused({"restore"}),
            "DIR: is missing; write darkroom store restore DIR, the folder that a backup was made "
            "to\n");
  EXPECT_EQ(refused({"backup", "a", "b"}), "b: darkroom store backup takes one DIR\n");
  EXPECT_EQ(refused({"verify", "a"}), "a: darkroom store verify takes flags only\n");
  EXPECT_EQ(refused({"backup", "a", "--json"}), "--json: darkroom store backup does not take it\n");
  EXPECT_THAT(refused({"inspect", "42"}), HasSubstr("42: is no id of a job, such as "));
  EXPECT_THAT(refused({"stats", "--storage-pth=x"}), HasSubstr("did you mean --storage-path?"));
}

TEST_F(StoreArguments, HelpHasALineForEachAction) {
  const auto help = parse({"--help"});
  ASSERT_FALSE(help);
  EXPECT_EQ(help.error().code, 0);
  for (const auto* usage :
       {"darkroom store backup DIR", "darkroom store restore DIR", "darkroom store inspect [ID]",
        "darkroom store stats [--json]", "darkroom store verify [--json]"}) {
    EXPECT_THAT(help.error().out, HasSubstr(usage));
  }
}

}  // namespace
}  // namespace darkroom::nodes
