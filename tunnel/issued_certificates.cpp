#include "tunnel/issued_certificates.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "tunnel/preamble.hpp"
#include "tunnel/private_file.hpp"

namespace darkroom::tunnel {
namespace {

constexpr std::string_view heading =
    "# Certificates of this CA: serial number, name, issued, expires, revoked (UTC).\n"
    "# darkroom certs keeps this file; without it certificates cannot be revoked.\n";
constexpr std::string_view not_revoked = "-";
constexpr mode_t owner_only = 0600;

std::string to_text(std::chrono::sys_seconds time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time.time_since_epoch().count()));
}

std::optional<std::chrono::sys_seconds> from_text(const std::string& text) {
  std::tm parts{};
  const char* const end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&parts)}};
}

std::optional<IssuedCertificate> from_line(const std::string& line) {
  std::istringstream words{line};
  std::string serial;
  std::string name;
  std::string issued;
  std::string expires;
  std::string revoked;
  std::string more;
  if (!(words >> serial >> name >> issued >> expires >> revoked) || words >> more) return {};
  const bool hexadecimal = serial.find_first_not_of("0123456789ABCDEF") == std::string::npos;
  const auto from = from_text(issued);
  const auto until = from_text(expires);
  const auto revoked_at = from_text(revoked);
  if (!hexadecimal || !is_node_name(name) || !from || !until) return {};
  if (!revoked_at && revoked != not_revoked) return {};
  return IssuedCertificate{
      .serial = serial, .name = name, .issued = *from, .expires = *until, .revoked = revoked_at};
}

}  // namespace

tl::expected<std::vector<IssuedCertificate>, std::string> read_issued(
    const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return tl::unexpected{fmt::format("{}: cannot be read", file.string())};
  std::vector<IssuedCertificate> certificates;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    if (line.empty() || line.starts_with('#')) continue;
    auto certificate = from_line(line);
    if (!certificate) {
      return tl::unexpected{
          fmt::format("{}:{}: is damaged; put the file back from a backup", file.string(), number)};
    }
    certificates.push_back(*std::move(certificate));
  }
  return certificates;
}

tl::expected<void, std::string> write_issued(const std::filesystem::path& file,
                                             const std::vector<IssuedCertificate>& certificates) {
  std::string text{heading};
  for (const IssuedCertificate& each : certificates) {
    text += fmt::format("{} {} {} {} {}\n", each.serial, each.name, to_text(each.issued),
                        to_text(each.expires),
                        each.revoked ? to_text(*each.revoked) : std::string{not_revoked});
  }
  return write_whole_file(file, text, owner_only);
}

}  // namespace darkroom::tunnel
