#pragma once

#include <vector>

#include "net/ip_address.hpp"

namespace darkroom::net {

/// Those of all network interfaces of this machine, as they are now; none where the system does not
/// tell.
[[nodiscard]] std::vector<IpAddress> own_addresses();

}  // namespace darkroom::net
