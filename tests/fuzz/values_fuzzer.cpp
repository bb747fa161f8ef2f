// Values of header fields and of a query. The first byte of the input says of which.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/byte_range.hpp"
#include "http/client_text.hpp"
#include "http/content_disposition.hpp"
#include "http/header_values.hpp"
#include "net/ip_address.hpp"
#include "tests/fuzz/hold.hpp"

using namespace darkroom;

namespace {

void parameterized(std::string_view text) {
  const auto parsed = http::parse_parameterized(text);
  if (!parsed) return;
  fuzz::hold(!parsed->value.empty() && parsed->value == http::to_lower(parsed->value),
             "a value is in lower case");
  for (const auto& [name, value] : parsed->parameters)
    fuzz::hold(http::is_token(name), "a parameter has a name");
  (void)http::filename_of(*parsed);
}

void ranges(std::string_view text) {
  constexpr std::uint64_t sizes[] = {0, 1, 1'000, ~std::uint64_t{0}};
  for (const auto size : sizes) {
    const auto asked = http::parse_ranges(text, size);
    fuzz::hold((asked.kind == http::RangeKind::parts) == !asked.ranges.empty(), "parts are some");
    fuzz::hold(asked.ranges.size() <= http::max_ranges, "ranges are few");
    for (std::size_t i = 0; i < asked.ranges.size(); ++i) {
      const auto& [offset, length] = asked.ranges[i];
      fuzz::hold(length > 0 && offset < size && length <= size - offset, "a range is in the file");
      for (std::size_t j = 0; j < i; ++j) {
        const auto& other = asked.ranges[j];
        fuzz::hold(other.offset + other.length < offset || offset + length < other.offset,
                   "no two ranges touch");
      }
    }
  }
}

void addresses(std::string_view text) {
  if (const auto address = net::IpAddress::parse(text)) {
    fuzz::hold(net::IpAddress::parse(address->to_string()) == address, "an address is its text");
    const auto block = net::AddressBlock::parse(address->to_string());
    fuzz::hold(block && block->contains(*address), "an address is a block of itself");
  }
  (void)net::AddressBlock::parse(text);
}

void file_names(std::string_view text) {
  const auto shown = http::display_filename(text);
  fuzz::hold(shown.size() <= 255 && shown.find('/') == std::string::npos, "a name is no path");
  fuzz::hold(http::display_filename(shown) == shown, "what was made safe stays as it is");
  const auto field = http::content_disposition(http::Disposition::saved, shown);
  const auto parsed = http::parse_parameterized(field);
  fuzz::hold(parsed && parsed->value == "attachment" && parsed->parameters.size() <= 2,
             "no name ends the field or adds to it");
  // Without the marks that turn text round, which are not sent.
  const auto sent = http::filename_of(*parsed).value_or("");
  fuzz::hold(http::content_disposition(http::Disposition::saved, sent) == field,
             "a name that came back goes out the same");
  (void)http::content_disposition(http::Disposition::shown, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      parameterized(text);
      break;
    case 1:
      ranges(text);
      break;
    case 2:
      addresses(text);
      break;
    default:
      file_names(text);
  }
  return 0;
}
