#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace darkroom::nodes {

/// Lines of columns for people: each column is as wide as its widest cell, and numbers are aligned
/// by their end.
class TextTable {
 public:
  enum class Align : std::uint8_t { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  /// The titles, then the lines.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace darkroom::nodes
