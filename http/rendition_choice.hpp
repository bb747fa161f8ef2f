#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/problem.hpp"
#include "http/server.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::http {

/// What an upload wants made: the renditions of a preset, or its own. It may be said in the query
/// and in the form, once or several times, as long as it is the same.
class RenditionChoice {
 public:
  explicit RenditionChoice(const Services& services) : services_(services) {}

  /// The parameter `preset`.
  [[nodiscard]] tl::expected<void, Problem> choose_preset(std::string_view name);

  /// The parameter `renditions`, JSON.
  [[nodiscard]] tl::expected<void, Problem> choose_renditions(std::string_view json);

  /// Asks the job service whether a job of this choice would be taken now. As long as nothing was
  /// chosen that is one of the preset `default`.
  [[nodiscard]] tl::expected<void, Problem> admit() const;

  /// From now on a full queue is no reason for admit() to refuse: whether the upload makes a new
  /// job at all shows only once it is there.
  void may_be_a_repetition() { may_be_a_repetition_ = true; }

  [[nodiscard]] bool is_made() const { return preset_ || renditions_; }

  /// Empty where the upload has renditions of its own.
  [[nodiscard]] std::string preset() const;

  /// Empty where a preset says them.
  [[nodiscard]] std::vector<jobs::RenditionSpec> renditions() const;

 private:
  const Services& services_;
  std::optional<std::string> preset_;
  std::optional<std::vector<jobs::RenditionSpec>> renditions_;
  bool may_be_a_repetition_ = false;
};

}  // namespace darkroom::http
