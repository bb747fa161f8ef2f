#include "nodes/text_table.hpp"

#include <gtest/gtest.h>

namespace darkroom::nodes {
namespace {

TEST(TextTable, AlignsItsColumns) {
  TextTable table({{"NAME"}, {"JOBS", TextTable::Align::right}, {"STATE"}});
  table.add({"default", "7", "open"});
  table.add({"m", "12345", ""});
  EXPECT_EQ(table.text(),
            "NAME      JOBS  STATE\n"
            "default      7  open\n"
            "m        12345\n");
}

TEST(TextTable, HasItsTitlesAlsoWithoutALine) {
  EXPECT_EQ(TextTable({{"A"}, {"B"}}).text(), "A  B\n");
}

}  // namespace
}  // namespace darkroom::nodes
