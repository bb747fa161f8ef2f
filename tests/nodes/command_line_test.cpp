#include "nodes/command_line.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Runs in a folder without config.toml, unless a test writes one.
class CommandLine : public ::testing::Test {
 protected:
  tl::expected<Command, EarlyExit> parse(const std::vector<std::string>& words,
                                         const Environment& environment = {}) const {
    std::vector<const char*> args{"darkroom"};
    for (const std::string& word : words)
      args.push_back(word.c_str());
    return parse_command_line(args, environment, folder_.path());
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
    EXPECT_THAT(command.error().out, IsEmpty());
    return command.error().err;
  }

  std::string printed(const std::vector<std::string>& words) const {
    const auto command = parse(words);
    if (command) return "(accepted)";
    EXPECT_EQ(command.error().code, 0);
    EXPECT_THAT(command.error().err, IsEmpty());
    return command.error().out;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(CommandLine, ServesWithSettingsFromFlags) {
  const auto serve =
      parsed<ServeCommand>({"serve", "--http-port", "9000", "--jobs-ttl=48h", "--log-format=json"});
  EXPECT_EQ(serve.config.http.port, 9'000);
  EXPECT_EQ(serve.config.registry.ttl, std::chrono::hours{48});
  EXPECT_EQ(serve.config.log_format, LogFormat::json);
}

TEST_F(CommandLine, TakesTheLastOfARepeatedFlag) {
  EXPECT_EQ(parsed<ServeCommand>({"serve", "--http-port=1", "--http-port=2"}).config.http.port, 2);
}

TEST_F(CommandLine, ReadsTheFileThatIsNamed) {
  folder_.write("other.toml", "[http]\nport = 77\n");
  EXPECT_EQ(parsed<ServeCommand>({"serve", "--config", "other.toml"}).config.http.port, 77);
  folder_.write("config.toml", "[http]\nport = 78\n");
  EXPECT_EQ(parsed<ServeCommand>({"serve"}).config.http.port, 78);
  EXPECT_EQ(parsed<ServeCommand>({"serve", "--config=none"}).config.http.port, 8'000);
}

TEST_F(CommandLine, ReadsTheEnvironment) {
  const auto command = parse({"serve"}, {{"DARKROOM_HTTP_PORT", "81"}});
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<ServeCommand>(*command).config.http.port, 81);
}

TEST_F(CommandLine, KnowsWhereAWorkerJoins) {
  const auto worker = parsed<WorkerCommand>(
      {"worker", "--join", "coordinator:9000", "--name", "w1", "--slots=3", "--queues=a,b,a"});
  EXPECT_EQ(worker.join.host, "coordinator");
  EXPECT_EQ(worker.join.port, 9'000);
  EXPECT_EQ(worker.name, "w1");
  EXPECT_EQ(worker.slots.min, 3U);
  EXPECT_EQ(worker.slots.max, 3U);
  EXPECT_THAT(worker.queues, ElementsAre("a", "b"));
  EXPECT_EQ(parsed<WorkerCommand>({"worker", "--join", "[::1]:5"}).join.host, "::1");
}

TEST_F(CommandLine, RefusesAPlaceToJoinThatIsNone) {
  EXPECT_EQ(refused({"worker"}),
            "--join: is missing; write --join HOST:PORT, where the coordinator takes nodes\n");
  for (const char* join :
       {"host", ":1", "host:", "host:0", "host:65536", "host:1x", "::1", "[]:1"}) {
    EXPECT_THAT(refused({"worker", "--join", join}),
                StartsWith("--join: must be HOST:PORT such as 127.0.0.1:7420, not "))
        << join;
  }
}

TEST_F(CommandLine, KnowsHowAWorkerNodeScales) {
  const auto worker = parsed<WorkerCommand>({"worker", "--join=h:1", "--autoscale=0,8"});
  EXPECT_EQ(worker.slots.min, 0U);
  EXPECT_EQ(worker.slots.max, 8U);
  const auto each = parsed<WorkerCommand>({"worker", "--join=h:1", "--worker-processes=5"});
  EXPECT_EQ(each.slots.max, 5U);
}

TEST_F(CommandLine, RefusesSlotsThatMakeNoSense) {
  for (const char* range : {"3", "1,", ",2", "4,3", "0,0", "1,2,3", "-1,2", "1,2000"}) {
    EXPECT_THAT(refused({"worker", "--join=h:1", "--autoscale", range}),
                StartsWith("--autoscale: must be MIN,MAX such as 1,"))
        << range;
  }
  for (const char* slots : {"0", "x", "-1", "1.5", "2000"}) {
    EXPECT_THAT(refused({"worker", "--join=h:1", "--slots", slots}),
                StartsWith("--slots: must be a whole number from 1 to 1024"))
        << slots;
  }
  EXPECT_EQ(refused({"worker", "--join=h:1", "--slots=2", "--autoscale=1,2"}),
            "--slots: --autoscale is given too; give the one or the other\n");
}

TEST_F(CommandLine, RefusesNamesThatNoNodeMayHave) {
  for (const char* name : {"a b", "a/b", "\x1b[0m", "local-1"}) {
    EXPECT_THAT(refused({"worker", "--join=h:1", "--name", name}), StartsWith("--name: ")) << name;
    EXPECT_THAT(refused({"ingest", "--join=h:1", "--name", name}), StartsWith("--name: ")) << name;
  }
  EXPECT_THAT(refused({"worker", "--join=h:1", "--queues=a,B!"}), StartsWith("--queues: "));
}

TEST_F(CommandLine, KnowsTheOtherNodesOfACluster) {
  EXPECT_EQ(parsed<IngestCommand>({"ingest", "--join=h:1", "--name=i1"}).name, "i1");
  EXPECT_EQ(parsed<CoordinatorCommand>({"coordinator", "--node-join=9"}).config.node.join, 9);
  EXPECT_EQ(refused({"coordinator", "--join=h:1"}).substr(0, 7), "--join:");
}

TEST_F(CommandLine, KnowsWhatToProcess) {
  const auto process =
      parsed<ProcessCommand>({"process", "a.jpg", "serve", "-o", "out", "--imaging-max-side=9"});
  EXPECT_THAT(process.images, ElementsAre("a.jpg", "serve"));
  EXPECT_EQ(process.output, "out");
  EXPECT_EQ(process.preset, jobs::default_preset());
  EXPECT_FALSE(process.overwrite);
  EXPECT_EQ(process.config.limits.max_side, 9U);
  EXPECT_THAT(parsed<ProcessCommand>({"process", "-o", "out", "--", "-x.jpg"}).images,
              ElementsAre("-x.jpg"));
}

TEST_F(CommandLine, RefusesToProcessWithoutAllItNeeds) {
  EXPECT_EQ(refused({"process"}),
            "IMAGE: is missing; name the images\n"
            "-o: is missing; write -o DIR, the folder for the renditions\n");
  EXPECT_EQ(refused({"process", "a.jpg", "-o", "out", "--preset", "avatar"}),
            "--preset: there is no preset \"avatar\"; there are: default\n");
}

TEST_F(CommandLine, ProcessesRenditionsThatTheCommandLineSays) {
  const auto process = parsed<ProcessCommand>(
      {"process", "a.jpg", "-o", "out", "--renditions",
       R"([{"name":"x","operation":"resize","width":9,"height":9,"fit":"cover"}])"});
  ASSERT_EQ(process.preset.renditions.size(), 1U);
  EXPECT_EQ(process.preset.renditions[0].fit, jobs::Fit::cover);
  EXPECT_EQ(refused({"process", "a.jpg", "-o", "out", "--preset=default", "--renditions=[]"}),
            "--renditions: --preset is given too; give the one or the other\n");
  EXPECT_THAT(refused({"process", "a.jpg", "-o", "out", "--renditions=[{\"nme\":\"x\"}]"}),
              StartsWith("--renditions: rendition 1: there is no setting nme; did you mean name?\n"
                         "--renditions: rendition 1: lacks name\n"));
}

TEST_F(CommandLine, KnowsHowToPrintTheConfiguration) {
  EXPECT_EQ(parsed<ConfigCommand>({"config"}).output, ConfigOutput::toml);
  EXPECT_EQ(parsed<ConfigCommand>({"config", "--format", "text"}).output, ConfigOutput::text);
  EXPECT_EQ(parsed<ConfigCommand>({"config", "--http-port=1"}).effective.origin("http.port"),
            "--http-port");
  EXPECT_EQ(refused({"config", "--format=json"}), "--format: must be toml or text, not \"json\"\n");
}

TEST_F(CommandLine, SuggestsTheNearestCommand) {
  EXPECT_EQ(refused({"serv"}), "serv: there is no such command; did you mean serve?\n");
  EXPECT_EQ(refused({"dance"}),
            "dance: there is no such command; the commands are serve, coordinator, ingest, worker, "
            "process, config, store, jobs, janitor, queues, workers, keys, certs, webhook\n");
  EXPECT_THAT(refused({}), StartsWith("darkroom: name a command, such as darkroom serve\n"));
  EXPECT_EQ(refused({"--http-port", "1", "serve"}),
            "--http-port: must stand behind a command, as in darkroom serve --http-port\n");
  EXPECT_EQ(refused({"--versoin"}), "--versoin: there is no such flag; did you mean --version?\n");
}

TEST_F(CommandLine, SuggestsTheNearestFlag) {
  EXPECT_EQ(refused({"serve", "--http-prot", "80", "--htp-host=x", "--port", "3"}),
            "--http-prot: darkroom serve has no such flag; did you mean --http-port?\n"
            "--htp-host: darkroom serve has no such flag; did you mean --http-host?\n"
            "--port: darkroom serve has no such flag; did you mean --http-port?\n");
  EXPECT_EQ(refused({"serve", "now"}),
            "now: darkroom serve takes flags only; see darkroom serve --help\n");
  EXPECT_EQ(refused({"serve", "--http-port"}), "--http-port: needs a value\n");
}

TEST_F(CommandLine, ReportsFlagsAndSettingsAtOnce) {
  folder_.write("config.toml", "[http]\nprot = 1\n");
  EXPECT_EQ(refused({"serve", "--nonsense", "--log-level=loud"}),
            "--nonsense: darkroom serve has no such flag\n"
            "config.toml:2: http.prot: there is no such setting; did you mean http.port?\n"
            "--log-level: must be one of trace, debug, info, warn, error, not \"loud\"\n");
}

TEST_F(CommandLine, PrintsTheVersionEverywhere) {
  for (const char* command : {"serve", "worker", "process", "config"}) {
    EXPECT_THAT(printed({command, "--version"}), StartsWith("darkroom 0.")) << command;
  }
  EXPECT_THAT(printed({"--version"}), StartsWith("darkroom 0."));
}

TEST_F(CommandLine, PrintsHelpThatFitsIn100Columns) {
  const std::vector<std::vector<std::string>> all{
      {"--help"},       {"serve", "--help"},   {"coordinator", "--help"}, {"ingest", "--help"},
      {"worker", "-h"}, {"process", "--help"}, {"config", "--help"}};
  for (const auto& words : all) {
    const std::string help = printed(words);
    EXPECT_THAT(help, HasSubstr("Usage: darkroom "));
    EXPECT_THAT(help, HasSubstr("--version"));
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST_F(CommandLine, ListsEverySettingWithItsDefaultInTheHelp) {
  const std::string help = printed({"serve", "--help"});
  const Config defaults;
  for (const Setting& setting : all_settings()) {
    // Other users of the machine see command lines.
    EXPECT_EQ(help.find(flag_name(setting) + " ") == std::string::npos, setting.secret);
    if (setting.secret) continue;
    EXPECT_THAT(help, HasSubstr(flag_name(setting) + " " + placeholder(setting.type)));
    EXPECT_THAT(help, HasSubstr(setting.help + " [" +
                                value_to_text(setting.type, setting.get(defaults)) + "]"));
  }
  EXPECT_THAT(help, HasSubstr("[janitor] Removal of what has expired:\n  --janitor-interval"));
  EXPECT_THAT(printed({"worker", "--help"}), Not(HasSubstr("--parent")));
}

TEST_F(CommandLine, TakesEmptyValuesBehindAnEqualsSign) {
  const auto serve =
      parsed<ServeCommand>({"serve", "--node-ca=", "--node-certificate=", "--http-port=1"});
  EXPECT_TRUE(serve.config.node.tls.ca.empty());
  EXPECT_EQ(serve.config.http.port, 1);
  EXPECT_THAT(refused({"serve", "--http-host="}), HasSubstr("--http-host: must not be empty"));
}

TEST_F(CommandLine, PassesSettingsOnAsArguments) {
  auto serve = parsed<ServeCommand>({"serve"});
  serve.config.limits.max_pixels = 12'345;
  serve.config.worker.heartbeat = std::chrono::milliseconds{1'500};
  serve.config.registry.retry.jitter = 0.3;
  serve.config.storage_path = "/srv/my pictures";
  serve.config.node.tls = {
      .ca = "ca.pem", .certificate = "a.pem", .key = "a.key", .revocations = {}};
  EXPECT_THAT(to_arguments(serve.config),
              ::testing::IsSupersetOf({"--storage-path=/srv/my pictures",
                                       "--imaging-max-pixels=12345", "--imaging-max-side=65535",
                                       "--imaging-heif=true", "--imaging-backend=fast"}));

  std::vector<std::string> words{"worker", "--config=none", "--join=h:1"};
  for (const std::string& argument : to_arguments(serve.config))
    words.push_back(argument);
  // What the worker inherits must not get in the way.
  const auto command =
      parse(words, {{"DARKROOM_HTTP_REQUEST_TIMEOUT", "2h"}, {"DARKROOM_CONFIG", "/no/such.toml"}});
  ASSERT_TRUE(command) << command.error().err;
  const auto& worker = std::get<WorkerCommand>(*command);
  for (const Setting& setting : all_settings()) {
    EXPECT_EQ(setting.get(worker.config), setting.get(serve.config)) << setting.name();
  }
}

TEST_F(CommandLine, KeepsTheSecretOfWebhooksFromTheCommandLinesOfWorkers) {
  auto serve = parsed<ServeCommand>({"serve"});
  serve.config.webhook.secret = "whsec_" + std::string(32, 'A');
  for (const std::string& argument : to_arguments(serve.config))
    EXPECT_THAT(argument, Not(HasSubstr("whsec_")));
}

TEST_F(CommandLine, KeepsTheAddressOfWebhooksFromTheCommandLinesOfWorkers) {
  const auto serve =
      parsed<ServeCommand>({"serve", "--webhook-url=https://hooks.example/services/T0/hush"});
  EXPECT_EQ(serve.config.registry.outbox.url, "https://hooks.example/services/T0/hush");
  for (const std::string& argument : to_arguments(serve.config)) {
    EXPECT_THAT(argument, Not(HasSubstr("hush")));
    EXPECT_THAT(argument, Not(HasSubstr("--webhook-url")));
  }
}

TEST_F(CommandLine, MakesASecretForWebhooksWithoutAnySettings) {
  EXPECT_TRUE(parse({"webhook", "secret"}, {{"DARKROOM_CONFIG", "/no/such.toml"}}));
  const std::vector<std::vector<std::string>> wrong{
      {"webhook"}, {"webhook", "public"}, {"webhook", "secret", "more"}};
  for (const auto& words : wrong)
    EXPECT_THAT(refused(words), HasSubstr("write darkroom webhook secret"));
}

}  // namespace
}  // namespace darkroom::nodes
