#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace darkroom::persistence {

/// A SHA-256 (FIPS 180-4) taken piece by piece. Throws std::runtime_error where OpenSSL itself
/// fails, which means that the process is out of memory or OpenSSL is broken.
class Sha256 {
 public:
  Sha256();

  void update(std::span<const std::byte> bytes);

  /// The hash as 64 lower-case hex digits. Nothing may be called after it.
  [[nodiscard]] std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };

  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace darkroom::persistence
