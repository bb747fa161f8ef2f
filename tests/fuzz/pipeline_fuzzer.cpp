// A whole job: decode, resample, encode. Renditions that are what they say, or a sentence.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "imaging/pipeline.hpp"
#include "imaging/probe.hpp"
#include "tests/fuzz/asked_renditions.hpp"
#include "tests/fuzz/hold.hpp"
#include "tests/fuzz/png_checksums.hpp"

namespace darkroom::fuzz {
namespace {

using imaging::ErrorCode;

/// Small, so that a run is fast.
constexpr imaging::Limits limits{.max_pixels = 1'000'000, .max_frames = 50};

imaging::FramePtr watermark() {
  const std::vector<std::uint8_t> samples{200, 10, 10,  255, 10, 200, 10, 128,
                                          10,  10, 200, 0,   90, 90,  90, 60};
  return std::make_shared<const imaging::Frame>(2U, 2U, imaging::PixelLayout::rgba, samples);
}

void hold_refusal(const imaging::Error& error) {
  hold(error.message.ends_with('.'), "a refusal is a sentence");
  hold(error.code != ErrorCode::out_of_memory, "a picture of these limits finds its memory");
}

void hold_rendition(const imaging::RenderedImage& rendition) {
  const auto made = imaging::probe(rendition.file, imaging::no_limits);
  hold(made.has_value(), "a rendition is a picture");
  hold(imaging::upright_size(*made) == rendition.size, "a rendition measures what is said");
}

void run(const Asked& asked, std::span<const std::byte> file) {
  static const imaging::FramePtr mark = watermark();
  std::vector<imaging::FramePtr> marks;
  for (const auto& spec : asked.renditions)
    marks.push_back(spec.watermark ? mark : nullptr);
  const auto result =
      imaging::run_pipeline(imaging::fast_backend(), file, limits, asked.renditions, marks);
  if (!result) return hold_refusal(result.error());
  hold(result->renditions.size() == asked.renditions.size(), "each rendition has its result");
  for (const auto& rendition : result->renditions) {
    if (rendition) {
      hold_rendition(*rendition);
    } else {
      hold_refusal(rendition.error());
    }
  }
}

}  // namespace
}  // namespace darkroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace darkroom::fuzz;
  if (size < asking_bytes) return 0;
  const Asked asked = read_asked(std::as_bytes(std::span(data, size)));
  if (asked.right_checksums) {
    run(asked, with_right_checksums(asked.file));
  } else {
    run(asked, asked.file);
  }
  return 0;
}
