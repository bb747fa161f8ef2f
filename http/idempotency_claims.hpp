#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace darkroom::http {

/// The idempotency keys of uploads that are under way in this process, so that a second one with
/// the same key is told so before its body is read. Each connection has one request under way, so
/// there are no more keys than connections. Thread-safe.
class IdempotencyClaims {
 public:
  /// Gives the key free when it goes. The claims must outlive it.
  class Claim {
   public:
    Claim(Claim&& other) noexcept;
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    Claim& operator=(Claim&&) = delete;
    ~Claim();

   private:
    friend class IdempotencyClaims;
    Claim(IdempotencyClaims& claims, std::set<std::string>::const_iterator key)
        : claims_(&claims), key_(key) {}

    IdempotencyClaims* claims_;  ///< Null once moved from.
    std::set<std::string>::const_iterator key_;
  };

  /// None while another claim of this key is held.
  [[nodiscard]] std::optional<Claim> claim(const std::string& key);

 private:
  void release(std::set<std::string>::const_iterator key) noexcept;

  std::mutex mutex_;
  std::set<std::string> keys_;
};

}  // namespace darkroom::http
