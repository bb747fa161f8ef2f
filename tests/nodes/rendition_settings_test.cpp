#include "nodes/rendition_settings.hpp"

#include <set>

#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

using jobs::RenditionSpec;

/// A value of the setting that is not the default.
SettingValue other_value(const BasicSetting<RenditionSpec>& setting) {
  switch (setting.type.kind) {
    case ValueKind::text:
      return std::string{"other"};
    case ValueKind::colour:
      return std::string{"#123456"};
    case ValueKind::point:
      return std::string{"0.25,0.75"};
    case ValueKind::choice:
    case ValueKind::flag:
      return setting.get({}) == SettingValue{std::uint64_t{1}} ? std::uint64_t{0}
                                                               : std::uint64_t{1};
    default:
      return setting.get({}) == setting.type.max ? setting.type.min : setting.type.max;
  }
}

TEST(RenditionSettings, EachHasAMemberOfItsOwnAndAHelp) {
  std::set<std::string> keys;
  for (const auto& setting : rendition_settings()) {
    EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
    EXPECT_FALSE(setting.help.empty()) << setting.key;
    RenditionSpec spec;
    setting.set(spec, other_value(setting));
    EXPECT_EQ(setting.get(spec), other_value(setting)) << setting.key;
    for (const auto& another : rendition_settings()) {
      if (another.key == setting.key) continue;
      EXPECT_EQ(another.get(spec), another.get({})) << setting.key << " changed " << another.key;
    }
  }
}

/// Whoever adds an option to the struct must add it to the table: setting all of them must leave
/// no member at its default.
TEST(RenditionSettings, LeaveNoOptionOut) {
  RenditionSpec spec;
  for (const auto& setting : rendition_settings())
    setting.set(spec, other_value(setting));
  const RenditionSpec fresh;
  EXPECT_NE(spec.name, fresh.name);
  EXPECT_NE(spec.operation, fresh.operation);
  EXPECT_NE(spec.width, fresh.width);
  EXPECT_NE(spec.height, fresh.height);
  EXPECT_NE(spec.quality, fresh.quality);
  EXPECT_NE(spec.format, fresh.format);
  EXPECT_NE(spec.folder, fresh.folder);
  EXPECT_NE(spec.fit, fresh.fit);
  EXPECT_NE(spec.gravity, fresh.gravity);
  EXPECT_NE(spec.focus, fresh.focus);
  EXPECT_NE(spec.enlarge, fresh.enlarge);
  EXPECT_NE(spec.background, fresh.background);
  EXPECT_NE(spec.lossless, fresh.lossless);
  EXPECT_NE(spec.progressive, fresh.progressive);
  EXPECT_NE(spec.subsampling, fresh.subsampling);
  EXPECT_NE(spec.effort, fresh.effort);
  EXPECT_NE(spec.max_bytes, fresh.max_bytes);
  EXPECT_NE(spec.sharpen, fresh.sharpen);
  EXPECT_NE(spec.linear_light, fresh.linear_light);
  EXPECT_NE(spec.keep_copyright, fresh.keep_copyright);
  EXPECT_NE(spec.watermark, fresh.watermark);
}

}  // namespace
}  // namespace darkroom::nodes
