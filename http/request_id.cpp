#include "http/request_id.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "http/limits.hpp"
#include "jobs/random.hpp"

namespace darkroom::http {

bool is_request_id(std::string_view text) {
  constexpr std::string_view others = "-_.:/+=@~";
  return !text.empty() && text.size() <= limits::request_id_bytes &&
         std::ranges::all_of(text, [others](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != std::string_view::npos;
         });
}

std::string request_id_of(const RequestHead& head) {
  auto sent = joined_field(head, request_id_field);
  return sent && is_request_id(*sent) ? std::move(*sent) : new_request_id();
}

std::string new_request_id() {
  return fmt::format("{:016x}{:016x}", jobs::random_u64(), jobs::random_u64());
}

}  // namespace darkroom::http
