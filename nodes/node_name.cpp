#include "nodes/node_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include <unistd.h>

#include "tunnel/tls_files.hpp"

namespace darkroom::nodes {

std::string node_name(const std::string& given, const tunnel::TlsFiles& files) {
  if (!given.empty()) return given;
  return tunnel::certificate_name(files).value_or(default_node_name());
}

std::string default_node_name() {
  constexpr std::size_t host_length = 50;
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0) buffer = {'n', 'o', 'd', 'e'};
  std::string host{buffer.data()};
  host.resize(std::min(host.size(), host_length));
  // A kernel takes any bytes for the name of its host.
  std::ranges::replace_if(
      host, [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '_'; }, '-');
  return host + '-' + std::to_string(::getpid());
}

}  // namespace darkroom::nodes
