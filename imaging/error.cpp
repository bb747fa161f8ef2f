#include "imaging/error.hpp"

#include "jobs/enum_names.hpp"

namespace darkroom::imaging {
namespace {

constexpr auto code_names = jobs::enum_names<ErrorCode>(
    "empty", "not_an_image", "unsupported", "corrupt", "too_many_pixels", "too_wide_or_high",
    "too_many_frames", "too_much_memory", "out_of_memory", "encode_failed");

}  // namespace

std::string_view to_string(ErrorCode code) {
  return code_names.name(code);
}

bool is_transient(ErrorCode code) {
  return code == ErrorCode::out_of_memory;
}

}  // namespace darkroom::imaging
