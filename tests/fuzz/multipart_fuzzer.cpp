// A multipart body: the same parts, or the same refusal, wherever the body is cut. The first two
// bytes of the input choose the pieces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/multipart_parser.hpp"
#include "tests/fuzz/hold.hpp"

using namespace darkroom;

namespace {

class Recorder final : public http::PartReceiver {
 public:
  tl::expected<void, http::Problem> part_begins(const http::PartHeader& header) override {
    fuzz::hold(!in_part_, "a part begins when the last one has ended");
    in_part_ = true;
    text += "\n[" + header.name + "][" + header.filename.value_or("-") + "]";
    return {};
  }
  tl::expected<void, http::Problem> part_data(std::string_view bytes) override {
    fuzz::hold(in_part_ && !bytes.empty(), "data is of a part, and some");
    text += bytes;
    return {};
  }
  tl::expected<void, http::Problem> part_ends() override {
    fuzz::hold(in_part_, "what ends has begun");
    in_part_ = false;
    return {};
  }

  std::string text;

 private:
  bool in_part_ = false;
};

/// What came of a body: its parts, or why it was refused.
std::string outcome(std::string_view body, std::uint32_t seed) {
  constexpr std::uint32_t whole = 0;
  Recorder recorder;
  http::MultipartParser parser{"b0", recorder};
  while (!body.empty()) {
    // From Numerical Recipes; any sequence will do.
    seed = seed == whole ? whole : seed * 1'664'525U + 1'013'904'223U;
    const std::size_t piece = seed == whole ? body.size() : 1 + (seed >> 28U);
    const auto fed = parser.feed(body.substr(0, piece));
    if (!fed) return "refused: " + fed.error().detail;
    body.remove_prefix(std::min(piece, body.size()));
  }
  const auto finished = parser.finish();
  return finished ? recorder.text : "refused: " + finished.error().detail;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint32_t seed = 1U + data[0] + 256U * data[1];
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  fuzz::hold(outcome(body, 0) == outcome(body, seed), "where a body is cut makes no difference");
  return 0;
}
