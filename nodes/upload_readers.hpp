#pragma once

#include "http/server.hpp"
#include "nodes/config.hpp"

namespace darkroom::nodes {

// How the HTTP server reads the parameters of an upload. `config` must outlive the readers.

/// Empty where uploads may only name presets.
[[nodiscard]] http::RenditionReader rendition_reader(const Config& config);

/// A duration within `jobs.min_ttl` and `jobs.max_ttl`: as in the configuration, or a plain number
/// of seconds.
[[nodiscard]] http::LifetimeReader lifetime_reader(const Config& config);

[[nodiscard]] http::QueueReader queue_reader(const Config& config);

/// An address that a request may be sent to, as far as can be told without asking for its host.
[[nodiscard]] http::CallbackReader callback_reader();

/// The same; empty where this node itself would send webhooks, and cannot sign them.
[[nodiscard]] http::CallbackReader callback_reader(const Config& config);

/// Empty where pictures are not fetched from URLs.
[[nodiscard]] http::SourceReader source_reader(const Config& config);

}  // namespace darkroom::nodes
