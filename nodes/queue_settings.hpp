#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "jobs/job.hpp"
#include "jobs/retry.hpp"
#include "nodes/config.hpp"
#include "nodes/setting.hpp"

namespace darkroom::nodes {

/// What can stand in one [[queue]] table: its name, its weight, the priority of its jobs, and the
/// keys of [retry] with the same bounds.
[[nodiscard]] std::span<const BasicSetting<Queue>> queue_settings();

/// [retry] with what `queue` says itself.
[[nodiscard]] jobs::RetryPolicy retry_policy(const Config& config, const Queue& queue);

/// The same for every queue of the configuration, by its name.
[[nodiscard]] std::map<std::string, jobs::RetryPolicy> queue_policies(const Config& config);

/// Of every queue, by its name; those that say none have weight 1 and normal priority.
[[nodiscard]] std::map<std::string, std::uint32_t> queue_weights(const Config& config);
[[nodiscard]] std::map<std::string, jobs::Priority> queue_priorities(const Config& config);

/// `default` first, which is always there.
[[nodiscard]] std::vector<std::string> queue_names(const Config& config);

}  // namespace darkroom::nodes
