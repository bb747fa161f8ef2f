#pragma once

#include <chrono>
#include <string>

#include "tests/files/temporary_folder.hpp"
#include "tunnel/certificate_authority.hpp"
#include "tunnel/options.hpp"

namespace darkroom::tunnel::tests {

/// A CA in a folder of its own. Throws where something cannot be made.
class MadeCertificates {
 public:
  MadeCertificates();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// Issues a certificate for that node.
  [[nodiscard]] TlsFiles node(const std::string& name);
  /// One that is good between these times only.
  [[nodiscard]] TlsFiles node(const std::string& name, std::chrono::sys_seconds begin,
                              std::chrono::sys_seconds end);
  void revoke(const std::string& name);

 private:
  [[nodiscard]] TlsFiles files_of(const std::string& name) const;

  darkroom::tests::TemporaryFolder folder_;
  CertificateAuthority authority_;
};

}  // namespace darkroom::tunnel::tests
