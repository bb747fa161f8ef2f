#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "nodes/config.hpp"
#include "nodes/service.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/blob_url.hpp"

namespace darkroom::nodes {

/// Where other nodes come to a coordinator, or to a service that is open to them: the front, and
/// behind it, on loopback, the server of the files. Thread-safe.
class ClusterPort {
 public:
  /// Closed, and of no cost, for a service with node.join at 0. `blobs` must outlive this object.
  /// The error says what is wrong with the settings of [node], or why there is no port.
  [[nodiscard]] static tl::expected<std::unique_ptr<ClusterPort>, std::string> open(
      const Config& config, ServiceKind kind, persistence::BlobStore& blobs);

  virtual ~ClusterPort() = default;

  /// From now on nodes are let in. `control_port` tells where the job registry listens on loopback,
  /// 0 while it does not.
  virtual void forward_to(std::function<std::uint16_t()> control_port) = 0;

  /// Signs the URLs of the files; none where no node may come.
  [[nodiscard]] virtual std::shared_ptr<const persistence::UrlSigner> signer() const = 0;

  /// No more nodes are let in; the ones that are here may go on.
  virtual void close_to_new() = 0;
};

}  // namespace darkroom::nodes
