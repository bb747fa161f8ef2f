#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::http {

/// The origins of web pages whose scripts may use the service and read its answers (Fetch standard,
/// "CORS protocol"). No pages but the service's own by default.
class CrossOrigins {
 public:
  /// `list` has origins, "https://app.example, http://localhost:3000", separated by commas, or "*"
  /// alone for any. The error is what is wrong with an element, with the nearest right form.
  [[nodiscard]] static tl::expected<CrossOrigins, std::string> parse(std::string_view list);

  /// No page of another origin may do anything.
  [[nodiscard]] bool none() const { return !any_ && origins_.empty(); }

  /// Any page may, so that answers are the same for all.
  [[nodiscard]] bool any() const { return any_; }

  /// Whether a page of this origin may; it is compared as browsers write it in the field Origin.
  [[nodiscard]] bool allow(std::string_view origin) const;

 private:
  bool any_ = false;
  std::vector<std::string> origins_;
};

}  // namespace darkroom::http
