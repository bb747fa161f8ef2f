#include "http/single_file.hpp"

#include <fmt/format.h>

namespace darkroom::http {

tl::expected<void, Problem> SingleFile::file_begins(std::string_view filename) {
  if (upload_.has_file()) {
    return tl::unexpected{
        Problem{ProblemCode::malformed_multipart,
                fmt::format("The form has more than one field '{}'; send each picture in a request "
                            "of its own, or all of them to POST /v1/batches.",
                            field_)}};
  }
  upload_.begin(filename);
  return {};
}

tl::expected<void, Problem> SingleFile::file_data(std::string_view bytes) {
  return upload_.append(bytes);
}

// It is looked at when the whole form is there.
tl::expected<void, Problem> SingleFile::file_ends() {
  return {};
}

bool SingleFile::has_file() const {
  return upload_.has_file();
}

}  // namespace darkroom::http
