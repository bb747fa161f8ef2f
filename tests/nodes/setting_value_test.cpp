#include "nodes/setting_value.hpp"

#include <gtest/gtest.h>

#include "nodes/config.hpp"
#include "nodes/setting.hpp"

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;

std::string error_of(const tl::expected<SettingValue, std::string>& value) {
  return value ? "(no error)" : value.error();
}

TEST(SettingValue, KeepsWholeNumbersInBounds) {
  const ValueType port = whole(1, 65'535);
  EXPECT_EQ(value_from_text(port, "8000"), SettingValue{std::uint64_t{8000}});
  EXPECT_EQ(value_from_integer(port, 65'535), SettingValue{std::uint64_t{65'535}});
  const std::string expected = "must be a whole number from 1 to 65535, not ";
  EXPECT_EQ(error_of(value_from_integer(port, 0)), expected + "0");
  EXPECT_EQ(error_of(value_from_integer(port, -1)), expected + "-1");
  EXPECT_EQ(error_of(value_from_text(port, "65536")), expected + "65536");
  EXPECT_EQ(error_of(value_from_text(port, "80x")), expected + "\"80x\"");
  EXPECT_EQ(error_of(value_from_text(port, "")), expected + "\"\"");
  EXPECT_EQ(error_of(value_from_string(port, "80")), expected + "the text \"80\"");
  EXPECT_EQ(error_of(value_from_number(port, 80.5)), expected + "80.5");
}

TEST(SettingValue, TakesNumbersWithAndWithoutAPoint) {
  const ValueType factor = number(1, 100);
  EXPECT_EQ(value_from_text(factor, "2.5"), SettingValue{2.5});
  EXPECT_EQ(value_from_text(factor, "2"), SettingValue{2.0});
  EXPECT_EQ(value_from_integer(factor, 2), SettingValue{2.0});
  for (const char* text : {"0.5", "101", "nan", "inf", "two", ""}) {
    EXPECT_FALSE(value_from_text(factor, text)) << text;
  }
}

TEST(SettingValue, KeepsSizesAndDurationsInBounds) {
  EXPECT_EQ(error_of(value_from_text(bytes(1'024, 1U << 20U), "2MiB")),
            "must be a size from 1KiB to 1MiB, not 2MiB");
  EXPECT_EQ(value_from_integer(bytes(1, 2'048), 2'048), SettingValue{std::uint64_t{2'048}});
  EXPECT_EQ(error_of(value_from_text(duration(1s, 1min), "1h")),
            "must be a duration from 1s to 1m, not 1h");
  EXPECT_EQ(error_of(value_from_integer(duration(1s, 1min), 5)),
            "lacks its unit: write 5s, 5ms, 5m or 5h, not \"5\"");
}

TEST(SettingValue, TakesOnlyTheWordsOfAChoice) {
  const ValueType level = choice<LogLevel>();
  EXPECT_EQ(value_from_text(level, "warn"), SettingValue{std::uint64_t{3}});
  EXPECT_EQ(error_of(value_from_text(level, "infos")),
            "must be one of trace, debug, info, warn, error, not \"infos\"; did you mean info?");
  EXPECT_EQ(placeholder(level), "trace|debug|info|warn|error");
}

TEST(SettingValue, RefusesEmptyText) {
  EXPECT_EQ(error_of(value_from_text(text(), "")), "must not be empty");
  EXPECT_FALSE(value_from_integer(text(), 5));
}

TEST(SettingValue, KnowsTrueFromFalse) {
  EXPECT_EQ(value_from_text(flag(), "true"), SettingValue{std::uint64_t{1}});
  EXPECT_EQ(value_from_flag(flag(), false), SettingValue{std::uint64_t{0}});
  EXPECT_EQ(error_of(value_from_text(flag(), "yes")), "must be true or false, not \"yes\"");
  EXPECT_EQ(error_of(value_from_string(flag(), "true")),
            "must be true or false, not the text \"true\"");
  EXPECT_EQ(error_of(value_from_integer(flag(), 1)), "must be true or false, not 1");
  EXPECT_EQ(error_of(value_from_flag(whole(0, 9), true)),
            "must be a whole number from 0 to 9, not true");
  EXPECT_EQ(value_to_toml(flag(), SettingValue{std::uint64_t{1}}), "true");
}

TEST(SettingValue, TakesColoursAndPoints) {
  EXPECT_EQ(value_from_text(colour(), "#FFcc00"), SettingValue{std::string{"#ffcc00"}});
  EXPECT_EQ(error_of(value_from_text(colour(), "red")),
            "must be a colour such as \"#ffcc00\", not \"red\"");
  EXPECT_EQ(value_from_text(point(), "0.3, 0.70"), SettingValue{std::string{"0.3,0.7"}});
  EXPECT_EQ(value_from_list(point(), std::vector{0.3, 1.0}), SettingValue{std::string{"0.3,1"}});
  for (const auto& list : {std::vector<double>{}, {0.5}, {0.5, 2}, {0, 0, 0}}) {
    EXPECT_FALSE(value_from_list(point(), list));
  }
  EXPECT_EQ(value_to_toml(point(), SettingValue{std::string{"0.3,1"}}), "\"0.3,1\"");
}

TEST(SettingValue, TakesABaseUrlOrNone) {
  const ValueType url = base_url();
  EXPECT_EQ(value_from_text(url, "https://a.example/"),
            SettingValue{std::string{"https://a.example"}});
  EXPECT_EQ(value_from_text(url, ""), SettingValue{std::string{}});
  EXPECT_EQ(error_of(value_from_string(url, "a.example")),
            "must be a URL without a path such as \"https://pictures.example\", or empty, not "
            "\"a.example\"");
  EXPECT_FALSE(value_from_integer(url, 1));
}

TEST(SettingValue, WritesToml) {
  EXPECT_EQ(value_to_toml(whole(0, 9), SettingValue{std::uint64_t{5}}), "5");
  EXPECT_EQ(value_to_toml(number(0, 9), SettingValue{2.0}), "2.0");
  EXPECT_EQ(value_to_toml(duration(0s, 1h), SettingValue{std::uint64_t{90'000}}), "\"1m30s\"");
  EXPECT_EQ(toml_string("a \"b\" \\ \n\x7f é"), "\"a \\\"b\\\" \\\\ \\u000a\\u007f é\"");
}

}  // namespace
}  // namespace darkroom::nodes
