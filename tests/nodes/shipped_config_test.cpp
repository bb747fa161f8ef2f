#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/config_check.hpp"
#include "nodes/config_file.hpp"
#include "tests/files/content_of.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

/// What a file lacks or has otherwise than the built-in defaults.
std::vector<std::string> differences(const std::string& text) {
  EffectiveConfig effective;
  std::vector<Problem> problems;
  apply_config_file(all_settings(), "config.toml", text, effective, problems);
  std::vector<std::string> found;
  for (const Problem& problem : problems)
    found.push_back(problem.line);
  const Config defaults;
  for (const Setting& setting : all_settings()) {
    const bool named = effective.origins.contains(setting.name());
    const bool same = setting.get(effective.config) == setting.get(defaults);
    if (!named || !same) found.push_back(setting.name());
  }
  const bool has_preset = effective.origins.contains("preset.default");
  if (!has_preset || effective.config.presets != defaults.presets) found.emplace_back("preset");
  return found;
}

std::string shipped() {
  return tests::content_of(DARKROOM_SHIPPED_CONFIG);
}

TEST(ShippedConfig, NamesEverySettingWithItsDefault) {
  ASSERT_FALSE(shipped().empty());
  EXPECT_THAT(differences(shipped()), IsEmpty());
}

/// Proves the test above: it would see any one setting that is missing or has another value.
TEST(ShippedConfig, WouldBeFoundOutWithoutOneOfTheSettings) {
  std::string section;
  const std::string text = shipped();
  std::size_t removed = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    const std::string line = text.substr(start, end - start);
    if (line.starts_with("[[preset]]")) break;
    if (line.starts_with('[')) section = line.substr(1, line.find(']') - 1);
    const std::size_t equals = line.find(" = ");
    if (equals != std::string::npos && !line.starts_with('#')) {
      ++removed;
      std::string without = text;
      without.erase(start, end - start);
      EXPECT_THAT(differences(without), Contains(section + "." + line.substr(0, equals)));
    }
    start = end;
  }
  EXPECT_EQ(removed, all_settings().size());
}

TEST(ShippedConfig, WouldBeFoundOutWithAnotherValue) {
  std::string changed = shipped();
  const std::string port = "port = 8000";
  changed.replace(changed.find(port), port.size(), "port = 8001");
  EXPECT_THAT(differences(changed), Contains("http.port"));

  std::string other_preset = shipped();
  const std::string quality = "quality = 60";
  other_preset.replace(other_preset.find(quality), quality.size(), "quality = 61");
  EXPECT_THAT(differences(other_preset), Contains("preset"));
}

}  // namespace
}  // namespace darkroom::nodes
