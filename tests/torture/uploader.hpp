#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/cluster/api_client.hpp"
#include "tests/torture/upload_log.hpp"

namespace darkroom::torture {

/// A file to upload.
struct Picture {
  std::string file;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// Photographs of different sizes.
[[nodiscard]] std::vector<Picture> make_pictures();

/// Uploads until `stop`, as a careful client does: each picture with an idempotency key, by which
/// it is sent again until it is acknowledged, whatever happens to the service meanwhile. `name`
/// begins its keys. Notes what was not refused but answered in another way in `faults`.
void upload_until(const std::atomic<bool>& stop, const cluster::ApiClient& client,
                  const std::vector<Picture>& pictures, const std::string& name, UploadLog& log,
                  std::vector<std::string>& faults);

}  // namespace darkroom::torture
