#include "nodes/cluster_port.hpp"

#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include "http/blob_routes.hpp"
#include "http/listener.hpp"
#include "http/route_set.hpp"
#include "nodes/tunnel_versions.hpp"
#include "persistence/signing_key.hpp"

namespace darkroom::nodes {
namespace {

constexpr const char* loopback = "127.0.0.1";

/// Of the server of the files: nodes keep their connections for the next file.
constexpr std::chrono::minutes keep_alive{5};

http::BlobServices blob_services(const Config& config, persistence::BlobStore& blobs,
                                 persistence::BlobStore& unreserved,
                                 const persistence::UrlSigner& signer) {
  http::BlobServices services{.blobs = blobs, .signer = signer, .unreserved = &unreserved};
  for (const auto& watermark : config.watermarks)
    services.watermarks.emplace(watermark.name, watermark.image);
  return services;
}

tl::expected<std::unique_ptr<http::Server>, std::string> serve_files(
    const Config& config, persistence::BlobStore& blobs, persistence::BlobStore& unreserved,
    const persistence::UrlSigner& signer) {
  auto listener = http::Listener::open(loopback, 0);
  if (!listener) return tl::unexpected(listener.error());
  auto options = config.http;
  options.allowed_hosts = "*";  // Nobody gets anything there but by a signed URL.
  options.max_connections = config.node.max_peers;
  options.keep_alive_timeout = keep_alive;
  // All nodes come by one address, and are watched by the tunnel.
  options.min_rate = 0;
  options.rates = {};
  options.trusted_proxies.clear();
  options.cors_origins.clear();
  options.access_log = false;  // Of requests of clients.
  return http::Server::start(
      std::move(*listener), options,
      http::make_blob_routes(blob_services(config, blobs, unreserved, signer)));
}

}  // namespace

ClusterPort::ClusterPort(std::shared_ptr<const persistence::UrlSigner> signer,
                         std::unique_ptr<persistence::BlobStore> unreserved,
                         std::unique_ptr<http::Server> files, std::unique_ptr<tunnel::Front> front)
    : signer_(std::move(signer)),
      unreserved_(std::move(unreserved)),
      files_(std::move(files)),
      front_(std::move(front)) {
  front_->set_target(tunnel::Channel::data, files_->port());
}

tl::expected<std::unique_ptr<ClusterPort>, std::string> ClusterPort::open(
    const Config& config, persistence::BlobStore& blobs) {
  const auto key = persistence::load_signing_key(config.storage_path);
  if (!key) return tl::unexpected(key.error().message);
  auto signer = std::make_shared<const persistence::UrlSigner>(*key);
  auto unreserved = persistence::open_file_blob_store(config.storage_path);
  if (!unreserved) return tl::unexpected(unreserved.error().message);
  auto files = serve_files(config, blobs, **unreserved, *signer);
  if (!files) return tl::unexpected(files.error());
  auto front = tunnel::Front::start({.node = config.node, .versions = tunnel_versions()});
  if (!front) return tl::unexpected(front.error());
  spdlog::info("nodes join at {} port {}{}", config.node.host, (*front)->port(),
               config.node.tls.given() ? " with certificates" : "");
  return std::unique_ptr<ClusterPort>{new ClusterPort{std::move(signer), std::move(*unreserved),
                                                      std::move(*files), std::move(*front)}};
}

void ClusterPort::lead_to_registry(std::uint16_t port) {
  front_->set_target(tunnel::Channel::control, port);
}

}  // namespace darkroom::nodes
