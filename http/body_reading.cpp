#include "http/body_reading.hpp"

#include <vector>

#include "http/limits.hpp"
#include "http/problem_mapping.hpp"

namespace darkroom::http {

tl::expected<void, Problem> read_body(
    MessageBody& body, std::uint64_t& received,
    const std::function<tl::expected<void, Problem>(std::string_view)>& take) {
  std::vector<char> piece(limits::body_piece_bytes);
  while (true) {
    const auto count = body.read(piece);
    if (!count) return tl::unexpected{to_problem(count.error())};
    if (*count == 0) return {};
    received += *count;
    if (auto taken = take({piece.data(), *count}); !taken) return taken;
  }
}

}  // namespace darkroom::http
