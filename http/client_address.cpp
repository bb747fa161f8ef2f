#include "http/client_address.hpp"

#include <fmt/format.h>
#include <httplib.h>

namespace darkroom::http {

std::string client_of(const httplib::Request& request) {
  // Of a client behind a proxy only the proxy knows the port.
  if (request.remote_port < 0) return request.remote_addr;
  return fmt::format("{} port {}", request.remote_addr, request.remote_port);
}

}  // namespace darkroom::http
