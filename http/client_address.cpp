#include "http/client_address.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include "http/request_context.hpp"
#include "jobs/log_pair.hpp"

namespace darkroom::http {

std::string client_of(const httplib::Request& request) {
  // Of a client behind a proxy only the proxy knows the port.
  if (request.remote_port < 0) return request.remote_addr;
  return fmt::format("{} port {}", request.remote_addr, request.remote_port);
}

std::string pairs_of(const httplib::Request& request) {
  const RequestContext& context = context_of(request);
  return jobs::request_pairs(context.request_id, context.trace_parent);
}

}  // namespace darkroom::http
