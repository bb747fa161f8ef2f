#include "http/upload_form.hpp"

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/limits.hpp"
#include "http/problem_mapping.hpp"

namespace darkroom::http {

tl::expected<void, Problem> UploadForm::part_begins(const PartHeader& header) {
  value_bytes_ = 0;
  value_.clear();
  if (header.name == "file") {
    part_ = Part::file;
    if (!upload_.has_file()) return upload_.begin(header.filename.value_or(""));
    return tl::unexpected{Problem{
        ProblemCode::malformed_multipart,
        "The form has more than one field 'file'; send each picture in a request of its own."}};
  }
  if (header.name == "preset") {
    part_ = Part::preset;
    return {};
  }
  part_ = header.filename ? Part::other_file : Part::other_value;
  other_names_.push_back(quoted_text(header.name, 40));
  return {};
}

tl::expected<void, Problem> UploadForm::part_data(std::string_view bytes) {
  if (part_ == Part::file) return upload_.append(bytes);
  if (part_ == Part::other_file) return {};
  value_bytes_ += bytes.size();
  if (value_bytes_ > limits::form_field_bytes) {
    return tl::unexpected{Problem{
        ProblemCode::malformed_multipart,
        fmt::format("A field of the form has more than {} bytes; only the field 'file' may.",
                    limits::form_field_bytes)}};
  }
  if (part_ == Part::preset) value_ += bytes;
  return {};
}

tl::expected<void, Problem> UploadForm::part_ends() {
  if (part_ != Part::preset) return {};
  return choose_preset();
}

tl::expected<void, Problem> UploadForm::choose_preset() {
  if (preset_ && *preset_ != value_) {
    return tl::unexpected{Problem{ProblemCode::malformed_request,
                                  fmt::format("Two presets are given, {} and {}; send one.",
                                              quoted_text(*preset_), quoted_text(value_))}};
  }
  preset_ = value_;
  if (const auto admitted = jobs_.admit(value_); !admitted) {
    return tl::unexpected{to_problem(admitted.error())};
  }
  return {};
}

Problem UploadForm::no_file() const {
  if (other_names_.empty()) {
    return {ProblemCode::no_file, "The form has no field 'file'; send the picture as that."};
  }
  return {ProblemCode::no_file,
          fmt::format("The form has no field 'file', only {}; send the picture as 'file'.",
                      fmt::join(other_names_, ", "))};
}

}  // namespace darkroom::http
