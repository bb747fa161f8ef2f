#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/multipart_parser.hpp"
#include "http/rendition_choice.hpp"
#include "http/upload.hpp"

namespace darkroom::http {

/// Takes the parts of an upload's form: `file`, `preset`, `renditions`, and others, which are
/// ignored.
class UploadForm final : public PartReceiver {
 public:
  /// `choice` is what the query says, if anything; something else in the form is an error. Both
  /// must outlive the form.
  UploadForm(Upload& upload, RenditionChoice& choice) : upload_(upload), choice_(choice) {}

  [[nodiscard]] tl::expected<void, Problem> part_begins(const PartHeader& header) override;
  [[nodiscard]] tl::expected<void, Problem> part_data(std::string_view bytes) override;
  [[nodiscard]] tl::expected<void, Problem> part_ends() override;

  /// The sentence for a form that came without the field `file`.
  [[nodiscard]] Problem no_file() const;

 private:
  enum class Part : std::uint8_t { file, preset, renditions, other_value, other_file };

  /// The part is one of those whose value counts.
  [[nodiscard]] bool is_choice() const {
    return part_ == Part::preset || part_ == Part::renditions;
  }

  Upload& upload_;
  RenditionChoice& choice_;
  Part part_ = Part::other_value;
  std::size_t value_bytes_ = 0;
  std::string value_;                     ///< Of a field that counts.
  std::vector<std::string> other_names_;  ///< Of fields that are ignored.
};

}  // namespace darkroom::http
