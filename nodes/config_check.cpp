#include "nodes/config_check.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "http/cross_origins.hpp"
#include "http/dialects.hpp"
#include "http/trusted_proxies.hpp"
#include "jobs/rendition_check.hpp"
#include "net/ip_address.hpp"
#include "nodes/backend_formats.hpp"
#include "nodes/effective_config.hpp"
#include "nodes/quantity.hpp"
#include "nodes/queue_settings.hpp"
#include "nodes/stop_times.hpp"
#include "nodes/webhook_secrets.hpp"
#include "outbound/mail_client.hpp"
#include "outbound/mail_url.hpp"
#include "outbound/url.hpp"

namespace darkroom::nodes {
namespace {

/// What syncing an upload's file and folder may take.
constexpr std::chrono::minutes sync_margin{1};

/// A duration and the setting it belongs to.
struct Named {
  std::string name;
  std::chrono::milliseconds value;
};

/// Notes a conflict unless large is at least `times` small.
void require_at_least(std::vector<Conflict>& conflicts, const Named& large, int times,
                      const Named& small) {
  if (large.value >= times * small.value) return;
  const std::string multiple = times == 1 ? std::string{} : fmt::format("{} times ", times);
  conflicts.push_back(
      {{large.name, small.name},
       fmt::format("{} ({}) must be at least {}{} ({})", large.name, format_duration(large.value),
                   multiple, small.name, format_duration(small.value))});
}

/// Notes a conflict unless large is at least the sum of `parts` and `margin`.
void require_room(std::vector<Conflict>& conflicts, const Named& large,
                  const std::vector<Named>& parts, std::chrono::milliseconds margin,
                  std::string_view margin_is_for) {
  std::chrono::milliseconds needed = margin;
  std::vector<std::string> names{large.name};
  std::string sum;
  for (const Named& part : parts) {
    needed += part.value;
    names.push_back(part.name);
    sum += fmt::format("{} ({}), ", part.name, format_duration(part.value));
  }
  if (large.value >= needed) return;
  sum.resize(sum.size() - 2);
  conflicts.push_back(
      {std::move(names), fmt::format("{} ({}) must be at least {}: {} and {} {}", large.name,
                                     format_duration(large.value), format_duration(needed), sum,
                                     format_duration(margin), margin_is_for)});
}

void check_durations(const Config& config, std::vector<Conflict>& conflicts) {
  const auto& retry = config.registry.retry;
  require_at_least(conflicts, {"jobs.lease", config.registry.lease}, 3,
                   {"worker.heartbeat", config.worker.heartbeat});
  // Or a job that takes its time could not send what it made.
  require_at_least(conflicts, {"transfer.url_expiry", config.transfer.url_expiry}, 1,
                   {"worker.job_timeout", config.worker.job_timeout});
  require_at_least(conflicts, {"http.request_timeout", config.http.request_timeout}, 1,
                   {"http.max_wait", config.http.max_wait});
  require_at_least(conflicts, {"retry.max", retry.max}, 1, {"retry.base", retry.base});
  require_at_least(conflicts, {"jobs.max_ttl", config.max_ttl}, 1,
                   {"jobs.min_ttl", config.min_ttl});
  require_at_least(conflicts, {"supervisor.max", config.supervisor.max}, 1,
                   {"supervisor.base", config.supervisor.base});
  // A worker that is still draining when the node's time is up would be killed.
  require_room(conflicts, {"node.shutdown_timeout", config.shutdown_timeout},
               {{"worker.drain_timeout", config.worker.drain_timeout}}, stop_times::beside_draining,
               "for everything else");
  // An upload is a file without a job until the job service has answered: the janitor must not take
  // it before.
  require_room(conflicts, {"janitor.orphan_age", config.janitor.orphan_age},
               {{"http.request_timeout", config.http.request_timeout},
                {"http.backend_timeout", config.backend_timeout}},
               sync_margin, "for a slow disk");
}

/// A job that was taken must fit into a worker.
void check_memory(const Config& config, std::vector<Conflict>& conflicts) {
  if (config.worker.memory == 0 || config.worker.memory >= config.limits.max_memory) return;
  conflicts.push_back(
      {{"worker.memory", "imaging.max_memory"},
       fmt::format("worker.memory ({}) must be at least imaging.max_memory ({}), "
                   "or 0 for a share of the machine's memory",
                   format_bytes(config.worker.memory), format_bytes(config.limits.max_memory))});
}

bool is_host_name(std::string_view name) {
  if (name.starts_with('[') && name.ends_with(']')) {
    name = name.substr(1, name.size() - 2);
    return !name.empty() && name.find_first_not_of("0123456789abcdefABCDEF:.") == name.npos;
  }
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !name.empty() && std::ranges::all_of(name, safe);
}

void check_hosts(const Config& config, std::vector<Conflict>& conflicts) {
  std::string_view rest = config.http.allowed_hosts;
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view host = rest.substr(0, comma);
    while (host.starts_with(' '))
      host.remove_prefix(1);
    while (host.ends_with(' '))
      host.remove_suffix(1);
    if (host != "*" && !is_host_name(host)) {
      conflicts.push_back(
          {{"http.allowed_hosts"},
           fmt::format("http.allowed_hosts has \"{}\" in it, which is no name of a host: write "
                       "names and addresses without scheme and port, separated by commas, such as "
                       "\"pictures.example, 192.0.2.1, [2001:db8::1]\", or auto, or *",
                       host)});
    }
    if (comma == rest.size()) return;
    rest.remove_prefix(comma + 1);
  }
}

void check_proxies(const Config& config, std::vector<Conflict>& conflicts) {
  const auto proxies = http::TrustedProxies::parse(config.http.trusted_proxies);
  if (proxies) return;
  conflicts.push_back(
      {{"http.trusted_proxies"},
       fmt::format(
           "http.trusted_proxies has \"{}\" in it, which is no address: write addresses and "
           "blocks of them, separated by commas, such as \"10.0.0.0/8, 2001:db8::1\"; the "
           "bits behind a block's length must be zero",
           proxies.error())});
}

void check_addresses(const char* setting, std::string_view list, std::vector<Conflict>& conflicts) {
  const auto read = net::AddressBlock::parse_list(list);
  if (read) return;
  conflicts.push_back(
      {{setting},
       fmt::format("{} has \"{}\" in it, which is no address: write addresses and blocks of them, "
                   "separated by commas, such as \"10.1.0.0/16, 192.168.0.7\"; the bits behind a "
                   "block's length must be zero",
                   setting, read.error())});
}

void check_source(const Config& config, std::vector<Conflict>& conflicts) {
  check_addresses("source.allow", config.source.allow, conflicts);
  check_addresses("source.deny", config.source.deny, conflicts);
  if (!config.source.enabled) return;
  // What was fetched is kept within the same time.
  require_at_least(conflicts, {"worker.job_timeout", config.worker.job_timeout}, 2,
                   {"source.timeout", config.source.timeout});
}

void check_dialects(const Config& config, std::vector<Conflict>& conflicts) {
  const auto dialects = http::Dialects::parse(config.http.dialects);
  if (dialects) return;
  conflicts.push_back({{"http.dialects"},
                       fmt::format("http.dialects has \"{}\" in it, which is none: write django, "
                                   "upload or fastapi, separated by commas, or leave it empty",
                                   dialects.error())});
}

void check_origins(const Config& config, std::vector<Conflict>& conflicts) {
  const auto origins = http::CrossOrigins::parse(config.http.cors_origins);
  if (origins) return;
  conflicts.push_back(
      {{"http.cors_origins"}, fmt::format("http.cors_origins: {}", origins.error())});
}

void check_tls(const Config& config, std::vector<Conflict>& conflicts) {
  auto fault = http::tls_fault(config.http);
  if (!fault) return;
  conflicts.push_back({{"http.tls_certificate", "http.tls_key"}, *std::move(fault)});
}

void check_preset(const jobs::Preset& preset, std::vector<Conflict>& conflicts) {
  const auto fault_of = [&](std::vector<std::string> names, std::string_view text) {
    conflicts.push_back({std::move(names), fmt::format("preset \"{}\": {}", preset.name, text)});
  };
  const std::string label = "preset." + preset.name;
  const auto fault = [&](std::string_view text) { fault_of({label}, text); };
  if (!jobs::is_safe_name(preset.name)) fault(jobs::unsafe_name("the name", preset.name));
  if (preset.renditions.empty() || preset.renditions.size() > jobs::max_renditions) {
    fault(fmt::format("must have 1 to {} renditions, not {}", jobs::max_renditions,
                      preset.renditions.size()));
  }
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < preset.renditions.size(); ++i) {
    const jobs::RenditionSpec& spec = preset.renditions[i];
    const std::vector<std::string> place{rendition_origin(preset.name, i), label};
    for (const std::string& text : jobs::rendition_faults(spec))
      fault_of(place, text);
    if (!names.insert(spec.name).second) {
      fault_of(place, fmt::format("there are two renditions called \"{}\"", spec.name));
    }
  }
}

