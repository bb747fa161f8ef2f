#include "nodes/rendition_json.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::vector<jobs::Watermark> known{{.name = "logo", .image = "/srv/logo.png"}};

std::vector<std::string> faults_of(std::string_view json, std::size_t limit = 16) {
  const auto read = read_renditions(json, limit, known);
  return read ? std::vector<std::string>{"(accepted)"} : read.error();
}

/// One rendition that is sound but for the members given.
std::vector<std::string> faults_with(std::string_view members) {
  return faults_of(R"([{"name":"a","operation":"compress",)" + std::string{members} + "}]");
}

// Under UndefinedBehaviorSanitizer: RapidJSON counted the leading zeros of 0.
TEST(RenditionJson, ReadsNoughtHoweverItIsWritten) {
  for (const std::string_view nought : {"0e9", "0e308", "0.0e-400", "-0e22"}) {
    const auto read = read_renditions(
        fmt::format(R"([{{"name":"a","operation":"compress","sharpen":{}}}])", nought), 1, known);
    ASSERT_TRUE(read) << nought << ": " << read.error().front();
    EXPECT_EQ(read->front().sharpen, 0.0) << nought;
  }
}

TEST(RenditionJson, ReadsEveryOption) {
  const auto read = read_renditions(
      R"([{"name":"card","operation":"resize","width":800,"height":600,"fit":"cover",
          "focus":[0.25,1],"enlarge":true,"background":"#ffcc00","format":"avif","quality":60,
          "max_bytes":"100KiB","subsampling":"4:4:4","effort":7,"sharpen":0.5,"linear_light":true,
          "keep_copyright":true,"watermark":"logo"},
         {"name":"web","operation":"compress","format":"webp","lossless":true,"max_bytes":0},
         {"name":"t","operation":"thumbnail","width":9,"height":9,"progressive":true,
          "fit":"pad","gravity":"south","sharpen":2}])",
      3, known);
  ASSERT_TRUE(read) << read.error().front();
  ASSERT_THAT(*read, SizeIs(3));
  const jobs::RenditionSpec card{.name = "card",
                                 .operation = jobs::Operation::resize,
                                 .width = 800,
                                 .height = 600,
                                 .quality = 60,
                                 .format = jobs::OutputFormat::avif,
                                 .folder = "resized",
                                 .fit = jobs::Fit::cover,
                                 .focus = jobs::FocalPoint{0.25, 1},
                                 .enlarge = true,
                                 .background = {255, 204, 0},
                                 .subsampling = jobs::ChromaSubsampling::s444,
                                 .effort = 7,
                                 .max_bytes = 102'400,
                                 .sharpen = 0.5,
                                 .linear_light = true,
                                 .keep_copyright = true,
                                 .watermark = known[0]};
  EXPECT_EQ((*read)[0], card);
  EXPECT_TRUE((*read)[1].lossless);
  EXPECT_EQ((*read)[1].folder, "compressed");
  EXPECT_EQ((*read)[2].gravity, jobs::Gravity::south);
  EXPECT_EQ((*read)[2].sharpen, 2.0);
}

TEST(RenditionJson, RefusesWhatIsNoArrayOfObjects) {
  for (const char* json : {"", "{}", "7", "null", "\"x\"", "[", "[{]", "[]x", "[NaN]", "\xFF"}) {
    EXPECT_THAT(faults_of(json), ElementsAre(StartsWith("must be a JSON array such as"))) << json;
  }
  EXPECT_THAT(faults_of("[{\"name\":\"a\",}]"), ElementsAre(HasSubstr("at byte 13: ")));
  EXPECT_THAT(faults_of("[7,null]"), ElementsAre(StartsWith("rendition 1: must be an object"),
                                                 StartsWith("rendition 2: must be an object")));
}

TEST(RenditionJson, RefusesTooManyAndNone) {
  EXPECT_THAT(faults_of("[]"), ElementsAre("must have 1 to 16 renditions, not 0"));
  EXPECT_THAT(faults_of("[1,2,3]", 2), ElementsAre("must have 1 to 2 renditions, not 3"));
}

TEST(RenditionJson, RefusesUnknownMembersWithTheNearestName) {
  EXPECT_THAT(faults_with(R"("qualty":5)"),
              ElementsAre("rendition 1: there is no setting qualty; did you mean quality?"));
  EXPECT_THAT(faults_with(R"("zzz":5)"), ElementsAre("rendition 1: there is no setting zzz"));
  EXPECT_THAT(faults_with(R"("quality":5,"quality":6)"),
              ElementsAre("rendition 1: quality is given twice"));
  EXPECT_THAT(faults_of("[{}]"),
              ElementsAre("rendition 1: lacks name", "rendition 1: lacks operation"));
}

