#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/multipart_parser.hpp"
#include "http/upload.hpp"

namespace darkroom::http {

/// Takes the parts of an upload's form: `file`, `preset`, and others, which are ignored.
class UploadForm final : public PartReceiver {
 public:
  /// `preset` is the one in the query, if any; a different one in the form is an error. All must
  /// outlive the form.
  UploadForm(actors::JobService& jobs, Upload& upload, std::optional<std::string>& preset)
      : jobs_(jobs), upload_(upload), preset_(preset) {}

  [[nodiscard]] tl::expected<void, Problem> part_begins(const PartHeader& header) override;
  [[nodiscard]] tl::expected<void, Problem> part_data(std::string_view bytes) override;
  [[nodiscard]] tl::expected<void, Problem> part_ends() override;

  /// The sentence for a form that came without the field `file`.
  [[nodiscard]] Problem no_file() const;

 private:
  enum class Part : std::uint8_t { file, preset, other_value, other_file };

  [[nodiscard]] tl::expected<void, Problem> choose_preset();

  actors::JobService& jobs_;
  Upload& upload_;
  std::optional<std::string>& preset_;
  Part part_ = Part::other_value;
  std::size_t value_bytes_ = 0;
  std::string value_;                     ///< Of the field `preset`.
  std::vector<std::string> other_names_;  ///< Of fields that are ignored.
};

}  // namespace darkroom::http