void check_watermarks(const Config& config, std::vector<Conflict>& conflicts) {
  std::set<std::string_view> names;
  for (const jobs::Watermark& watermark : config.watermarks) {
    const std::string setting = "watermark." + watermark.name;
    for (std::string& text : jobs::watermark_faults(watermark))
      conflicts.push_back({{setting}, std::move(text)});
    if (names.insert(watermark.name).second) continue;
    conflicts.push_back(
        {{setting}, fmt::format("there are two watermarks called \"{}\"", watermark.name)});
  }
}

void check_queues(const Config& config, std::vector<Conflict>& conflicts) {
  std::set<std::string_view> names;
  for (const Queue& queue : config.queues) {
    const std::string setting = "queue." + queue.name;
    const auto fault = [&](std::vector<std::string> involved, std::string_view text) {
      conflicts.push_back({std::move(involved), fmt::format("queue \"{}\": {}", queue.name, text)});
    };
    if (!jobs::is_safe_name(queue.name)) {
      fault({setting}, jobs::unsafe_name("the name", queue.name));
    }
    if (!names.insert(queue.name).second) fault({setting}, "there are two queues of this name");
    const auto policy = retry_policy(config, queue);
    if ((queue.base || queue.max) && policy.max < policy.base) {
      fault({setting, "retry.max", "retry.base"},
            fmt::format("max ({}) must be at least base ({})", format_duration(policy.max),
                        format_duration(policy.base)));
    }
  }
}

