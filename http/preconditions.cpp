#include "http/preconditions.hpp"

#include <chrono>
#include <ctime>

#include <httplib.h>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

// All values of a list field, joined as RFC 9110, section 5.3, allows; nullopt where there is none.
std::optional<std::string> list_field(const httplib::Request& request, const char* name) {
  std::optional<std::string> all;
  const auto [first, last] = request.headers.equal_range(name);
  for (auto field = first; field != last; ++field)
    all = all ? *all + "," + field->second : field->second;
  return all;
}

// A date that cannot be read is to be ignored, as are two.
std::optional<jobs::Timestamp> date_field(const httplib::Request& request, const char* name) {
  if (request.get_header_value_count(name) != 1) return std::nullopt;
  return parse_http_date(request.get_header_value(name));
}

// HTTP-dates have seconds.
bool modified_after(const Validators& current, jobs::Timestamp date) {
  return std::chrono::floor<std::chrono::seconds>(current.modified_at) > date;
}

}  // namespace

Precondition evaluate_preconditions(const httplib::Request& request, const Validators& current) {
  if (const auto tags = list_field(request, "If-Match")) {
    // Strong comparison: a weak tag never matches.
    if (trimmed(*tags) != "*" && !list_contains(*tags, current.etag)) return Precondition::failed;
  } else if (const auto date = date_field(request, "If-Unmodified-Since")) {
    if (modified_after(current, *date)) return Precondition::failed;
  }
  if (const auto tags = list_field(request, "If-None-Match")) {
    const bool has = trimmed(*tags) == "*" || list_contains(*tags, current.etag) ||
                     list_contains(*tags, "W/" + current.etag);
    return has ? Precondition::not_modified : Precondition::passed;
  }
  if (const auto date = date_field(request, "If-Modified-Since")) {
    if (!modified_after(current, *date)) return Precondition::not_modified;
  }
  return Precondition::passed;
}

bool range_applies(const httplib::Request& request, const Validators& current) {
  if (request.method != "GET" || !request.has_header("Range")) return false;
  if (!request.has_header("If-Range")) return true;
  // A client that has a part of another version gets the whole of this one.
  const std::string condition = request.get_header_value("If-Range");
  return condition == current.etag || condition == jobs::to_http_date(current.modified_at);
}

std::optional<jobs::Timestamp> parse_http_date(std::string_view text) {
  const std::string date{text};
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm parts{};
    const char* const end = ::strptime(date.c_str(), form, &parts);
    if (end == nullptr || *end != '\0') continue;
    return jobs::Timestamp{std::chrono::seconds{::timegm(&parts)}};
  }
  return std::nullopt;
}

}  // namespace darkroom::http
