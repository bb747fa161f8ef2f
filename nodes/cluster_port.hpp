#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "http/server.hpp"
#include "nodes/config.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/blob_url.hpp"
#include "tunnel/front.hpp"

namespace darkroom::nodes {

/// Where other nodes come to a coordinator, or to a service that is open to them: the front, and
/// behind it, on loopback, the server of the files.
class ClusterPort {
 public:
  /// Nodes are told to wait until there is a registry. `blobs` must outlive this object. The error
  /// says what is wrong with the settings of [node], or why there is no port.
  [[nodiscard]] static tl::expected<std::unique_ptr<ClusterPort>, std::string> open(
      const Config& config, persistence::BlobStore& blobs);

  /// The job registry listens at this port of loopback from now on. Thread-safe.
  void lead_to_registry(std::uint16_t port);

  /// Signs the URLs of the files.
  [[nodiscard]] std::shared_ptr<const persistence::UrlSigner> signer() const { return signer_; }

  [[nodiscard]] tunnel::FrontFigures figures() const { return front_->figures(); }

 private:
  ClusterPort(std::shared_ptr<const persistence::UrlSigner> signer,
              std::unique_ptr<persistence::BlobStore> unreserved,
              std::unique_ptr<http::Server> files, std::unique_ptr<tunnel::Front> front);

  std::shared_ptr<const persistence::UrlSigner> signer_;
  std::unique_ptr<persistence::BlobStore> unreserved_;  ///< For renditions.
  std::unique_ptr<http::Server> files_;
  std::unique_ptr<tunnel::Front> front_;
};

}  // namespace darkroom::nodes
