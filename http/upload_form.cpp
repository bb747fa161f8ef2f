#include "http/upload_form.hpp"

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/limits.hpp"

namespace darkroom::http {

bool UploadForm::is_file(std::string_view field) const {
  return field == rules_.file_field ||
         (!rules_.also_file_field.empty() && field == rules_.also_file_field);
}

tl::expected<void, Problem> UploadForm::part_begins(const PartHeader& header) {
  value_bytes_ = 0;
  value_.clear();
  name_ = header.name;
  if (is_file(name_)) {
    part_ = Part::file;
    if (rules_.named_file && !header.filename) {
      return tl::unexpected{
          Problem{ProblemCode::not_a_file,
                  fmt::format("The field '{}' has no file name, so it is a text and not a file.",
                              rules_.file_field)}};
    }
    return files_.file_begins(header.filename.value_or(""));
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
  if (part_ == Part::file) return files_.file_data(bytes);
  if (part_ == Part::other_file) return {};
  value_bytes_ += bytes.size();
  const std::size_t limit = UploadParameters::most_bytes(name_);
  if (value_bytes_ > limit) {
    return tl::unexpected{
        Problem{ProblemCode::malformed_multipart,
                fmt::format("A field of the form has more than {} bytes; only the field '{}' may.",
                            limit, rules_.file_field)}};
  }
  if (part_ == Part::parameter) value_ += bytes;
  return {};
}

tl::expected<void, Problem> UploadForm::part_ends() {
  if (part_ == Part::file) return files_.file_ends();
  if (part_ != Part::parameter) return {};
  if (auto taken = parameters_.take(name_, value_); !taken) return taken;
  return parameters_.choice().admit();
}

Problem UploadForm::no_file() const {
  if (other_names_.empty()) {
    return {
        ProblemCode::no_file,
        fmt::format("The form has no field '{}'; send the picture as that.", rules_.file_field)};
  }
  return {ProblemCode::no_file,
          fmt::format("The form has no field '{0}', only {1}; send the picture as '{0}'.",
                      rules_.file_field, fmt::join(other_names_, ", "))};
}

}  // namespace darkroom::http
