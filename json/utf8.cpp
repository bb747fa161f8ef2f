#include "json/utf8.hpp"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

namespace darkroom::json {
namespace {

/// Where rapidjson's validator puts the sequence that it checks; we take it from the text instead.
struct Discard {
  void Put(char /*unused*/) {}
};

/// Length in bytes of the well-formed sequence that `text` starts with, 0 where it starts with
/// none. `text` is not empty.
std::size_t sequence_size(std::string_view text) {
  rapidjson::MemoryStream input{text.data(), text.size()};
  Discard output;
  return rapidjson::UTF8<>::Validate(input, output) ? input.Tell() : 0;
}

}  // namespace

std::string repaired_utf8(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string repaired;
  repaired.reserve(text.size());
  while (!text.empty()) {
    const auto size = sequence_size(text);
    repaired += size > 0 ? text.substr(0, size) : replacement;
    text.remove_prefix(size > 0 ? size : 1);
  }
  return repaired;
}

}  // namespace darkroom::json
