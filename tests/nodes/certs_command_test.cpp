#include "nodes/certs_command.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/command_line.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class CertsCommandTest : public ::testing::Test {
 protected:
  tl::expected<Command, EarlyExit> parse(const std::vector<std::string>& words) const {
    std::vector<const char*> args{"darkroom", "certs"};
    for (const std::string& word : words)
      args.push_back(word.c_str());
    return parse_command_line(args, {}, folder_.path());
  }

  std::string refused(const std::vector<std::string>& words) const {
    const auto command = parse(words);
    if (command) return "(accepted)";
    EXPECT_EQ(command.error().code, 2);
    return command.error().err;
  }

  /// What it prints, on either stream, with the folder's name as DIR.
  std::string run(std::vector<std::string> words, int code = 0) const {
    const std::string directory = (folder_.path() / "certs").string();
    words.insert(words.end(), {"--directory", directory});
    const auto command = parse(words);
    if (!command) return command.error().err;
    std::ostringstream text;
    EXPECT_EQ(run_certs(std::get<CertsCommand>(*command), text, text), code) << text.str();
    std::string printed = text.str();
    for (std::size_t at = printed.find(directory); at != std::string::npos;
         at = printed.find(directory)) {
      printed.replace(at, directory.size(), "DIR");
    }
    return printed;
  }

  darkroom::tests::TemporaryFolder folder_;
};

TEST_F(CertsCommandTest, IsRefusedWhereItMakesNoSense) {
  EXPECT_EQ(refused({}),
            "darkroom certs: name an action, such as darkroom certs init; the actions are init, "
            "issue, revoke, list\n");
  EXPECT_EQ(refused({"isue", "a"}),
            "isue: darkroom certs has no such action; did you mean issue?\n");
  EXPECT_EQ(refused({"issue"}), "NAME: is missing; write darkroom certs issue NAME\n");
  EXPECT_EQ(refused({"issue", "a", "b"}), "b: darkroom certs issue takes one NAME\n");
  EXPECT_EQ(refused({"init", "a"}), "a: darkroom certs init takes flags only\n");
  EXPECT_EQ(refused({"list", "--days", "3"}), "--days: darkroom certs list does not take it\n");
  EXPECT_EQ(refused({"init", "--days", "soon"}),
            "--days: must be a whole number from 1 to 36500, not \"soon\"\n");
  EXPECT_EQ(refused({"init", "--days", "0"}),
            "--days: must be a whole number from 1 to 36500, not \"0\"\n");
  EXPECT_THAT(refused({"init", "--http-port", "3"}),
              StartsWith("--http-port: darkroom certs has no such flag"));
}

TEST_F(CertsCommandTest, NeedsNoSettingsThatAreRight) {
  // It makes what these lack.
  static_cast<void>(folder_.write("config.toml", "[node]\nhost = \"0.0.0.0\"\n"));
  EXPECT_THAT(refused({"init"}), "(accepted)");
}

TEST_F(CertsCommandTest, SaysWhatWasMadeAndWhatToDoWithIt) {
  EXPECT_THAT(run({"list"}, 1),
              HasSubstr("DIR: there is no CA; make one with `darkroom certs init`"));
  EXPECT_THAT(run({"init"}),
              MatchesRegex("made a certificate authority, good until 2[-0-9]+\n"
                           "  DIR/ca.pem  for every node\n"
                           "  DIR/revoked.pem  for every node: the revoked certificates, none yet\n"
                           "  DIR/ca.key  stays here: whoever has it can let nodes join\n"
                           "  DIR/issued.txt  stays here: what was issued\n"
                           "next: darkroom certs issue NAME, .*\n"));
  EXPECT_THAT(run({"init"}, 1), HasSubstr("darkroom: DIR/ca.pem is there already"));
  EXPECT_THAT(run({"issue", "worker-1", "--days", "30"}),
              MatchesRegex("issued a certificate for worker-1, good until 2[-0-9]+\n"
                           "copy to that node, the key with mode 0600 and to no other:\n"
                           "  DIR/ca.pem DIR/revoked.pem DIR/worker-1.pem DIR/worker-1.key\n"
                           "and set in its config.toml:\n"
                           "  .node.\n"
                           "  ca = \"/etc/darkroom/ca.pem\"\n"
                           "  certificate = \"/etc/darkroom/worker-1.pem\"\n"
                           "  key = \"/etc/darkroom/worker-1.key\"\n"
                           "  revocations = \"/etc/darkroom/revoked.pem\"\n"));
  EXPECT_THAT(run({"issue", "worker-1"}),
              HasSubstr("1 certificate of worker-1 from before stays good"));
  EXPECT_THAT(run({"issue", "worker/1"}, 1),
              HasSubstr("\"worker/1\" cannot be the name of a node"));
}

TEST_F(CertsCommandTest, RevokesAndLists) {
  static_cast<void>(run({"init", "--days", "100"}));
  EXPECT_THAT(run({"list"}), HasSubstr("there are no certificates yet"));
  EXPECT_THAT(run({"issue", "coordinator"}), HasSubstr(", when the CA's own ends"));
  static_cast<void>(run({"issue", "worker-1", "--days", "30"}));
  EXPECT_EQ(run({"revoke", "worker-1"}),
            "revoked 1 certificate of worker-1\n"
            "copy DIR/revoked.pem to every node, the coordinator first: nodes take it within "
            "seconds\n");
  EXPECT_THAT(run({"revoke", "worker-1"}), StartsWith("all certificates of worker-1 were revoked"));
  EXPECT_THAT(run({"revoke", "worker-2"}, 1),
              HasSubstr("no certificate was issued for \"worker-2\""));
  EXPECT_THAT(run({"list"}),
              MatchesRegex("CA: good until 2[-0-9]+\n"
                           "coordinator  [0-9A-F]+  2[-0-9]+ to 2[-0-9]+  99 days left\n"
                           "worker-1     [0-9A-F]+  2[-0-9]+ to 2[-0-9]+  revoked 2[-0-9]+\n"));
}

}  // namespace
}  // namespace darkroom::nodes
