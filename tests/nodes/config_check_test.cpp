#include "nodes/config_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> messages(const Config& config) {
  std::vector<std::string> result;
  for (const Conflict& conflict : find_conflicts(config))
    result.push_back(conflict.message);
  return result;
}

Config with_rendition(const jobs::RenditionSpec& spec) {
  Config config;
  config.presets.push_back({.name = "extra", .renditions = {spec}});
  return config;
}

const jobs::RenditionSpec sound{
    .name = "small", .operation = jobs::Operation::resize, .width = 64, .folder = "resized"};

TEST(ConfigCheck, FindsNothingWrongWithTheDefaults) {
  EXPECT_THAT(messages(Config{}), IsEmpty());
  EXPECT_THAT(messages(with_rendition(sound)), IsEmpty());
}

TEST(ConfigCheck, WantsALeaseToOutliveTwoLostHeartbeats) {
  Config config;
  config.registry.lease = 6s;
  config.worker.heartbeat = 2s;
  EXPECT_THAT(messages(config), IsEmpty());
  config.registry.lease = 5'999ms;
  EXPECT_THAT(messages(config),
              ElementsAre("jobs.lease (5999ms) must be at least 3 times worker.heartbeat (2s)"));
}

TEST(ConfigCheck, WantsTheLongestWaitNotToBeShorterThanTheFirst) {
  Config config;
  config.registry.retry.base = 2min;
  config.supervisor.base = 1min;
  EXPECT_THAT(messages(config),
              ElementsAre("retry.max (1m) must be at least retry.base (2m)",
                          "supervisor.max (30s) must be at least supervisor.base (1m)"));
}

TEST(ConfigCheck, WantsTheBoundsOfATimeToLiveInOrder) {
  Config config;
  config.min_ttl = 2h;
  config.max_ttl = 1h;
  EXPECT_THAT(messages(config),
              ElementsAre("jobs.max_ttl (1h) must be at least jobs.min_ttl (2h)"));
}

TEST(ConfigCheck, WantsQueuesThatCanBeToldApart) {
  Config config;
  config.queues = {{.name = "night"}, {.name = "default"}, {.name = "night"}};
  EXPECT_THAT(messages(config), ElementsAre("queue \"night\": there are two queues of this name"));
  config.queues = {{.name = "Night shift"}};
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("queue \"Night shift\": the name \"Night "
                                                      "shift\" must be 1 to 64 lower-case")));
}

TEST(ConfigCheck, WantsTheWaitsOfAQueueInOrderTogetherWithTheCommonOnes) {
  Config config;
  config.queues = {{.name = "night", .base = 2min}};
  EXPECT_THAT(messages(config),
              ElementsAre("queue \"night\": max (1m) must be at least base (2m)"));
  config.queues.front().max = 1h;
  EXPECT_THAT(messages(config), IsEmpty());
}

TEST(ConfigCheck, WantsTheFilesOfTlsTogether) {
  Config config;
  config.node.tls = {.ca = "ca.pem", .certificate = "a.pem", .key = {}, .revocations = {}};
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("node.key is not set")));
  config.node.tls.key = "a.key";
  config.node.host = "0.0.0.0";
  EXPECT_THAT(messages(config), IsEmpty());
}

TEST(ConfigCheck, WantsTlsOrALoudYesWhereOtherMachinesCanJoin) {
  Config config;
  config.node.host = "0.0.0.0";
  EXPECT_THAT(messages(config),
              ElementsAre(HasSubstr("make certificates with `darkroom certs init`")));
  config.node.insecure = true;
  EXPECT_THAT(messages(config), IsEmpty());
}

TEST(ConfigCheck, WantsAWorkerToHaveMemoryForEveryJobThatIsTaken) {
  Config config;
  config.limits.max_memory = std::uint64_t{2} << 30U;
  EXPECT_THAT(messages(config), IsEmpty()) << "a share of the machine's is never less";
  config.worker.memory = std::uint64_t{1} << 30U;
  EXPECT_THAT(messages(config),
              ElementsAre("worker.memory (1GiB) must be at least imaging.max_memory (2GiB), or 0 "
                          "for a share of the machine's memory"));
}

TEST(ConfigCheck, WantsRoomToDrainAndToUpload) {
  Config config;
  config.shutdown_timeout = 5s;
  config.janitor.orphan_age = 1min;
  EXPECT_THAT(messages(config),
              ElementsAre("node.shutdown_timeout (5s) must be at least 9s: worker.drain_timeout "
                          "(6s) and 3s for everything else",
                          "janitor.orphan_age (1m) must be at least 6m5s: http.request_timeout "
                          "(5m), http.backend_timeout (5s) and 1m for a slow disk"));
  config.shutdown_timeout = 9s;
  config.janitor.orphan_age = 6min + 5s;
  EXPECT_THAT(messages(config), IsEmpty());
  config.shutdown_timeout = 8'999ms;
  config.janitor.orphan_age = 6min + 4'999ms;
  EXPECT_THAT(messages(config), ::testing::SizeIs(2));
}

