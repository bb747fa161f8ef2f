#include "http/dialects.hpp"

#include "http/header_values.hpp"

namespace darkroom::http {

tl::expected<Dialects, std::string> Dialects::parse(std::string_view list) {
  Dialects dialects;
  if (trimmed(list).empty()) return dialects;
  for (bool more = true; more;) {
    const std::size_t comma = list.find(',');
    const std::string_view name = trimmed(list.substr(0, comma));
    if (name == "django") {
      dialects.django = true;
    } else if (name == "upload") {
      dialects.upload = true;
    } else if (name == "fastapi") {
      dialects.fastapi = true;
    } else {
      return tl::unexpected{std::string{name}};
    }
    more = comma != std::string_view::npos;
    if (more) list.remove_prefix(comma + 1);
  }
  return dialects;
}

}  // namespace darkroom::http
