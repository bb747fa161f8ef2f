#include "http/library_request.hpp"

#include <algorithm>
#include <string_view>

#include <httplib.h>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

// Fields that are dealt with before the library, or that would set off something in it: it would
// decode chunks a second time, send 100 Continue too early, or compress an answer.
bool is_withheld(std::string_view name) {
  const auto fields = {"Accept-Encoding", "Connection", "Expect", "Transfer-Encoding"};
  return std::any_of(fields.begin(), fields.end(),
                     [name](std::string_view field) { return equals_ignoring_case(field, name); });
}

}  // namespace

void set_fields(httplib::Request& request, const RequestHead& head) {
  request.headers.clear();
  for (const HeaderField& field : head.fields) {
    if (!is_withheld(field.name)) request.headers.emplace(field.name, field.value);
  }
  // The library's own multipart parser loses a boundary that is split between two reads, and keeps
  // the rest of the body in memory where text follows a boundary. It starts only on the lower-case
  // spelling; the type means the same in any.
  const auto type = request.headers.find("Content-Type");
  if (type != request.headers.end() && type->second.starts_with('m')) type->second[0] = 'M';
}

}  // namespace darkroom::http