TEST(ConfigCheck, WantsHostsWithoutSchemeAndPort) {
  Config config;
  for (const char* hosts :
       {"auto", "*", "a.example, B-2.example", "192.0.2.1,[2001:db8::1]", "auto, a.example"}) {
    config.http.allowed_hosts = hosts;
    EXPECT_THAT(messages(config), IsEmpty()) << hosts;
  }
  for (const char* hosts :
       {"http://a.example", "a.example:80", "a,,b", "a b", "2001:db8::1", " "}) {
    config.http.allowed_hosts = hosts;
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("no name of a host"))) << hosts;
  }
}

TEST(ConfigCheck, WantsAddressesOfProxies) {
  Config config;
  for (const char* proxies : {"", "10.0.0.1", "10.0.0.0/8, 2001:db8::/32"}) {
    config.http.trusted_proxies = proxies;
    EXPECT_THAT(messages(config), IsEmpty()) << proxies;
  }
  for (const char* proxies : {"proxy.example", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.1,", "*"}) {
    config.http.trusted_proxies = proxies;
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("which is no address"))) << proxies;
  }
}

TEST(ConfigCheck, WantsAddressesThatSourcesMayBeAt) {
  Config config;
  for (const char* allow : {"", "10.1.0.0/16, 192.168.0.7", "fd00::/8"}) {
    config.source.allow = allow;
    EXPECT_THAT(messages(config), IsEmpty()) << allow;
  }
  for (const char* allow : {"pictures.example", "10.0.0.1/8", "*"}) {
    config.source.allow = allow;
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("which is no address"))) << allow;
  }
}

TEST(ConfigCheck, WantsTimeForAPictureThatIsFetched) {
  Config config;
  config.worker.job_timeout = 10s;
  EXPECT_THAT(messages(config), IsEmpty());
  config.source.enabled = true;
  EXPECT_THAT(messages(config), ElementsAre("worker.job_timeout (10s) must be at least "
                                            "2 times source.timeout (30s)"));
  config.source.timeout = 5s;
  EXPECT_THAT(messages(config), IsEmpty());
}

TEST(ConfigCheck, WantsDialectsThatThereAre) {
  Config config;
  for (const char* dialects : {"", "fastapi", "upload,django", " django , upload, fastapi "}) {
    config.http.dialects = dialects;
    EXPECT_THAT(messages(config), IsEmpty()) << dialects;
  }
  for (const char* dialects : {"flask", "django,", "django upload"}) {
    config.http.dialects = dialects;
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("which is none: write django, upload")))
        << dialects;
  }
}

TEST(ConfigCheck, WantsPresetsOfDifferentSafeNamesAndADefaultOne) {
  Config config;
  config.presets = {{.name = "a", .renditions = {sound}},
                    {.name = "a", .renditions = {sound}},
                    {.name = "B/..", .renditions = {sound}}};
  EXPECT_THAT(messages(config),
              ElementsAre("there are two presets called \"a\"",
                          HasSubstr("the name \"B/..\" must be 1 to 64 lower-case letters"),
                          "there must be a preset called \"default\""));
}

TEST(ConfigCheck, WantsOneTo32RenditionsOfDifferentNames) {
  Config config;
  config.presets.push_back({.name = "none", .renditions = {}});
  config.presets.push_back({.name = "twice", .renditions = {sound, sound}});
  jobs::Preset many{.name = "many", .renditions = {}};
  for (int i = 0; i < 33; ++i) {
    many.renditions.push_back(sound);
    many.renditions.back().name += std::to_string(i);
  }
  config.presets.push_back(many);
  EXPECT_THAT(messages(config),
              ElementsAre("preset \"none\": must have 1 to 32 renditions, not 0",
                          "preset \"twice\": there are two renditions called \"small\"",
                          "preset \"many\": must have 1 to 32 renditions, not 33"));
}

TEST(ConfigCheck, WantsRenditionsThatCanBeMadeAndStored) {
  jobs::RenditionSpec spec = sound;
  spec.width = 0;
  EXPECT_THAT(messages(with_rendition(spec)), ElementsAre(HasSubstr("resize needs a width")));
  spec.operation = jobs::Operation::thumbnail;
  EXPECT_THAT(messages(with_rendition(spec)), ElementsAre(HasSubstr("thumbnail needs a width")));
  spec.operation = jobs::Operation::compress;
  EXPECT_THAT(messages(with_rendition(spec)), IsEmpty());

  spec = sound;
  spec.name = "a b";
  EXPECT_THAT(messages(with_rendition(spec)), ElementsAre(HasSubstr("rendition name \"a b\"")));
  spec = sound;
  spec.quality = 0;
  EXPECT_THAT(messages(with_rendition(spec)),
              ElementsAre("preset \"extra\": rendition \"small\": quality must be from 1 to 100, "
                          "not 0"));
  for (const char* folder : {"", "..", "a/b", "Upper", "originals"}) {
    spec = sound;
    spec.folder = folder;
    EXPECT_THAT(messages(with_rendition(spec)), ElementsAre(HasSubstr("folder"))) << folder;
  }
}

