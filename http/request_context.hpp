#pragma once

#include <cstdint>
#include <string>

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// What a caller must be allowed to do to be let in by a route. Each but `open` takes in the ones
/// before it.
enum class Scope : std::uint8_t {
  open,   ///< Nothing: for anyone who reaches the port.
  read,   ///< To see jobs and files.
  write,  ///< To make, change and remove jobs.
  admin,  ///< To see and change what is everybody's.
};

/// Who asks; see Access.
struct Caller {
  std::string tenant;        ///< Whose jobs it makes, and sees.
  std::string key_id = {};   ///< Of its API key; empty without one that was checked.
  bool all_tenants = false;  ///< It sees everybody's jobs.
};

/// What is known of a request before its handler is called.
struct RequestContext {
  /// "https://host:port", what the client calls the service by; empty where it does not say, which
  /// only HTTP/1.0 lets it.
  std::string base_url;
  Caller caller;
  std::string request_id = {};    ///< X-Request-Id: the client's, or one made here.
  std::string trace_parent = {};  ///< W3C traceparent of what is done about the request.
};

/// Of a request that a server of ours answers.
[[nodiscard]] const RequestContext& context_of(const httplib::Request& request);

}  // namespace darkroom::http
