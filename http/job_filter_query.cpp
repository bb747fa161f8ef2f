#include "http/job_filter_query.hpp"

#include <charconv>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/client_time.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::http {
namespace {

using persistence::JobFilter;

constexpr std::string_view names =
    "status, queue, preset, filename, batch, created_after, created_before, tenant, limit and "
    "cursor";

tl::unexpected<Problem> refused(std::string detail) {
  return tl::unexpected{Problem{ProblemCode::invalid_parameter, std::move(detail)}};
}

/// What makes two filters the same for a cursor.
std::string fingerprint(const JobFilter& filter) {
  std::string text;
  const auto add = [&text](const std::optional<std::string>& value) {
    text += value ? fmt::format("{}:{},", value->size(), *value) : std::string{"-,"};
  };
  add(filter.tenant);
  add(filter.queue);
  add(filter.preset);
  add(filter.filename);
  add(filter.status ? std::optional{std::string{to_string(*filter.status)}} : std::nullopt);
  add(filter.batch ? std::optional{filter.batch->to_string()} : std::nullopt);
  for (const auto& time : {filter.created_from, filter.created_before})
    add(time ? std::optional{jobs::to_rfc3339(*time)} : std::nullopt);
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{text}));
  constexpr std::size_t digits = 8;
  return hash.finish().substr(0, digits);
}

/// The value of each parameter, one after the other, into the query.
class Reader {
 public:
  Reader(const Caller& caller, std::uint32_t most) : caller_(caller), most_(most) {}

  [[nodiscard]] tl::expected<void, Problem> read(const std::string& name,
                                                 const std::string& value) {
    auto& filter = query.filter;
    if (name == "queue") {
      filter.queue = value;
    } else if (name == "preset") {
      filter.preset = value;
    } else if (name == "filename") {
      filter.filename = value;
    } else if (name == "cursor") {
      cursor = value;
    } else if (name == "tenant" && caller_.all_tenants) {
      filter.tenant = value;
    } else if (name == "status") {
      filter.status = jobs::parse_job_status(value);
      if (!filter.status) {
        return wrong(name, value, "pending, processing, retrying, completed, failed or cancelled");
      }
    } else if (name == "batch") {
      filter.batch = jobs::JobId::parse(value);
      if (!filter.batch) return wrong(name, value, "the id of a batch");
    } else if (name == "created_after" || name == "created_before") {
      const auto time = parse_client_time(value);
      if (!time) return wrong(name, value, "a time, as 2026-11-22T08:30:00Z, or a date");
      (name == "created_after" ? filter.created_from : filter.created_before) = time;
    } else if (name == "all") {
      if (value != "true") return wrong(name, value, "true");
      query.all = true;
    } else if (name == "limit") {
      return read_limit(value);
    } else {
      return refused(
          fmt::format("There is no parameter {} here; there are {}.", quoted_text(name), names));
    }
    return {};
  }

  JobFilterQuery query;
  std::optional<std::string> cursor;

 private:
  static tl::unexpected<Problem> wrong(const std::string& name, const std::string& value,
                                       std::string_view takes) {
    return refused(fmt::format("{}: {} is not {}.", name, quoted_text(value), takes));
  }

  [[nodiscard]] tl::expected<void, Problem> read_limit(const std::string& value) {
    std::uint32_t limit = 0;
    const char* const end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, limit);
    if (read.ec != std::errc{} || read.ptr != end || limit < 1 || limit > most_) {
      return wrong("limit", value, fmt::format("a whole number from 1 to {}", most_));
    }
    query.limit = limit;
    return {};
  }

  const Caller& caller_;
  std::uint32_t most_;
};

}  // namespace

bool JobFilterQuery::narrows() const {
  const auto& f = filter;
  return f.queue || f.preset || f.filename || f.status || f.batch || f.created_from ||
         f.created_before;
}

tl::expected<JobFilterQuery, Problem> read_job_filter(const httplib::Request& request,
                                                      const Caller& caller, std::uint32_t most) {
  Reader reader{caller, most};
  if (!caller.all_tenants) reader.query.filter.tenant = caller.tenant;
  std::set<std::string> seen;
  for (const auto& [name, value] : request.params) {
    if (!seen.insert(name).second) {
      return refused(fmt::format("The parameter {} stands there more than once.", name));
    }
    if (auto read = reader.read(name, value); !read) return tl::unexpected{read.error()};
  }
  if (reader.cursor) {
    const std::string_view cursor = *reader.cursor;
    const auto dash = cursor.rfind('-');
    const auto id = jobs::JobId::parse(std::string{cursor.substr(0, dash)});
    if (!id || cursor != cursor_behind(*id, reader.query.filter)) {
      return tl::unexpected{Problem{
          ProblemCode::invalid_cursor,
          "The cursor is not one of a listing with this filter: give the same parameters as for "
          "the page that it was in, or none to begin anew."}};
    }
    reader.query.before = id;
  }
  return std::move(reader.query);
}

std::string cursor_behind(const jobs::JobId& last, const JobFilter& filter) {
  return last.to_string() + '-' + fingerprint(filter);
}

}  // namespace darkroom::http
