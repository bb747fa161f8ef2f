#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/multipart_parser.hpp"
#include "http/upload.hpp"
#include "http/upload_parameters.hpp"

namespace darkroom::http {

/// Takes the parts of an upload's form: `file`, the parameters, and others, which are ignored.
class UploadForm final : public PartReceiver {
 public:
  /// `parameters` are what the query says, if anything; something else in the form is an error.
  /// Both must outlive the form.
  UploadForm(Upload& upload, UploadParameters& parameters)
      : upload_(upload), parameters_(parameters) {}

  [[nodiscard]] tl::expected<void, Problem> part_begins(const PartHeader& header) override;
  [[nodiscard]] tl::expected<void, Problem> part_data(std::string_view bytes) override;
  [[nodiscard]] tl::expected<void, Problem> part_ends() override;

  /// The sentence for a form that came without the field `file`.
  [[nodiscard]] Problem no_file() const;

 private:
  enum class Part : std::uint8_t { file, parameter, other_value, other_file };

  Upload& upload_;
  UploadParameters& parameters_;
  Part part_ = Part::other_value;
  std::string name_;
  std::size_t value_bytes_ = 0;
  std::string value_;                     ///< Of a parameter.
  std::vector<std::string> other_names_;  ///< Of fields that are ignored.
};

}  // namespace darkroom::http
