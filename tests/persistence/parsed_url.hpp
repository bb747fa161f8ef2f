#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "persistence/blob_url.hpp"

namespace darkroom::tests {

struct ParsedUrl {
  std::string path;
  persistence::UrlSigner::Parameters parameters;
};

/// Takes a path and its query apart, as a server does. Nothing in it is percent-encoded.
[[nodiscard]] inline ParsedUrl parse_url(std::string_view url) {
  const auto question = std::min(url.find('?'), url.size());
  ParsedUrl parsed{.path = std::string{url.substr(0, question)}, .parameters = {}};
  url.remove_prefix(std::min(question + 1, url.size()));
  while (!url.empty()) {
    const auto part = url.substr(0, url.find('&'));
    const auto equals = std::min(part.find('='), part.size());
    const auto value = part.substr(std::min(equals + 1, part.size()));
    parsed.parameters.emplace(part.substr(0, equals), value);
    url.remove_prefix(std::min(part.size() + 1, url.size()));
  }
  return parsed;
}

}  // namespace darkroom::tests
