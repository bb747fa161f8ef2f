#include "nodes/text_table.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

namespace darkroom::nodes {

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_)
    widths.push_back(column.title.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], row.at(i).size());
  }
  std::string text;
  const auto add_line = [&](const auto& cell) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool right = columns_[i].align == Align::right;
      line += right ? fmt::format("{:>{}}  ", cell(i), widths[i])
                    : fmt::format("{:<{}}  ", cell(i), widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  add_line([&](std::size_t i) { return columns_[i].title; });
  for (const auto& row : rows_)
    add_line([&](std::size_t i) { return row[i]; });
  return text;
}

}  // namespace darkroom::nodes
