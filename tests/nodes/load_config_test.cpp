#include "nodes/load_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class LoadConfig : public ::testing::Test {
 protected:
  ConfigSources sources(std::map<std::string, std::string> flags = {}, Environment environment = {},
                        std::optional<std::string> config_flag = {}) const {
    return {.config_flag = std::move(config_flag),
            .flags = std::move(flags),
            .environment = std::move(environment),
            .directory = folder_.path()};
  }

  static tl::expected<EffectiveConfig, std::vector<std::string>> load(const ConfigSources& from) {
    return load_config(all_settings(), from);
  }

  static std::vector<std::string> problems(const ConfigSources& from) {
    const auto loaded = load(from);
    return loaded ? std::vector<std::string>{} : loaded.error();
  }

  tests::TemporaryFolder folder_;
};

TEST_F(LoadConfig, HasDefaultsWithoutAnySource) {
  const auto loaded = load(sources());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->config.http.port, 8'000);
  EXPECT_EQ(loaded->config.presets, std::vector{jobs::default_preset()});
  EXPECT_TRUE(loaded->origins.empty());
}

TEST_F(LoadConfig, PutsFlagsBeforeEnvironmentBeforeFile) {
  folder_.write("config.toml", "[http]\nport = 1\nhost = \"file\"\nmax_connections = 5\n");
  const auto loaded = load(sources({{"--http-port", "3"}},
                                   {{"DARKROOM_HTTP_PORT", "2"}, {"DARKROOM_HTTP_HOST", "env"}}));
  ASSERT_TRUE(loaded) << loaded.error().front();
  EXPECT_EQ(loaded->config.http.port, 3);
  EXPECT_EQ(loaded->origin("http.port"), "--http-port");
  EXPECT_EQ(loaded->config.http.host, "env");
  EXPECT_EQ(loaded->origin("http.host"), "DARKROOM_HTTP_HOST");
  EXPECT_EQ(loaded->config.http.max_connections, 5U);
  EXPECT_EQ(loaded->origin("http.max_connections"), "config.toml:4");
}

TEST_F(LoadConfig, NamesTheLineOfTheRenditionAtFault) {
  folder_.write("config.toml",
                "[[preset]]\nname = \"p\"\nrenditions = [\n"
                "  { name = \"a\", operation = \"compress\" },\n"
                "  { name = \"b\", operation = \"resize\" },\n]\n");
  EXPECT_THAT(problems(sources()),
              ElementsAre(StartsWith("config.toml:5: preset \"p\": rendition \"b\"")));
}

TEST_F(LoadConfig, ShowsNoControlCharactersOfTheFile) {
  folder_.write("config.toml", "[http]\n\"a\\u001b[2J\" = 1\n");
  EXPECT_THAT(problems(sources()), ElementsAre(HasSubstr("http.a\\x1b[2J")));
}

TEST_F(LoadConfig, ReadsTheFileThatTheFlagOrElseTheVariableNames) {
  folder_.write("config.toml", "[http]\nport = 1\n");
  folder_.write("a.toml", "[http]\nport = 2\n");
  const std::string b = folder_.write("b.toml", "[http]\nport = 3\n").string();
  EXPECT_EQ(load(sources({}, {{"DARKROOM_CONFIG", "a.toml"}}))->config.http.port, 2);
  const auto by_flag = load(sources({}, {{"DARKROOM_CONFIG", "a.toml"}}, b));
  EXPECT_EQ(by_flag->config.http.port, 3);
  EXPECT_EQ(by_flag->origin("http.port"), b + ":2");
}

TEST_F(LoadConfig, ReadsNoFileForNone) {
  folder_.write("config.toml", "[http]\nport = 1\n");
  EXPECT_EQ(load(sources({}, {}, "none"))->config.http.port, 8'000);
  EXPECT_EQ(load(sources({}, {{"DARKROOM_CONFIG", "none"}}))->config.http.port, 8'000);
  EXPECT_EQ(load(sources({}, {{"DARKROOM_CONFIG", "gone.toml"}}, "none"))->config.http.port, 8'000);
}

TEST_F(LoadConfig, RefusesAFileThatIsNamedAndNotThere) {
  EXPECT_THAT(problems(sources({}, {}, "/no/such.toml")),
              ElementsAre("--config: /no/such.toml cannot be read: No such file or directory"));
  EXPECT_THAT(problems(sources({}, {{"DARKROOM_CONFIG", "/no/such.toml"}})),
              ElementsAre(StartsWith("DARKROOM_CONFIG: /no/such.toml cannot be read")));
  EXPECT_THAT(problems(sources({}, {{"DARKROOM_CONFIG", ""}})),
              ElementsAre("DARKROOM_CONFIG: must name a file, or be none to read no file"));
  EXPECT_THAT(problems(sources({}, {}, folder_.path().string())),
              ElementsAre(HasSubstr("it is a folder")));
}

TEST_F(LoadConfig, SaysInWordsThatTheFileMayNotBeRead) {
  const auto file = folder_.write("config.toml", "");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  // The superuser may read everything, so the file is asked for as somebody else.
  constexpr uid_t nobody = 65'534;
  const uid_t me = geteuid();
  if (me == 0) {
    ASSERT_EQ(seteuid(nobody), 0);
  }
  const auto found = problems(sources());
  ASSERT_EQ(seteuid(me), 0);
  EXPECT_THAT(found, ElementsAre(HasSubstr("cannot be read: Permission denied")));
}

TEST_F(LoadConfig, ReportsADefaultFileThatIsADanglingLink) {
  std::filesystem::create_symlink("gone.toml", folder_.path() / "config.toml");
  EXPECT_THAT(problems(sources()), ElementsAre(HasSubstr("cannot be read: No such file")));
}

TEST_F(LoadConfig, ReportsTheProblemsOfAllSourcesAtOnce) {
  folder_.write("config.toml", "[http]\nprot = 1\n[retry]\nbase = \"2h\"\n");
  EXPECT_THAT(problems(sources({{"--log-level", "loud"}}, {{"DARKROOM_HTTP_PORT", "x"}})),
              ElementsAre(StartsWith("config.toml:2: http.prot:"),
                          StartsWith("DARKROOM_HTTP_PORT: "), StartsWith("--log-level: "),
                          "config.toml:4: retry.max (1m) must be at least retry.base (2h)"));
}

TEST_F(LoadConfig, BlamesNoConflictOnASettingThatCouldNotBeRead) {
  EXPECT_THAT(problems(sources({{"--worker-heartbeat", "5s"}, {"--jobs-lease", "15"}})),
              ElementsAre(StartsWith("--jobs-lease: lacks its unit")));
}

TEST_F(LoadConfig, TellsWhichSourceMadeAConflict) {
  EXPECT_THAT(problems(sources({}, {{"DARKROOM_WORKER_HEARTBEAT", "5s"}})),
              ElementsAre("DARKROOM_WORKER_HEARTBEAT: jobs.lease (8s) must be at least 3 times "
                          "worker.heartbeat (5s)"));
}

}  // namespace
}  // namespace darkroom::nodes
