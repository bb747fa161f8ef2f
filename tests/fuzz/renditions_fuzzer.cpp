// The form field `renditions`: renditions that can be made, or a sentence.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "jobs/rendition_check.hpp"
#include "nodes/rendition_json.hpp"
#include "tests/fuzz/hold.hpp"

using namespace darkroom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<jobs::Watermark> watermarks{{.name = "logo", .image = "/logo.png"}};
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const auto renditions = nodes::read_renditions_of_upload(json, jobs::max_renditions, watermarks);
  if (renditions) {
    fuzz::hold(jobs::rendition_list_faults(*renditions).empty(), "what is accepted can be made");
  } else {
    fuzz::hold(renditions.error().ends_with('.'), "a refusal is a sentence");
  }
  return 0;
}
