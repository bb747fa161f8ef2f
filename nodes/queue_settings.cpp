#include "nodes/queue_settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "jobs/queue_order.hpp"
#include "nodes/settings.hpp"

namespace darkroom::nodes {
namespace {

constexpr const char* default_queue = "default";

/// A key of [retry], as it may stand in a queue.
template <auto Member>
BasicSetting<Queue> retry_setting(std::string_view key) {
  const auto all = all_settings();
  const auto common = std::ranges::find(all, fmt::format("retry.{}", key), &Setting::name);
  return bind_setting<Queue, Member>("", key, common->type, common->help);
}

}  // namespace

std::span<const BasicSetting<Queue>> queue_settings() {
  static const std::vector<BasicSetting<Queue>> table{
      bind_setting<Queue, &Queue::name>("", "name", text(), "What uploads call it by"),
      bind_setting<Queue, &Queue::weight>(
          "", "weight", whole(1, jobs::QueueOrder::most_weight),
          "Its share of the workers' time beside other queues that have jobs"),
      bind_setting<Queue, &Queue::priority>("", "priority", choice<jobs::Priority>(),
                                            "Of jobs whose upload says none"),
      retry_setting<&Queue::base>("base"),
      retry_setting<&Queue::factor>("factor"),
      retry_setting<&Queue::max>("max"),
      retry_setting<&Queue::jitter>("jitter"),
      retry_setting<&Queue::attempts>("attempts"),
      retry_setting<&Queue::crashes>("crashes"),
  };
  return table;
}

jobs::RetryPolicy retry_policy(const Config& config, const Queue& queue) {
  const auto& common = config.registry.retry;
  return {.base = queue.base.value_or(common.base),
          .factor = queue.factor.value_or(common.factor),
          .max = queue.max.value_or(common.max),
          .jitter = queue.jitter.value_or(common.jitter),
          .attempts = queue.attempts.value_or(common.attempts),
          .crashes = queue.crashes.value_or(common.crashes)};
}

std::map<std::string, jobs::RetryPolicy> queue_policies(const Config& config) {
  std::map<std::string, jobs::RetryPolicy> policies;
  for (const Queue& queue : config.queues)
    policies.insert_or_assign(queue.name, retry_policy(config, queue));
  return policies;
}

std::map<std::string, std::uint32_t> queue_weights(const Config& config) {
  std::map<std::string, std::uint32_t> weights{{default_queue, 1}};
  for (const Queue& queue : config.queues)
    weights.insert_or_assign(queue.name, queue.weight);
  return weights;
}

std::map<std::string, jobs::Priority> queue_priorities(const Config& config) {
  std::map<std::string, jobs::Priority> priorities{{default_queue, jobs::Priority::normal}};
  for (const Queue& queue : config.queues)
    priorities.insert_or_assign(queue.name, queue.priority);
  return priorities;
}

std::vector<std::string> queue_names(const Config& config) {
  std::vector<std::string> names{default_queue};
  for (const Queue& queue : config.queues) {
    if (queue.name != default_queue) names.push_back(queue.name);
  }
  return names;
}

}  // namespace darkroom::nodes
