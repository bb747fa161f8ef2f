#include "nodes/api_services.hpp"

#include <utility>

#include "nodes/backend_formats.hpp"
#include "nodes/upload_readers.hpp"
#include "nodes/version.hpp"

namespace darkroom::nodes {

http::Services api_services(const Config& config, actors::JobService& jobs,
                            persistence::BlobStore& blobs,
                            const persistence::ClientUrlKey& client_urls,
                            http::StorageReader read_storage) {
  return {.jobs = jobs,
          .blobs = blobs,
          .limits = original_limits(config),
          .read_renditions = rendition_reader(config),
          .read_expires_in = lifetime_reader(config),
          .read_queue = queue_reader(config),
          .read_callback_url = callback_reader(config),
          .read_source = source_reader(config),
          .max_delay = config.max_delay,
          .reuse_results = config.reuse_results,
          .version = version(),
          .client_urls = &client_urls,
          .read_storage = std::move(read_storage)};
}

}  // namespace darkroom::nodes
