#include "tunnel/preamble.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::tunnel {
namespace {

using ::testing::HasSubstr;

const Hello sample{.versions = {.wire = "darkroom-5", .program = "0.1.0"},
                   .node = "worker-1.example",
                   .channel = Channel::data};

std::string fault_of(std::string_view line) {
  const auto hello = parse_hello(line);
  return hello ? "(none)" : hello.error();
}

TEST(Preamble, IsReadAsItIsWritten) {
  const std::string line = to_line(sample);
  EXPECT_EQ(line,
            "darkroom-tunnel wire=darkroom-5 version=0.1.0 node=worker-1.example channel=data\n");
  const auto read = parse_hello(std::string_view{line}.substr(0, line.size() - 1));
  ASSERT_TRUE(read) << read.error();
  EXPECT_TRUE(*read == sample);
}

TEST(Preamble, FitsIntoItsLineWithTheLongestNames) {
  Hello longest = sample;
  longest.versions = {.wire = std::string(64, 'w'), .program = std::string(64, 'v')};
  longest.node = std::string(max_node_name, 'n');
  const std::string line = to_line(longest);
  EXPECT_LE(line.size(), max_line);
  EXPECT_TRUE(parse_hello(std::string_view{line}.substr(0, line.size() - 1)));
}

TEST(Preamble, IsRefusedWhereItIsAnythingElse) {
  EXPECT_THAT(fault_of(""), HasSubstr("not that of a Darkroom node"));
  EXPECT_THAT(fault_of("GET / HTTP/1.1"), HasSubstr("not that of a Darkroom node"));
  EXPECT_THAT(fault_of("darkroom-tunnel "), HasSubstr("no wire version"));
  EXPECT_THAT(fault_of("darkroom-tunnel wire= version=1 node=a channel=data"),
              HasSubstr("no wire version"));
  EXPECT_THAT(fault_of("darkroom-tunnel wire=1 node=a channel=data"), HasSubstr("no version"));
  EXPECT_THAT(fault_of("darkroom-tunnel wire=1 version=1 node=a\033b channel=data"),
              HasSubstr("no name"));
  EXPECT_THAT(fault_of("darkroom-tunnel wire=1 version=1 node=-a channel=data"),
              HasSubstr("no name"));
  EXPECT_THAT(
      fault_of("darkroom-tunnel wire=1 version=1 node=" + std::string(64, 'n') + " channel=data"),
      HasSubstr("no name"));
  EXPECT_THAT(fault_of("darkroom-tunnel wire=1 version=1 node=a channel=other"),
              HasSubstr("no channel"));
  EXPECT_THAT(fault_of("darkroom-tunnel wire=1 version=1 node=a channel=data more=1"),
              HasSubstr("goes on"));
  EXPECT_THAT(fault_of("darkroom-tunnel wire=1 version=1 node=a channel=data "),
              HasSubstr("goes on"));
  EXPECT_THAT(fault_of(std::string(max_line, 'x')), HasSubstr("too long"));
}

TEST(Preamble, IsAnsweredWithYesOrASentence) {
  EXPECT_EQ(accepting_line(), "ok\n");
  const auto yes = parse_answer("ok");
  ASSERT_TRUE(yes);
  EXPECT_FALSE(*yes);
  const auto no = parse_answer("refused the coordinator is still starting");
  ASSERT_TRUE(no);
  EXPECT_EQ(**no, "the coordinator is still starting");
  EXPECT_FALSE(parse_answer(""));
  EXPECT_FALSE(parse_answer("refused "));
  EXPECT_FALSE(parse_answer("refused \033[2J"));
  EXPECT_FALSE(parse_answer("HTTP/1.1 400 Bad Request"));
  EXPECT_EQ(refusing_line("a\nb"), "refused a?b\n");
  EXPECT_EQ(refusing_line(std::string(2 * max_line, 'x')).size(), max_line);
}

TEST(Preamble, OfAnotherVersionIsRefusedWithBothNamed) {
  const Versions own{.wire = "darkroom-5", .program = "0.1.0"};
  EXPECT_FALSE(version_refusal({.wire = "darkroom-5", .program = "0.1.7"}, own));
  const auto why = version_refusal({.wire = "darkroom-6", .program = "0.2.0"}, own);
  ASSERT_TRUE(why);
  EXPECT_EQ(*why,
            "this node speaks darkroom-6 (Darkroom 0.2.0) and the coordinator speaks darkroom-5 "
            "(Darkroom 0.1.0): run the same version on all nodes");
}

}  // namespace
}  // namespace darkroom::tunnel
