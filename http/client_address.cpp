#include "http/client_address.hpp"

#include <fmt/format.h>
#include <httplib.h>

namespace darkroom::http {

std::string client_of(const httplib::Request& request) {
  return fmt::format("{} port {}", request.remote_addr, request.remote_port);
}

}  // namespace darkroom::http