void check_node_port(const Config& config, std::vector<Conflict>& conflicts) {
  if (auto fault = tunnel::tls_fault(config.node.tls)) {
    conflicts.push_back(
        {{"node.ca", "node.certificate", "node.key", "node.revocations"}, *std::move(fault)});
  } else if (auto exposed = tunnel::exposure_fault(config.node, "node.host", config.node.host)) {
    conflicts.push_back({{"node.host", "node.insecure"}, *std::move(exposed)});
  }
}

void check_webhook(const Config& config, std::vector<Conflict>& conflicts) {
  const auto& webhook = config.webhook;
  if (!webhook.secret.empty() && !webhook.secret_file.empty()) {
    conflicts.push_back({{"webhook.secret", "webhook.secret_file"},
                         "set either webhook.secret or webhook.secret_file, not both"});
  }
  if (!webhook.secret.empty()) {
    if (const auto secrets = webhook_secrets({.secret = webhook.secret}); !secrets) {
      conflicts.push_back({{"webhook.secret"}, secrets.error()});
    }
  }
  check_addresses("webhook.allow", webhook.allow, conflicts);
  check_addresses("webhook.deny", webhook.deny, conflicts);
  const auto& url = config.registry.outbox.url;
  if (url.empty()) return;
  if (const auto read = outbound::check_url(url); !read) {
    conflicts.push_back({{"webhook.url"}, fmt::format("webhook.url {}", read.error())});
  }
}

void check_email(const Config& config, std::vector<Conflict>& conflicts) {
  const auto& email = config.email;
  if (email.server.empty()) return;
  if (const auto url = outbound::check_mail_url(email.server); !url) {
    conflicts.push_back({{"email.server"}, fmt::format("email.server {}", url.error())});
  }
  if (!outbound::is_mail_address(email.from)) {
    conflicts.push_back({{"email.from", "email.server"},
                         "email.from must be the sender's address, such as "
                         "\"pictures@example.com\", where email.server is set"});
  }
  const auto& to = config.registry.outbox.email_to;
  if (!to.empty() && !outbound::is_mail_address(to)) {
    conflicts.push_back({{"email.to"},
                         fmt::format("email.to must be one address, such as \"ops@example.com\", "
                                     "not \"{}\"",
                                     to)});
  }
  if (email.username.empty() != email.password_file.empty()) {
    conflicts.push_back({{"email.username", "email.password_file"},
                         "set email.username and email.password_file both, or neither"});
  }
}

}  // namespace

std::vector<Conflict> find_conflicts(const Config& config) {
  std::vector<Conflict> conflicts;
  check_durations(config, conflicts);
  check_memory(config, conflicts);
  check_hosts(config, conflicts);
  check_proxies(config, conflicts);
  check_source(config, conflicts);
  check_dialects(config, conflicts);
  check_origins(config, conflicts);
  check_tls(config, conflicts);
  check_watermarks(config, conflicts);
  check_queues(config, conflicts);
  check_node_port(config, conflicts);
  check_webhook(config, conflicts);
  check_email(config, conflicts);
  std::set<std::string_view> names;
  for (const jobs::Preset& preset : config.presets) {
    check_preset(preset, conflicts);
    for (const std::string& text : format_faults(config, preset.renditions)) {
      conflicts.push_back({{"preset." + preset.name, "imaging.backend"},
                           fmt::format("preset \"{}\": {}", preset.name, text)});
    }
    if (!names.insert(preset.name).second) {
      conflicts.push_back({{"preset." + preset.name},
                           fmt::format("there are two presets called \"{}\"", preset.name)});
    }
  }
  if (!names.contains("default")) {
    conflicts.push_back({{"preset.default"}, "there must be a preset called \"default\""});
  }
  return conflicts;
}

}  // namespace darkroom::nodes
