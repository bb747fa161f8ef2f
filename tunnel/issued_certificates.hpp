#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::tunnel {

/// A certificate that the CA has made.
struct IssuedCertificate {
  std::string serial;  ///< Hexadecimal digits, as OpenSSL prints it.
  std::string name;
  std::chrono::sys_seconds issued;
  std::chrono::sys_seconds expires;
  std::optional<std::chrono::sys_seconds> revoked = {};

  friend bool operator==(const IssuedCertificate&, const IssuedCertificate&) = default;
};

/// The CA's record: a line for each certificate, oldest first. An error names file and line.
[[nodiscard]] tl::expected<std::vector<IssuedCertificate>, std::string> read_issued(
    const std::filesystem::path& file);
[[nodiscard]] tl::expected<void, std::string> write_issued(
    const std::filesystem::path& file, const std::vector<IssuedCertificate>& certificates);

}  // namespace darkroom::tunnel
