#pragma once

#include "http/request_head.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// Gives the library's request the fields of ours, but for those that would set off something in
/// it.
void set_fields(httplib::Request& request, const RequestHead& head);

}  // namespace darkroom::http
