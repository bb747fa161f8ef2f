#include "http/key_ring.hpp"

#include <utility>

namespace darkroom::http {

KeyRing::Keys::Keys(actors::KeyTable table) : version_(table.version) {
  for (auto& key : table.keys) {
    std::string id = key.id;
    by_id_.emplace(std::move(id), std::move(key));
  }
}

const persistence::ApiKey* KeyRing::Keys::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

tl::expected<std::shared_ptr<const KeyRing::Keys>, Problem> KeyRing::keys() {
  const auto now = clock_();
  std::unique_lock lock{mutex_};
  // While one asks, the others go on with what is fresh still.
  const auto good = [&] {
    const auto patience = asking_ ? fresh_for : failed_ ? tried_again_after : asked_after;
    return tried_at_ && now - *tried_at_ < patience;
  };
  while (!good()) {
    if (!asking_) {
      ask(lock);
    } else if (answered_.wait_for(lock, fresh_for) == std::cv_status::timeout && keys_) {
      break;  // A registry that does not answer holds up nobody while what is known still holds.
    }
  }
  if (keys_ && now - known_at_ <= held_for) return keys_;
  return tl::unexpected{Problem{ProblemCode::unavailable,
                                "Who may do what cannot be looked up at the moment: the job "
                                "service did not answer. Send the request again later."}};
}

bool KeyRing::still_admits(const Caller& caller) {
  const auto known = keys();
  if (!known) return false;
  if (caller.key_id.empty()) return !(*known)->required();
  const auto* key = (*known)->find(caller.key_id);
  return key != nullptr && !key->revoked_at;
}

void KeyRing::ask(std::unique_lock<std::mutex>& lock) {
  const auto begun = clock_();
  const std::uint64_t known = keys_ ? keys_->version_ : 0;
  asking_ = true;
  lock.unlock();
  tl::expected<actors::KeyTable, actors::ServiceError> table = tl::unexpected{
      actors::ServiceError{actors::ServiceErrorCode::unavailable, "It could not be asked."}};
  std::shared_ptr<const Keys> keys;
  try {
    table = jobs_.api_keys(known);
    if (table && table->version != known) keys = std::make_shared<Keys>(std::move(*table));
  } catch (...) {
    lock.lock();
    asking_ = false;
    answered_.notify_all();
    throw;
  }
  lock.lock();
  asking_ = false;
  failed_ = !table;
  // Who has waited for the failure does not try again at once.
  tried_at_ = failed_ ? clock_() : begun;
  if (table) known_at_ = begun;
  if (keys) keys_ = std::move(keys);
  answered_.notify_all();
}

bool KeyRing::required() const {
  const std::scoped_lock lock{mutex_};
  return !keys_ || keys_->required();
}

}  // namespace darkroom::http
