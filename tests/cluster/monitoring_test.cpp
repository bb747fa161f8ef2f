#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/files/content_of.hpp"
#include "tests/files/temporary_folder.hpp"

// The dashboard and the alert rules ask for what a running service tells.

namespace darkroom::cluster {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path dashboard =
    std::filesystem::path{DARKROOM_DEPLOY} / "grafana/darkroom.json";
const std::filesystem::path alerts =
    std::filesystem::path{DARKROOM_DEPLOY} / "prometheus/alerts.yml";

/// What a scrape has of one name.
struct Scrape {
  std::set<std::string> names;   ///< Of series, those of histograms with their endings.
  std::set<std::string> labels;  ///< Of all together.
};

Scrape parse(const std::string& text) {
  Scrape scrape;
  const std::regex label{"([a-z_]+)=\""};
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const auto end = line.find_first_of("{ ");
    scrape.names.insert(line.substr(0, end));
    const auto labels = line.substr(end);
    for (std::sregex_iterator match{labels.begin(), labels.end(), label};
         match != std::sregex_iterator{}; ++match)
      scrape.labels.insert((*match)[1]);
  }
  // By Prometheus itself.
  scrape.labels.insert({"job", "instance"});
  return scrape;
}

/// All of one pattern's first group in a text.
std::vector<std::string> all(const std::string& text, const std::string& pattern) {
  const std::regex expression{pattern};
  std::vector<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), expression};
       match != std::sregex_iterator{}; ++match)
    found.push_back((*match)[1]);
  return found;
}

/// Those of the names that an expression asks for, and of the labels it sorts by, that are nowhere.
std::vector<std::string> unknown_in(const std::string& expression, const Scrape& scrape) {
  std::vector<std::string> unknown;
  for (const auto& name : all(expression, "\\b((?:darkroom|process)_[a-z_]+)")) {
    if (!scrape.names.contains(name)) unknown.push_back(name);
  }
  for (const auto& list : all(expression, "\\bby \\(([^)]*)\\)")) {
    for (const auto& label : all(list, "([a-z_]+)")) {
      if (!scrape.labels.contains(label)) unknown.push_back("label " + label);
    }
  }
  for (const auto& label : all(expression, "[{,]([a-z_]+)[!=]=?~?\"")) {
    if (!scrape.labels.contains(label)) unknown.push_back("label " + label);
  }
  return unknown;
}

std::vector<std::string> expressions_of_dashboard() {
  const auto text = tests::content_of(dashboard);
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError());
  std::vector<std::string> expressions;
  for (const auto& panel : document["panels"].GetArray()) {
    if (!panel.HasMember("targets")) continue;
    for (const auto& target : panel["targets"].GetArray())
      expressions.emplace_back(target["expr"].GetString());
  }
  return expressions;
}

/// Of a service that has made a picture, and whose janitor has counted what there is.
Scrape real_scrape() {
  const tests::TemporaryFolder folder;
  const ServiceProcess service{folder.path() / "data", 1, {"--janitor-interval=1s"}};
  const auto id = service.client().create_job("a.jpg", jpeg_of(quadrants(400, 300)));
  EXPECT_EQ(service.client().wait_for_end(id).status, "completed");
  std::string text;
  EXPECT_TRUE(eventually([&] {
    text = service.client().get("/metrics").body;
    return text.find("\ndarkroom_blob_bytes ") != std::string::npos;
  }));
  return parse(text);
}

TEST(Monitoring, AsksForWhatARunningServiceTells) {
  const auto scrape = real_scrape();
  const auto expressions = expressions_of_dashboard();
  EXPECT_GT(expressions.size(), 40U);
  for (const auto& expression : expressions)
    EXPECT_EQ(unknown_in(expression, scrape), std::vector<std::string>{}) << expression;
  const auto rules = tests::content_of(alerts);
  EXPECT_THAT(rules, HasSubstr("darkroom_ready"));
  EXPECT_EQ(unknown_in(rules, scrape), std::vector<std::string>{});
}

TEST(Monitoring, HasAParagraphForEachAlert) {
  const auto rules = tests::content_of(alerts);
  const auto names = all(rules, "- alert: (\\w+)");
  EXPECT_EQ(names.size(), 15U);
  const auto operations = tests::content_of(DARKROOM_OPERATIONS_DOC);
  EXPECT_THAT(operations, HasSubstr("### When an alert fires\n"));
  for (const auto& name : names) {
    EXPECT_THAT(rules, HasSubstr("See docs/operations.md, When an alert fires: " + name + ".\""));
    EXPECT_THAT(operations, HasSubstr("| `" + name + "` |"));
  }
}

TEST(Monitoring, WouldMissWhatIsNotThere) {
  const Scrape scrape{.names = {"darkroom_jobs"}, .labels = {"state"}};
  EXPECT_EQ(unknown_in("sum by (queue) (darkroom_jbos{sate=\"x\"})", scrape),
            (std::vector<std::string>{"darkroom_jbos", "label queue", "label sate"}));
}

}  // namespace
}  // namespace darkroom::cluster
