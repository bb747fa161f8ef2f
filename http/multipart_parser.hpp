#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/limits.hpp"
#include "http/problem.hpp"

namespace darkroom::http {

/// What the header of a part says of it.
struct PartHeader {
  std::string name;                     ///< Of the form field.
  std::optional<std::string> filename;  ///< As sent.
};

/// Takes the parts of a form as they come. An error ends the parsing.
class PartReceiver {
 public:
  virtual ~PartReceiver() = default;
  [[nodiscard]] virtual tl::expected<void, Problem> part_begins(const PartHeader& header) = 0;
  [[nodiscard]] virtual tl::expected<void, Problem> part_data(std::string_view bytes) = 0;
  [[nodiscard]] virtual tl::expected<void, Problem> part_ends() = 0;
};

/// Takes a multipart/form-data body (RFC 7578, RFC 2046) apart as it arrives, in pieces of any
/// size; memory does not grow with the body.
class MultipartParser {
 public:
  /// `receiver` must outlive the parser. A form of more than `most_parts` is refused.
  MultipartParser(std::string_view boundary, PartReceiver& receiver,
                  std::size_t most_parts = limits::form_parts);

  [[nodiscard]] tl::expected<void, Problem> feed(std::string_view bytes);

  /// To be called at the end of the body: an error where the closing boundary has not come.
  [[nodiscard]] tl::expected<void, Problem> finish() const;

 private:
  enum class State : std::uint8_t { preamble, boundary_line, header, data, epilogue };
  /// Whether a step got on, or needs more bytes.
  using Step = tl::expected<bool, Problem>;

  [[nodiscard]] Step step();
  [[nodiscard]] Step pass_content();
  [[nodiscard]] Step pass_boundary_line();
  [[nodiscard]] Step pass_header();

  std::string delimiter_;
  PartReceiver& receiver_;
  std::size_t most_parts_;
  State state_ = State::preamble;
  std::size_t parts_ = 0;
  std::string buffer_;
};

}  // namespace darkroom::http