TEST(ConfigCheck, WantsFormatsThatTheBackendWrites) {
  for (const auto format :
       {jobs::OutputFormat::webp, jobs::OutputFormat::avif, jobs::OutputFormat::automatic}) {
    jobs::RenditionSpec spec = sound;
    spec.format = format;
    Config config = with_rendition(spec);
    EXPECT_THAT(messages(config), IsEmpty());
    config.pixel_backend = PixelBackend::stb;
    EXPECT_THAT(messages(config),
                ElementsAre(HasSubstr("needs imaging.backend fast; stb writes jpeg and png")));
  }
}

TEST(ConfigCheck, WantsWatermarksOfDifferentNamesThatCanBeSeen) {
  Config config;
  config.watermarks = {{.name = "logo", .image = "/a.png"},
                       {.name = "logo", .image = "/b.png"},
                       {.name = "ghost", .image = "/c.png", .opacity = 0}};
  EXPECT_THAT(messages(config),
              ElementsAre("there are two watermarks called \"logo\"",
                          HasSubstr("watermark \"ghost\": opacity must be above 0")));
}

TEST(ConfigCheck, WantsOptionsThatGoTogether) {
  jobs::RenditionSpec spec = sound;
  spec.fit = jobs::Fit::cover;
  EXPECT_THAT(messages(with_rendition(spec)),
              ElementsAre("preset \"extra\": rendition \"small\": fit cover needs both a width and "
                          "a height"));
}

TEST(ConfigCheck, WantsOneSecretForWebhooksThatIsOne) {
  Config config;
  config.webhook.secret = "whsec_" + std::string(32, 'A');
  EXPECT_THAT(messages(config), IsEmpty());
  config.webhook.secret_file = "secret";
  EXPECT_THAT(messages(config),
              ElementsAre("set either webhook.secret or webhook.secret_file, not both"));
  config.webhook.secret_file.clear();
  config.webhook.secret = "hunter2";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("webhook.secret: secret 1 does not begin")));
  EXPECT_THAT(messages(config), ElementsAre(testing::Not(HasSubstr("hunter2"))));
}

TEST(ConfigCheck, WantsAddressesThatWebhooksMayGoTo) {
  Config config;
  config.webhook.allow = "10.1.2.0/24, ::1";
  config.registry.outbox.url = "https://example.com/hook?all";
  EXPECT_THAT(messages(config), IsEmpty());
  config.webhook.allow = "10.1.2.1/24";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("webhook.allow has \"10.1.2.1/24\" in it")));
  config.webhook.allow.clear();
  config.webhook.deny = "8.8.8.8, here";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("webhook.deny has \"here\" in it")));
  config.webhook.deny.clear();
  config.source.deny = "8.8.8.8/8";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("source.deny has \"8.8.8.8/8\" in it")));
  config.source.deny.clear();
  config.registry.outbox.url = "ftp://example.com";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("webhook.url ")));
}

TEST(ConfigCheck, WantsAllThatMailNeeds) {
  Config config;
  config.email = {.server = "smtps://mail.example:465",
                  .from = "pictures@example.com",
                  .username = "pictures",
                  .password_file = "password"};
  EXPECT_THAT(messages(config), IsEmpty());
  config.email.password_file.clear();
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("both, or neither")));
  config.email.username.clear();
  config.email.from = "pictures";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("email.from must be")));
  config.email.from = "pictures@example.com";
  config.registry.outbox.email_to = "a@example.com, b@example.com";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("email.to must be one address")));
  config.registry.outbox.email_to = "a@example.com";
  config.email.server = "mail.example";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("email.server must begin with smtp://")));
}

TEST(ConfigCheck, WantsBothFilesOfTls) {
  Config config;
  config.http.tls_certificate = "/etc/darkroom/tls.pem";
  EXPECT_THAT(messages(config), ElementsAre(HasSubstr("http.tls_key is not set")));
  config.http.tls_key = "/etc/darkroom/tls.key";
  EXPECT_THAT(messages(config), IsEmpty());
}

TEST(ConfigCheck, WantsOriginsAsBrowsersSendThem) {
  Config config;
  config.http.cors_origins = "https://app.example, http://localhost:3000";
  EXPECT_THAT(messages(config), IsEmpty());
  config.http.cors_origins = "https://app.example/";
  EXPECT_THAT(messages(config),
              ElementsAre("http.cors_origins: \"https://app.example/\" is no origin as browsers "
                          "send it; write \"https://app.example\""));
}

}  // namespace
}  // namespace darkroom::nodes
