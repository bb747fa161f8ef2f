#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/command_line.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using testing::HasSubstr;

class KeysArguments : public ::testing::Test {
 protected:
  tl::expected<Command, EarlyExit> parse(const std::vector<std::string>& words) const {
    std::vector<const char*> args{"darkroom", "keys"};
    for (const std::string& word : words)
      args.push_back(word.c_str());
    return parse_command_line(args, {}, folder_.path());
  }

  KeysCommand parsed(const std::vector<std::string>& words) const {
    auto command = parse(words);
    if (!command) throw std::runtime_error(command.error().err);
    return std::get<KeysCommand>(*std::move(command));
  }

  std::string refused(const std::vector<std::string>& words) const {
    const auto command = parse(words);
    if (command) return "(accepted)";
    EXPECT_EQ(command.error().code, 2);
    return command.error().err;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(KeysArguments, SayWhatKeyIsToBeMade) {
  const auto command = parsed({"create", "--name", "the web", "--scope", "write", "--tenant=shop",
                               "--storage-path", "there"});
  EXPECT_EQ(command.action, KeysAction::create);
  EXPECT_EQ(command.name, "the web");
  EXPECT_EQ(command.scope, persistence::KeyScope::write);
  EXPECT_EQ(command.tenant, "shop");
  EXPECT_EQ(command.config.storage_path, "there");
  EXPECT_EQ(parsed({"create", "--name=a", "--scope=read"}).tenant, "");
}

TEST_F(KeysArguments, SayWhatIsToBeDoneWithThem) {
  EXPECT_EQ(parsed({"list"}).action, KeysAction::list);
  EXPECT_TRUE(parsed({"list", "--json"}).json);
  EXPECT_EQ(parsed({"revoke", "0123456789ab"}).id, "0123456789ab");
  EXPECT_EQ(parsed({"revoke", "dk_0123456789ab"}).id, "0123456789ab");
  const auto made =
      persistence::make_api_key("a", persistence::KeyScope::read, "", jobs::Timestamp{});
  EXPECT_EQ(parsed({"revoke", made.secret}).id, made.stored.id);
}

TEST_F(KeysArguments, AreRefusedWhereTheyMakeNoSense) {
  EXPECT_EQ(refused({}),
            "darkroom keys: name an action, such as darkroom keys list; the actions are create, "
            "list, revoke\n");
  EXPECT_EQ(refused({"creat"}), "creat: darkroom keys has no such action; did you mean create?\n");
  EXPECT_EQ(refused({"create", "--scope=read"}),
            "--name: is missing; write darkroom keys create --name NAME --scope "
            "read|write|admin\n");
  EXPECT_THAT(refused({"create", "--name=a"}), HasSubstr("--scope: is missing; write"));
  EXPECT_EQ(refused({"create", "--name=a", "--scope=root"}),
            "--scope: must be read, write or admin, not \"root\"\n");
  EXPECT_THAT(refused({"create", "--name=a\nb", "--scope=read"}), HasSubstr("--name: The name"));
  EXPECT_THAT(refused({"create", "--name=a", "--scope=read", "--tenant=a b"}),
              HasSubstr("--tenant: The name of a tenant has"));
  EXPECT_EQ(refused({"create", "--name=a", "--scope=read", "x"}),
            "x: darkroom keys create takes flags only\n");
  EXPECT_THAT(refused({"revoke"}), HasSubstr("ID: is missing"));
  EXPECT_EQ(refused({"revoke", "a", "b"}), "b: darkroom keys revoke takes one ID\n");
  EXPECT_EQ(refused({"list", "--tenant=a"}), "--tenant: darkroom keys list does not take it\n");
}

}  // namespace
}  // namespace darkroom::nodes
