#include "http/rendition_choice.hpp"

#include <utility>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/problem_mapping.hpp"

namespace darkroom::http {
namespace {

tl::unexpected<Problem> contradiction(std::string detail) {
  return tl::unexpected{Problem{ProblemCode::malformed_request, std::move(detail)}};
}

constexpr std::string_view both_given =
    "A preset and renditions are given; send the one or the other.";

}  // namespace

tl::expected<void, Problem> RenditionChoice::choose_preset(std::string_view name) {
  if (renditions_) return contradiction(std::string{both_given});
  if (preset_ && *preset_ != name) {
    return contradiction(fmt::format("Two presets are given, {} and {}; send one.",
                                     quoted_text(*preset_), quoted_text(name)));
  }
  preset_ = name;
  return {};
}

tl::expected<void, Problem> RenditionChoice::choose_renditions(std::string_view json) {
  if (preset_) return contradiction(std::string{both_given});
  if (!services_.read_renditions) {
    return tl::unexpected{
        Problem{ProblemCode::invalid_renditions,
                "This service makes the renditions of its presets only; name a preset."}};
  }
  auto read = services_.read_renditions(json);
  if (!read) {
    return tl::unexpected{Problem{ProblemCode::invalid_renditions, std::move(read.error())}};
  }
  if (renditions_ && *renditions_ != *read) {
    return contradiction("Two different lists of renditions are given; send one.");
  }
  renditions_ = std::move(*read);
  return {};
}

tl::expected<void, Problem> RenditionChoice::admit() const {
  const auto admitted = renditions_ ? services_.jobs.admit() : services_.jobs.admit(preset());
  if (admitted) return {};
  auto problem = to_problem(admitted.error());
  if (may_be_a_repetition_ && problem.code == ProblemCode::queue_full) return {};
  return tl::unexpected{std::move(problem)};
}

std::string RenditionChoice::preset() const {
  return renditions_ ? std::string{} : preset_.value_or("default");
}

std::vector<jobs::RenditionSpec> RenditionChoice::renditions() const {
  return renditions_.value_or(std::vector<jobs::RenditionSpec>{});
}

}  // namespace darkroom::http
