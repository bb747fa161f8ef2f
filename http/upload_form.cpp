#include "http/upload_form.hpp"

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/limits.hpp"

namespace darkroom::http {

tl::expected<void, Problem> UploadForm::part_begins(const PartHeader& header) {
  value_bytes_ = 0;
  value_.clear();
  name_ = header.name;
  if (header.name == "file") {
    part_ = Part::file;
    if (upload_.has_file()) {
      return tl::unexpected{Problem{
          ProblemCode::malformed_multipart,
          "The form has more than one field 'file'; send each picture in a request of its own."}};
    }
    upload_.begin(header.filename.value_or(""));
    return {};
  }
  if (UploadParameters::knows(name_)) {
    part_ = Part::parameter;
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
  const std::size_t limit = UploadParameters::most_bytes(name_);
  if (value_bytes_ > limit) {
    return tl::unexpected{Problem{
        ProblemCode::malformed_multipart,
        fmt::format("A field of the form has more than {} bytes; only the field 'file' may.",
                    limit)}};
  }
  if (part_ == Part::parameter) value_ += bytes;
  return {};
}

tl::expected<void, Problem> UploadForm::part_ends() {
  if (part_ != Part::parameter) return {};
  if (auto taken = parameters_.take(name_, value_); !taken) return taken;
  return parameters_.choice().admit();
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
