#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/command_line.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

class ClusterArguments : public ::testing::Test {
 protected:
  tl::expected<Command, EarlyExit> parse(const std::vector<std::string>& words) const {
    std::vector<const char*> args{"darkroom"};
    for (const std::string& word : words)
      args.push_back(word.c_str());
    return parse_command_line(args, {}, folder_.path());
  }

  template <class Wanted>
  Wanted parsed(const std::vector<std::string>& words) const {
    auto command = parse(words);
    if (!command) throw std::runtime_error(command.error().err);
    return std::get<Wanted>(*std::move(command));
  }

  std::string refused(const std::vector<std::string>& words) const {
    const auto command = parse(words);
    if (command) return "(accepted)";
    EXPECT_EQ(command.error().code, 2);
    return command.error().err;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(ClusterArguments, KnowWhatIsToBeDone) {
  const auto list = parsed<QueuesCommand>({"queues", "list", "--json", "--storage-path", "there"});
  EXPECT_EQ(list.action, ClusterAction::list);
  EXPECT_TRUE(list.json);
  EXPECT_EQ(list.config.storage_path, "there");
  const auto pause = parsed<QueuesCommand>({"queues", "pause", "media"});
  EXPECT_EQ(pause.action, ClusterAction::stop);
  EXPECT_EQ(pause.name, "media");
  EXPECT_EQ(parsed<QueuesCommand>({"queues", "resume", "media"}).action, ClusterAction::resume);
  const auto drain = parsed<WorkersCommand>({"workers", "drain", "n1"});
  EXPECT_EQ(drain.action, ClusterAction::stop);
  EXPECT_EQ(drain.name, "n1");
  EXPECT_EQ(parsed<WorkersCommand>({"workers", "list"}).action, ClusterAction::list);
}

TEST_F(ClusterArguments, AreRefusedWhereTheyMakeNoSense) {
  EXPECT_EQ(refused({"queues"}),
            "darkroom queues: name an action, such as darkroom queues list; the actions are list, "
            "pause, resume\n");
  EXPECT_EQ(refused({"workers", "drian", "n1"}),
            "drian: darkroom workers has no such action; did you mean drain?\n");
  EXPECT_EQ(refused({"queues", "drain", "media"}),
            "drain: darkroom queues has no such action; the actions are list, pause, resume\n");
  EXPECT_EQ(refused({"queues", "pause"}),
            "NAME: is missing; write darkroom queues pause NAME, that of a queue\n");
  EXPECT_EQ(refused({"workers", "drain"}),
            "NAME: is missing; write darkroom workers drain NAME, that of a worker or node\n");
  EXPECT_EQ(refused({"workers", "list", "n1"}), "n1: darkroom workers list takes flags only\n");
  EXPECT_EQ(refused({"workers", "drain", "n1", "n2"}),
            "n2: darkroom workers drain takes one NAME\n");
}

}  // namespace
}  // namespace darkroom::nodes
