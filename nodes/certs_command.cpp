#include "nodes/certs_command.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "nodes/printable_text.hpp"
#include "tunnel/certificate_authority.hpp"

namespace darkroom::nodes {
namespace {

using tunnel::CertificateAuthority;
using tunnel::IssuedCertificate;
using Authority = tl::expected<CertificateAuthority, std::string>;

int fail(std::ostream& err, const std::string& why) {
  err << "darkroom: " << printable(why) << '\n';
  return 1;
}

std::string day(std::chrono::sys_seconds time) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(time.time_since_epoch().count()));
}

std::string counted(std::size_t count) {
  return fmt::format("{} certificate{}", count, count == 1 ? "" : "s");
}

int init(const CertsCommand& command, std::ostream& out, std::ostream& err) {
  const CertificateAuthority::Days days{
      command.days.value_or(CertificateAuthority::ca_days.count())};
  const auto authority = CertificateAuthority::init(command.directory, days);
  if (!authority) return fail(err, authority.error());
  const auto files = CertificateAuthority::files_in(command.directory);
  out << fmt::format(
      "made a certificate authority, good until {}\n"
      "  {}  for every node\n"
      "  {}  for every node: the revoked certificates, none yet\n"
      "  {}  stays here: whoever has it can let nodes join\n"
      "  {}  stays here: what was issued\n"
      "next: darkroom certs issue NAME, for the coordinator and for each other node\n",
      day(authority->expires()), printable(files.ca.string()),
      printable(files.revocations.string()), printable(files.ca_key.string()),
      printable(files.record.string()));
  return 0;
}

int issue(const CertsCommand& command, CertificateAuthority authority, std::ostream& out,
          std::ostream& err) {
  const CertificateAuthority::Days days{
      command.days.value_or(CertificateAuthority::node_days.count())};
  const auto issued = authority.issue(command.name, days);
  if (!issued) return fail(err, issued.error());
  const auto files = CertificateAuthority::files_in(command.directory);
  const std::string& name = issued->certificate.name;
  out << fmt::format("issued a certificate for {}, good until {}{}\n", name,
                     day(issued->certificate.expires),
                     issued->cut_short ? ", when the CA's own ends" : "");
  if (issued->earlier > 0) {
    out << fmt::format(
        "{} of {} from before stay{} good: darkroom certs revoke {} would revoke all of them and "
        "this one\n",
        counted(issued->earlier), name, issued->earlier == 1 ? "s" : "", name);
  }
  out << fmt::format(
      "copy to that node, the key with mode 0600 and to no other:\n"
      "  {} {} {} {}\n"
      "and set in its config.toml:\n"
      "  [node]\n"
      "  ca = \"/etc/darkroom/ca.pem\"\n"
      "  certificate = \"/etc/darkroom/{}.pem\"\n"
      "  key = \"/etc/darkroom/{}.key\"\n"
      "  revocations = \"/etc/darkroom/revoked.pem\"\n",
      printable(files.ca.string()), printable(files.revocations.string()),
      printable(issued->certificate_file.string()), printable(issued->key_file.string()), name,
      name);
  return 0;
}

int revoke(const CertsCommand& command, CertificateAuthority authority, std::ostream& out,
           std::ostream& err) {
  const auto revoked = authority.revoke(command.name);
  if (!revoked) return fail(err, revoked.error());
  if (revoked->empty()) {
    out << fmt::format("all certificates of {} were revoked already\n", command.name);
  } else {
    out << fmt::format("revoked {} of {}\n", counted(revoked->size()), command.name);
  }
  out << fmt::format(
      "copy {} to every node, the coordinator first: nodes take it within seconds\n",
      printable(CertificateAuthority::files_in(command.directory).revocations.string()));
  return 0;
}

std::string state_of(const IssuedCertificate& certificate) {
  if (certificate.revoked) return "revoked " + day(*certificate.revoked);
  const auto left = certificate.expires - std::chrono::system_clock::now();
  if (left.count() < 0) return "expired";
  return fmt::format("{} days left", std::chrono::floor<std::chrono::days>(left).count());
}

int list(const CertificateAuthority& authority, std::ostream& out, std::ostream& err) {
  const auto certificates = authority.list();
  if (!certificates) return fail(err, certificates.error());
  out << fmt::format("CA: good until {}\n", day(authority.expires()));
  if (certificates->empty()) out << "there are no certificates yet\n";
  std::size_t width = 0;
  for (const IssuedCertificate& each : *certificates)
    width = std::max(width, each.name.size());
  for (const IssuedCertificate& each : *certificates) {
    out << fmt::format("{:<{}}  {}  {} to {}  {}\n", each.name, width, each.serial,
                       day(each.issued), day(each.expires), state_of(each));
  }
  return 0;
}

}  // namespace

int run_certs(const CertsCommand& command, std::ostream& out, std::ostream& err) {
  if (command.action == CertsAction::init) return init(command, out, err);
  Authority authority = CertificateAuthority::open(command.directory);
  if (!authority) return fail(err, authority.error());
  if (command.action == CertsAction::issue) return issue(command, *std::move(authority), out, err);
  if (command.action == CertsAction::revoke)
    return revoke(command, *std::move(authority), out, err);
  return list(*authority, out, err);
}

}  // namespace darkroom::nodes
