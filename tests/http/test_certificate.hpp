#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "http/options.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::http {

/// A certificate that signs itself, for localhost, and its key, in a folder of its own. Throws
/// where one cannot be made.
class TestCertificate {
 public:
  struct Validity {
    std::chrono::hours begin{-1};  ///< From now.
    std::chrono::hours end{24};
  };

  explicit TestCertificate(Validity validity = {.begin = std::chrono::hours{-1},
                                                .end = std::chrono::hours{24 * 90}});

  /// Takes the place of the one before, with a new key.
  void renew(Validity validity);

  [[nodiscard]] std::filesystem::path certificate() const { return folder_.path() / "tls.pem"; }
  [[nodiscard]] std::filesystem::path key() const { return folder_.path() / "tls.key"; }

  /// The options with the files in them.
  [[nodiscard]] Options in(Options options = {}) const;

 private:
  tests::TemporaryFolder folder_;
};

}  // namespace darkroom::http
