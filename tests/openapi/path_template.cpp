#include "tests/openapi/path_template.hpp"

#include <charconv>

namespace darkroom::openapi {

PathTemplate::PathTemplate(std::string_view path, bool takes_rest) : takes_rest_(takes_rest) {
  for (auto brace = path.find('{'); brace != std::string_view::npos; brace = path.find('{')) {
    literals_.emplace_back(path.substr(0, brace));
    path.remove_prefix(path.find('}') + 1);
  }
  literals_.emplace_back(path);
}

bool PathTemplate::fits(std::string_view path) const {
  for (std::size_t i = 0; i + 1 < literals_.size(); ++i) {
    if (!path.starts_with(literals_[i])) return false;
    path.remove_prefix(literals_[i].size());
    const bool rest = takes_rest_ && i + 2 == literals_.size();
    const auto argument = rest ? path : path.substr(0, path.find('/'));
    if (argument.empty()) return false;
    path.remove_prefix(argument.size());
  }
  return path == literals_.back();
}

std::size_t PathTemplate::literal_bytes() const {
  std::size_t bytes = 0;
  for (const auto& literal : literals_)
    bytes += literal.size();
  return bytes;
}

std::string path_of(std::string_view target) {
  target = target.substr(0, target.find('?'));
  if (const auto scheme = target.find("://");
      scheme != std::string_view::npos && target[0] != '/') {
    const auto slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  std::string path;
  while (!target.empty()) {
    unsigned byte = 0;
    const char* const digits = target.data() + 1;
    const bool coded = target[0] == '%' && target.size() > 2 &&
                       std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    path += coded ? static_cast<char>(byte) : target[0];
    target.remove_prefix(coded ? 3 : 1);
  }
  return path;
}

}  // namespace darkroom::openapi
