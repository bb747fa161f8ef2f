#include "http/idempotency_claims.hpp"

#include <utility>

namespace darkroom::http {

IdempotencyClaims::Claim::Claim(Claim&& other) noexcept
    : claims_(std::exchange(other.claims_, nullptr)), key_(other.key_) {}

IdempotencyClaims::Claim::~Claim() {
  if (claims_ != nullptr) claims_->release(key_);
}

std::optional<IdempotencyClaims::Claim> IdempotencyClaims::claim(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  const auto [place, is_new] = keys_.insert(key);
  if (!is_new) return std::nullopt;
  return Claim{*this, place};
}

void IdempotencyClaims::release(std::set<std::string>::const_iterator key) noexcept {
  const std::scoped_lock lock{mutex_};
  keys_.erase(key);
}

}  // namespace darkroom::http
