#include "nodes/nearest_name.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace darkroom::nodes {
namespace {

/// Optimal string alignment distance: Levenshtein's, with the swap of two neighbours as one error.
std::size_t typing_errors(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::vector<std::size_t> row(right.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t wrong = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + wrong});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

/// How many leading characters both have in common, up to and with the last separator in them.
std::size_t shared_words(std::string_view left, std::string_view right) {
  std::size_t shared = 0;
  for (std::size_t i = 0; i < left.size() && i < right.size() && left[i] == right[i]; ++i) {
    if (std::isalnum(static_cast<unsigned char>(left[i])) == 0) shared = i + 1;
  }
  return shared;
}

bool ends_with_word(std::string_view name, std::string_view word) {
  if (word.empty() || name.size() <= word.size() || !name.ends_with(word)) return false;
  const auto separator = static_cast<unsigned char>(name[name.size() - word.size() - 1]);
  return std::isalnum(separator) == 0;
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view wanted,
                                        std::span<const std::string> candidates) {
  const std::string* best = nullptr;
  std::size_t fewest = wanted.size();
  for (const std::string& candidate : candidates) {
    const std::size_t shared = shared_words(wanted, candidate);
    const std::string_view word = wanted.substr(shared);
    const std::size_t errors = typing_errors(word, std::string_view{candidate}.substr(shared));
    // One error in three letters is still the same word; more is a guess. A section that is right
    // does not make the key any nearer.
    if (errors > word.size() / 3 || errors >= fewest) continue;
    fewest = errors;
    best = &candidate;
  }
  if (best != nullptr) return *best;

  const std::size_t first = wanted.find_first_not_of('-');
  if (first == std::string_view::npos) return std::nullopt;
  const auto ends = [word = wanted.substr(first)](const std::string& candidate) {
    return ends_with_word(candidate, word);
  };
  if (std::ranges::count_if(candidates, ends) != 1) return std::nullopt;
  return *std::ranges::find_if(candidates, ends);
}

std::string suggestion(std::string_view wanted, std::span<const std::string> candidates) {
  const auto nearest = nearest_name(wanted, candidates);
  return nearest ? fmt::format("; did you mean {}?", *nearest) : std::string{};
}

}  // namespace darkroom::nodes
