#pragma once

#include "http/client_socket.hpp"
#include "http/connection_threads.hpp"
#include "http/options.hpp"
#include "http/request_origin.hpp"
#include "http/request_processor.hpp"
#include "http/stop_signal.hpp"
#include "http/traffic.hpp"

namespace darkroom::http {

/// Serves the requests that come on one connection, one after the other, until the client closes
/// it, is idle for too long, breaks the rules, has lost its `place`, or `stop` is raised. What is
/// refused before the processor sees it is counted here.
void serve_connection(ClientSocket& socket, ConnectionThreads::Place& place,
                      RequestProcessor& processor, const Options& options,
                      const OriginRules& origins, const StopSignal& stop, Traffic& traffic);

}  // namespace darkroom::http
