#include "actors/recent_admissions.hpp"

namespace darkroom::actors {

bool RecentAdmissions::holds(std::optional<std::string_view> preset, Time now) const {
  const std::scoped_lock lock{mutex_};
  if (!preset) return own_renditions_ && now - *own_renditions_ < hold;
  const auto found = presets_.find(*preset);
  return found != presets_.end() && now - found->second < hold;
}

RecentAdmissions::Question RecentAdmissions::ask(Time now) const {
  const std::scoped_lock lock{mutex_};
  return {.asked = now, .since = forgotten_};
}

void RecentAdmissions::admit(std::optional<std::string_view> preset, const Question& question) {
  const std::scoped_lock lock{mutex_};
  if (question.since != forgotten_) return;
  if (preset) {
    presets_.insert_or_assign(std::string{*preset}, question.asked);
  } else {
    own_renditions_ = question.asked;
  }
}

void RecentAdmissions::forget() {
  const std::scoped_lock lock{mutex_};
  presets_.clear();
  own_renditions_.reset();
  ++forgotten_;
}

}  // namespace darkroom::actors