TEST(RenditionJson, RefusesWrongTypesAndBounds) {
  const std::string quality = "rendition 1: quality must be a whole number from 1 to 100, not ";
  EXPECT_THAT(faults_with(R"("quality":101)"), ElementsAre(quality + "101"));
  EXPECT_THAT(faults_with(R"("quality":"80")"), ElementsAre(quality + "the text \"80\""));
  EXPECT_THAT(faults_with(R"("quality":80.5)"), ElementsAre(quality + "80.5"));
  EXPECT_THAT(faults_with(R"("quality":true)"), ElementsAre(quality + "true"));
  EXPECT_THAT(faults_with(R"("quality":null)"), ElementsAre(quality + "null"));
  EXPECT_THAT(faults_with(R"("quality":[80])"), ElementsAre(quality + "a list"));
  EXPECT_THAT(faults_with(R"("quality":{})"), ElementsAre(quality + "an object"));
  EXPECT_THAT(faults_with(R"("quality":18446744073709551615)"), ElementsAre(StartsWith(quality)));
  EXPECT_THAT(faults_with(R"("enlarge":"yes")"),
              ElementsAre("rendition 1: enlarge must be true or false, not the text \"yes\""));
  EXPECT_THAT(faults_with(R"("fit":"covr")"), ElementsAre(HasSubstr("did you mean cover?")));
  EXPECT_THAT(faults_with(R"("background":"red")"), ElementsAre(HasSubstr("must be a colour")));
  for (const char* focus : {"[0.5]", "[0.5,\"1\"]", "[0.5,2]", "\"middle\"", "0.5"}) {
    EXPECT_THAT(faults_with("\"focus\":" + std::string{focus}),
                ElementsAre(HasSubstr("focus must be two numbers from 0 to 1")))
        << focus;
  }
}

TEST(RenditionJson, RefusesOptionsThatDoNotGoTogether) {
  EXPECT_THAT(faults_with(R"("fit":"cover")"),
              ElementsAre("rendition \"a\": fit cover needs both a width and a height"));
  EXPECT_THAT(
      faults_of(R"([{"name":"a","operation":"compress"},{"name":"a","operation":"compress"}])"),
      ElementsAre("there are two renditions called \"a\""));
  EXPECT_THAT(faults_of(R"([{"name":"../a","operation":"compress"}])"),
              ElementsAre(HasSubstr("the rendition name \"../a\" must be")));
}

TEST(RenditionJson, TakesWatermarksByTheOperatorsNamesOnly) {
  EXPECT_THAT(faults_with(R"("watermark":"logo")"), ElementsAre("(accepted)"));
  EXPECT_THAT(faults_with(R"("watermark":"lgo")"),
              ElementsAre("rendition \"a\": there is no watermark \"lgo\"; there are: logo"));
  EXPECT_THAT(faults_with(R"("watermark":"/etc/passwd")"),
              ElementsAre(HasSubstr("the watermark \"/etc/passwd\" must be 1 to 64")));
  EXPECT_THAT(faults_with(R"("watermark":{"image":"/etc/passwd"})"),
              ElementsAre(HasSubstr("must be a text that is not empty, not an object")));
}

TEST(RenditionJson, LeavesFoldersToTheOperator) {
  EXPECT_THAT(faults_with(R"("folder":"mine")"),
              ElementsAre(HasSubstr("folder is for the operator to say")));
}

TEST(RenditionJson, SurvivesDeepNestingAndLongTexts) {
  constexpr std::size_t deep = 1'000'000;
  EXPECT_THAT(faults_of(std::string(deep, '[')), SizeIs(1));
  EXPECT_THAT(faults_of(std::string(deep, '[') + std::string(deep, ']')), SizeIs(1));
  const std::string longer(10'000, 'x');
  for (const auto& members : {"\"fit\":\"" + longer + "\"", "\"" + longer + "\":1"}) {
    const auto faults = faults_with(members);
    ASSERT_THAT(faults, SizeIs(1));
    EXPECT_LT(faults[0].size(), 200U);
  }
}

TEST(RenditionJson, TellsAClientTheFirstFewMistakes) {
  const auto read = read_renditions_of_upload("[1,2,3,4,5,6,7]", 16, known);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error(), StartsWith("renditions: rendition 1: must be an object"));
  EXPECT_THAT(read.error(), HasSubstr("rendition 5: "));
  EXPECT_THAT(read.error(), HasSubstr("; and 2 more."));
  EXPECT_TRUE(read_renditions_of_upload(R"([{"name":"a","operation":"compress"}])", 1, known));
}

}  // namespace
}  // namespace darkroom::nodes
