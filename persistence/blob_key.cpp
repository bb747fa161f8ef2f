#include <algorithm>

#include "persistence/blob_store.hpp"

namespace darkroom::persistence {
namespace {

/// NAME_MAX of every file system that we can meet.
constexpr std::size_t longest_part = 255;

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_key_part(std::string_view part) {
  return !part.empty() && part.size() <= longest_part && part.front() != '.' &&
         std::all_of(part.begin(), part.end(), is_key_character);
}

}  // namespace

bool is_blob_key(std::string_view key) {
  constexpr std::string_view top = "uploads/";
  if (!key.starts_with(top)) return false;
  key.remove_prefix(top.size());
  const auto slash = key.find('/');
  return slash != std::string_view::npos && is_key_part(key.substr(0, slash)) &&
         is_key_part(key.substr(slash + 1));
}

}  // namespace darkroom::persistence
