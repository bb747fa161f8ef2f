#include "nodes/settings.hpp"

#include <set>

#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

TEST(Settings, HaveNamesFlagsAndVariablesOfTheirOwn) {
  std::set<std::string> names;
  std::set<std::string> flags;
  std::set<std::string> variables;
  for (const Setting& setting : all_settings()) {
    EXPECT_TRUE(names.insert(setting.name()).second) << setting.name();
    EXPECT_TRUE(flags.insert(flag_name(setting)).second) << setting.name();
    EXPECT_TRUE(variables.insert(environment_name(setting)).second) << setting.name();
    EXPECT_FALSE(section_title(setting.section).empty()) << setting.section;
    EXPECT_FALSE(setting.help.empty()) << setting.name();
  }
}

TEST(Settings, AreSpelledTheSameInAllPlaces) {
  const Setting& setting = all_settings()[3];
  EXPECT_EQ(setting.name(), "http.max_upload");
  EXPECT_EQ(flag_name(setting), "--http-max-upload");
  EXPECT_EQ(environment_name(setting), "DARKROOM_HTTP_MAX_UPLOAD");
}

TEST(Settings, HaveDefaultsWithinTheirBounds) {
  const Config defaults;
  for (const Setting& setting : all_settings()) {
    const std::string text = value_to_text(setting.type, setting.get(defaults));
    const auto value = value_from_text(setting.type, text);
    ASSERT_TRUE(value) << setting.name() << ' ' << value.error();
    EXPECT_EQ(*value, setting.get(defaults)) << setting.name();
  }
}

/// A value that is not the default.
SettingValue other_value(const Setting& setting) {
  const SettingValue standard = setting.get(Config{});
  const std::set texts{ValueKind::text, ValueKind::file, ValueKind::base_url, ValueKind::list,
                       ValueKind::any_text};
  if (texts.contains(setting.type.kind)) {
    return std::string{"other"};
  }
  if (setting.type.kind == ValueKind::choice || setting.type.kind == ValueKind::flag) {
    return standard == SettingValue{std::uint64_t{1}} ? std::uint64_t{0} : std::uint64_t{1};
  }
  return standard == setting.type.max ? setting.type.min : setting.type.max;
}

TEST(Settings, EachHasAMemberOfItsOwn) {
  for (const Setting& setting : all_settings()) {
    Config config;
    setting.set(config, other_value(setting));
    EXPECT_EQ(setting.get(config), other_value(setting)) << setting.name();
    for (const Setting& another : all_settings()) {
      if (another.name() == setting.name()) continue;
      EXPECT_EQ(another.get(config), another.get(Config{}))
          << setting.name() << " changed " << another.name();
    }
  }
}

TEST(Settings, ReachTheMembersTheyAreNamedAfter) {
  Config config;
  for (const Setting& setting : all_settings()) {
    const auto set = [&](std::string_view name, std::string_view text) {
      if (setting.name() == name) setting.set(config, *value_from_text(setting.type, text));
    };
    set("http.port", "1234");
    set("storage.path", "/srv/pictures");
    set("store.max_open_files", "99");
    set("imaging.max_pixels", "5MP");
    set("imaging.heif", "false");
    set("imaging.backend", "stb");
    set("http.max_renditions", "5");
    set("jobs.ttl", "48h");
    set("retry.factor", "1.5");
    set("supervisor.restarts", "3");
    set("worker.processes", "7");
    set("log.format", "json");
    set("node.join", "9000");
    set("node.ca", "/etc/darkroom/ca.pem");
    set("node.certificate", "/etc/darkroom/node.pem");
    set("node.key", "/etc/darkroom/node.key");
    set("node.revocations", "/etc/darkroom/revoked.pem");
    set("node.peer_timeout", "20s");
  }
  EXPECT_EQ(config.http.port, 1'234);
  EXPECT_EQ(config.storage_path, "/srv/pictures");
  EXPECT_EQ(config.store.max_open_files, 99);
  EXPECT_EQ(config.limits.max_pixels, 5'000'000U);
  EXPECT_FALSE(config.limits.heif);
  EXPECT_EQ(config.pixel_backend, PixelBackend::stb);
  EXPECT_EQ(config.max_renditions, 5U);
  EXPECT_EQ(config.registry.ttl, std::chrono::hours{48});
  EXPECT_EQ(config.registry.retry.factor, 1.5);
  EXPECT_EQ(config.supervisor.restarts, 3U);
  EXPECT_EQ(config.worker_processes, 7U);
  EXPECT_EQ(config.log_format, LogFormat::json);
}

}  // namespace
}  // namespace darkroom::nodes
