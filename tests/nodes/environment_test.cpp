#include "nodes/environment.hpp"

#include <cstdlib>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/config_command.hpp"
#include "nodes/settings.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Outcome {
  EffectiveConfig effective;
  std::vector<std::string> problems;
};

Outcome read(std::span<const Setting> settings, const Environment& environment) {
  Outcome outcome;
  std::vector<Problem> problems;
  apply_environment(settings, environment, outcome.effective, problems);
  for (const Problem& problem : problems)
    outcome.problems.push_back(problem.line);
  return outcome;
}

TEST(Environment, SetsWhatItSays) {
  const Outcome outcome = read(all_settings(), {{"DARKROOM_HTTP_MAX_UPLOAD", "32MiB"},
                                                {"DARKROOM_LOG_LEVEL", "debug"},
                                                {"PATH", "/bin"},
                                                {"DARKROOM_CONFIG", "none"}});
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.effective.config.http.max_upload_bytes, 32U << 20U);
  EXPECT_EQ(outcome.effective.config.log_level, LogLevel::debug);
  EXPECT_EQ(outcome.effective.origin("log.level"), "DARKROOM_LOG_LEVEL");
}

TEST(Environment, RefusesUnknownAndWrongOnes) {
  EXPECT_THAT(
      read(all_settings(),
           {{"DARKROOM_HTTP_PRT", "80"}, {"DARKROOM_HTTP_PORT", ""}, {"DARKROOM_JOBS_TTL", "24"}})
          .problems,
      ElementsAre("DARKROOM_HTTP_PRT: there is no such setting; did you mean DARKROOM_HTTP_PORT?",
                  "DARKROOM_HTTP_PORT: must be a whole number from 0 to 65535, not \"\"",
                  "DARKROOM_JOBS_TTL: lacks its unit: write 24s, 24ms, 24m or 24h, not \"24\""));
}

TEST(Environment, PassesOverWhatKubernetesSetsForAServiceOfOurName) {
  EXPECT_THAT(read(all_settings(), {{"DARKROOM_SERVICE_HOST", "10.0.0.1"},
                                    {"DARKROOM_PORT", "tcp://10.0.0.1:80"},
                                    {"DARKROOM_PORT_80_TCP_ADDR", "10.0.0.1"}})
                  .problems,
              IsEmpty());
  EXPECT_THAT(read(all_settings(), {{"DARKROOM_PORT", "80"}}).problems,
              ElementsAre(HasSubstr("there is no such setting")));
}

TEST(Environment, ContainsWhatThisProcessWasGiven) {
  ASSERT_EQ(setenv("DARKROOM_TEST_MARK", "a=b", 1), 0);
  EXPECT_EQ(process_environment().at("DARKROOM_TEST_MARK"), "a=b");
  unsetenv("DARKROOM_TEST_MARK");
}

/// A table of one setting, which is a secret.
std::vector<Setting> table_with_secret() {
  Setting secret = bind_setting<Config, &Config::storage_path>("s3", "key", text(), "A secret");
  secret.secret = true;
  return {secret};
}

TEST(SecretSettings, ComeFromTheVariableOrTheFileItNames) {
  const auto table = table_with_secret();
  const tests::TemporaryFolder folder;
  const std::string file = folder.write("key", "hush\n").string();
  const Outcome outcome = read(table, {{"DARKROOM_S3_KEY_FILE", file}});
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.effective.config.storage_path, "hush");
  EXPECT_EQ(outcome.effective.origin("s3.key"), "DARKROOM_S3_KEY_FILE");
  EXPECT_EQ(read(table, {{"DARKROOM_S3_KEY", "hush"}}).effective.config.storage_path, "hush");
}

TEST(SecretSettings, RefuseAMissingFileAndTwoSources) {
  const auto table = table_with_secret();
  EXPECT_THAT(read(table, {{"DARKROOM_S3_KEY_FILE", "/no/such/file"}}).problems,
              ElementsAre("DARKROOM_S3_KEY_FILE: /no/such/file cannot be read: No such file or "
                          "directory"));
  EXPECT_THAT(read(table, {{"DARKROOM_S3_KEY_FILE", "x"}, {"DARKROOM_S3_KEY", "y"}}).problems,
              ElementsAre("DARKROOM_S3_KEY_FILE: set either this or DARKROOM_S3_KEY, not both"));
}

TEST(SecretSettings, AreTheOnlyOnesThatComeFromFiles) {
  EXPECT_THAT(read(all_settings(), {{"DARKROOM_HTTP_HOST_FILE", "x"}}).problems,
              ElementsAre(HasSubstr("DARKROOM_HTTP_HOST_FILE: there is no such setting")));
}

TEST(SecretSettings, AreNotPrinted) {
  const auto table = table_with_secret();
  const Outcome outcome = read(table, {{"DARKROOM_S3_KEY", "hush"}});
  std::ostringstream printed;
  print_as_toml(table, outcome.effective, printed);
  print_as_text(table, outcome.effective, printed);
  EXPECT_THAT(printed.str(), Not(HasSubstr("hush")));
  EXPECT_THAT(printed.str(), HasSubstr("# key is a secret  # DARKROOM_S3_KEY"));
  EXPECT_THAT(printed.str(), HasSubstr("(secret)"));
}

TEST(DiscreetSettings, AreNotPrintedWhereTheyAreSet) {
  Setting url = bind_setting<Config, &Config::storage_path>("webhook", "url", any_text(), "A URL");
  url.discreet = true;
  const std::vector<Setting> table{url};
  const auto printed = [&](const Environment& environment) {
    const Outcome outcome = read(table, environment);
    std::ostringstream out;
    print_as_toml(table, outcome.effective, out);
    print_as_text(table, outcome.effective, out);
    return out.str();
  };
  const auto hidden = printed({{"DARKROOM_WEBHOOK_URL", "https://hooks.example/hush"}});
  EXPECT_THAT(hidden, Not(HasSubstr("hooks.example")));
  EXPECT_THAT(hidden, HasSubstr("# url is a secret  # DARKROOM_WEBHOOK_URL"));
  EXPECT_THAT(hidden, ContainsRegex("webhook.url +.secret."));
  EXPECT_THAT(printed({{"DARKROOM_WEBHOOK_URL", ""}}), HasSubstr("url = \"\""));
}

TEST(SecretSettings, AreNotInheritedByWhatIsStarted) {
  for (const char* variable : {"DARKROOM_WEBHOOK_SECRET", "DARKROOM_WEBHOOK_SECRET_FILE",
                               "DARKROOM_WEBHOOK_URL", "DARKROOM_HTTP_PORT"})
    ASSERT_EQ(::setenv(variable, "value", 1), 0);
  const auto before = process_environment();
  forget_secrets(all_settings());
  EXPECT_TRUE(before.contains("DARKROOM_WEBHOOK_SECRET")) << "the process itself has read it";
  const auto after = process_environment();
  EXPECT_FALSE(after.contains("DARKROOM_WEBHOOK_SECRET"));
  EXPECT_FALSE(after.contains("DARKROOM_WEBHOOK_SECRET_FILE"));
  EXPECT_FALSE(after.contains("DARKROOM_WEBHOOK_URL")) << "a secret may be part of it";
  EXPECT_TRUE(after.contains("DARKROOM_HTTP_PORT"));
  ::unsetenv("DARKROOM_HTTP_PORT");
}

}  // namespace
}  // namespace darkroom::nodes
