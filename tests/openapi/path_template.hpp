#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom::openapi {

/// A path of OpenAPI, "/v1/jobs/{id}", whose placeholders stand for a whole segment each.
class PathTemplate {
 public:
  /// `takes_rest`: the last placeholder is for the rest of the path, slashes included.
  PathTemplate(std::string_view path, bool takes_rest);

  [[nodiscard]] bool fits(std::string_view path) const;

  /// Of two that fit, the one with more of these is meant.
  [[nodiscard]] std::size_t literal_bytes() const;

 private:
  std::vector<std::string> literals_;  ///< Before, between and behind the placeholders.
  bool takes_rest_;
};

/// The path of a request's target, decoded: without query, and without "http://host".
[[nodiscard]] std::string path_of(std::string_view target);

}  // namespace darkroom::openapi
