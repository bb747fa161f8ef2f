#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "outbound/url.hpp"
#include "outbound/web_client.hpp"

namespace darkroom::outbound {

/// One request and its answer.
struct Transfer {
  const Url& url;
  const Headers& headers;
  std::optional<std::string> body = {};  ///< Of a POST; nullopt for GET.
  std::chrono::milliseconds timeout{};
  GoOn go_on = {};
  Sink sink = {};  ///< For the body of an answer 2xx; none: the beginning is kept as of others.
  std::uint64_t max_bytes = 0;  ///< For the sink.
};

struct Transferred {
  Answer answer = {};
  std::string redirect = {};  ///< Where an answer 3xx leads to, absolute; empty: nowhere.
};

/// Blocks; each call is a connection of its own, to addresses that the guard lets through only.
[[nodiscard]] tl::expected<Transferred, Failure> run_transfer(const Transfer& transfer,
                                                              const net::AddressGuard& guard,
                                                              const WebLimits& limits);

}  // namespace darkroom::outbound
