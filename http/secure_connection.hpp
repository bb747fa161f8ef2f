#pragma once

#include "http/client_socket.hpp"
#include "http/connection_threads.hpp"
#include "http/log_throttle.hpp"
#include "http/server_certificate.hpp"
#include "http/stop_signal.hpp"

namespace darkroom::http {

/// Begins a connection to a port with TLS. False where it is over: the client did not shake hands,
/// or it speaks plain HTTP and has been told so. `log` is for what went wrong.
[[nodiscard]] bool secure_connection(ClientSocket& socket, ConnectionThreads::Place& place,
                                     const ServerCertificate& certificate, const StopSignal& stop,
                                     LogThrottle& log);

}  // namespace darkroom::http
