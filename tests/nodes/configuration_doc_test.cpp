#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/settings.hpp"
#include "tests/files/content_of.hpp"

// docs/configuration.md and the table of settings say the same.

namespace darkroom::nodes {
namespace {

using ::testing::HasSubstr;

std::string document() {
  return tests::content_of(DARKROOM_CONFIGURATION_DOC);
}

/// What stands in the column "takes".
std::string takes(const ValueType& type) {
  if (type.kind == ValueKind::text) return "text, not empty";
  if (type.kind == ValueKind::any_text) return "text, or empty";
  if (type.kind == ValueKind::file) return "a path, or empty";
  if (type.kind == ValueKind::list) return "a list, or empty";
  if (type.kind == ValueKind::base_url) return "a URL without a path, or empty";
  if (type.kind == ValueKind::flag) return "true, false";
  if (type.kind == ValueKind::choice) return fmt::format("{}", fmt::join(type.choices, ", "));
  return fmt::format("{} to {}", value_to_text(type, type.min), value_to_text(type, type.max));
}

/// One section with all of its settings, as it must stand in the document.
std::string section_in_document(const std::string& section) {
  std::string text = fmt::format("### [{}] {}\n\n", section, section_title(section));
  text += "| key | default | takes | meaning |\n| --- | --- | --- | --- |\n";
  const Config defaults;
  for (const Setting& setting : all_settings()) {
    if (setting.section != section) continue;
    text += fmt::format("| `{}` | `{}` | {} | {} |\n", setting.key,
                        value_to_text(setting.type, setting.get(defaults)), takes(setting.type),
                        setting.help);
  }
  return text + "\n";
}

TEST(ConfigurationDoc, HasEverySettingAsTheProgramHasIt) {
  const std::string text = document();
  for (const std::string& section : section_names(all_settings()))
    EXPECT_THAT(text, HasSubstr(section_in_document(section)));
}

TEST(ConfigurationDoc, HasNoOtherSection) {
  const std::string text = document();
  std::size_t sections = 0;
  for (std::size_t at = text.find("\n### ["); at != std::string::npos;
       at = text.find("\n### [", at + 1)) {
    ++sections;
  }
  EXPECT_EQ(sections, section_names(all_settings()).size());
}

}  // namespace
}  // namespace darkroom::nodes
