#include "tunnel/certificate_authority.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "tls/certificate_text.hpp"
#include "tunnel/certificate_maker.hpp"
#include "tunnel/preamble.hpp"
#include "tunnel/private_file.hpp"

namespace darkroom::tunnel {
namespace {

namespace fs = std::filesystem;
using Fault = tl::unexpected<std::string>;

constexpr mode_t owner_only = 0600;
constexpr mode_t for_all = 0644;

/// What a node cannot be called: its files would be the CA's.
constexpr std::array<std::string_view, 2> taken_names{"ca", "revoked"};

/// Runs `make`, which may throw what OpenSSL says.
template <class Make>
auto attempt(Make make) -> decltype(make()) {
  try {
    return make();
  } catch (const std::runtime_error& error) {
    return Fault{error.what()};
  }
}

tl::expected<void, std::string> make_folder(const fs::path& folder) {
  std::error_code error;
  const bool made = fs::create_directories(folder, error);
  if (!error && made) fs::permissions(folder, fs::perms::owner_all, error);
  if (!error) return {};
  return Fault{fmt::format("{}: cannot be made: {}", folder.string(), error.message())};
}

ValidTimes from_now(CertificateAuthority::Days days) {
  const auto now = tls::now_in_seconds();
  return {.begin = now - CertificateAuthority::backdated, .end = now + days};
}

std::optional<std::string> name_fault(const std::string& name) {
  if (!is_node_name(name)) {
    return fmt::format(
        "\"{}\" cannot be the name of a node: it must be 1 to {} letters, digits, '-', '.' and "
        "'_', "
        "beginning with a letter or digit",
        name, max_node_name);
  }
  if (std::ranges::find(taken_names, name) == taken_names.end()) return std::nullopt;
  return fmt::format("\"{}\" cannot be the name of a node: the CA's own files have it", name);
}

bool is_good(const IssuedCertificate& certificate) {
  return !certificate.revoked && certificate.expires > tls::now_in_seconds();
}

struct FreeBio {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
};

/// Reads a PEM file by one of OpenSSL's functions.
template <class Object, class Read>
tl::expected<tls::Handle<Object>, std::string> read_pem(const fs::path& file, Read read) {
  const std::unique_ptr<BIO, FreeBio> bio{::BIO_new_file(file.c_str(), "r")};
  tls::Handle<Object> object{bio ? read(bio.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!object)
    return Fault{fmt::format("{}: cannot be read: {}", file.string(), tls::openssl_error())};
  return object;
}

/// The CA's key must be its owner's alone.
std::optional<std::string> mode_fault(const fs::path& key) {
  struct stat status {};
  constexpr mode_t of_others = 0077;
  if (::stat(key.c_str(), &status) != 0 || (status.st_mode & of_others) == 0) return std::nullopt;
  return fmt::format(
      "{} has mode {:04o}, so that others can read or change the CA's key, and let any machine "
      "join; `chmod 600` it, and make a new CA where others have seen it",
      key.string(), status.st_mode & 0777U);
}

}  // namespace

CertificateAuthority::Files CertificateAuthority::files_in(const fs::path& folder) {
  return {.ca = folder / "ca.pem",
          .ca_key = folder / "ca.key",
          .revocations = folder / "revoked.pem",
          .record = folder / "issued.txt"};
}

tl::expected<CertificateAuthority, std::string> CertificateAuthority::init(const fs::path& folder,
                                                                           Days days) {
  if (auto made = make_folder(folder); !made) return Fault{made.error()};
  const auto lock = FolderLock::take(folder);
  if (!lock) return Fault{lock.error()};
  const Files files = files_in(folder);
  for (const fs::path& file : {files.ca, files.ca_key, files.record}) {
    if (!fs::exists(fs::symlink_status(file))) continue;
    return Fault{fmt::format(
        "{} is there already: this folder has a CA, and all nodes that trust it would have to be "
        "given new certificates; name another folder (--directory), or move it away",
        file.string())};
  }
  return attempt([&]() -> tl::expected<CertificateAuthority, std::string> {
    auto key = make_key();
    auto certificate = make_ca_certificate(*key, from_now(days));
    const std::string key_text = to_pem(*key);
    const std::string certificate_text = to_pem(*certificate);
    CertificateAuthority authority{folder, std::move(certificate), std::move(key)};
    // ca.pem last: a CA is there when its certificate is.
    auto written =
        write_whole_file(files.ca_key, key_text, owner_only)
            .and_then([&] { return write_issued(files.record, {}); })
            .and_then([&] { return authority.write_revocations({}); })
            .and_then([&] { return write_whole_file(files.ca, certificate_text, for_all); });
    if (!written) return Fault{written.error()};
    return authority;
  });
}

tl::expected<CertificateAuthority, std::string> CertificateAuthority::open(const fs::path& folder) {
  const Files files = files_in(folder);
  if (!fs::exists(files.ca)) {
    return Fault{fmt::format(
        "{}: there is no CA; make one with `darkroom certs init`, or name its folder with "
        "--directory",
        folder.string())};
  }
  auto certificate = read_pem<x509_st>(files.ca, ::PEM_read_bio_X509);
  if (!certificate) return Fault{certificate.error()};
  if (auto fault = mode_fault(files.ca_key)) return Fault{*std::move(fault)};
  auto key = read_pem<evp_pkey_st>(files.ca_key, ::PEM_read_bio_PrivateKey);
  if (!key) return Fault{key.error()};
  const bool matches = ::X509_check_private_key(certificate->get(), key->get()) == 1;
  ::ERR_clear_error();
  if (!matches) {
    return Fault{fmt::format("{} is not the key of {}", files.ca_key.string(), files.ca.string())};
  }
  return CertificateAuthority{folder, *std::move(certificate), *std::move(key)};
}

tl::expected<CertificateAuthority::Issued, std::string> CertificateAuthority::issue(
    const std::string& name, Days days) {
  if (auto fault = name_fault(name)) return Fault{*std::move(fault)};
  if (const std::string why = tls::time_fault(*certificate_, tls::now_in_seconds()); !why.empty()) {
    return Fault{fmt::format("{} {}: this CA can make no more certificates",
                             files_in(folder_).ca.string(), why)};
  }
  const auto lock = FolderLock::take(folder_);
  if (!lock) return Fault{lock.error()};
  auto record = list();
  if (!record) return Fault{record.error()};
  return attempt([&]() -> tl::expected<Issued, std::string> {
    ValidTimes times = from_now(days);
    Issued issued{.certificate = {},
                  .certificate_file = folder_ / (name + ".pem"),
                  .key_file = folder_ / (name + ".key"),
                  .cut_short = times.end > expires()};
    issued.earlier = static_cast<std::size_t>(std::ranges::count_if(
        *record, [&](const auto& each) { return each.name == name && is_good(each); }));
    times.end = std::min(times.end, expires());
    const auto key = make_key();
    const auto certificate = make_node_certificate(name, *key, times, *certificate_, *key_);
    issued.certificate = {.serial = tls::serial_number(*certificate),
                          .name = name,
                          .issued = tls::now_in_seconds(),
                          .expires = times.end};
    record->push_back(issued.certificate);
    // Recorded first: there is no certificate that could not be revoked.
    auto written =
        write_issued(files_in(folder_).record, *record)
            .and_then([&] { return write_whole_file(issued.key_file, to_pem(*key), owner_only); })
            .and_then([&] {
              return write_whole_file(issued.certificate_file, to_pem(*certificate), for_all);
            });
    if (!written) return Fault{written.error()};
    return issued;
  });
}

tl::expected<std::vector<IssuedCertificate>, std::string> CertificateAuthority::revoke(
    const std::string& name) {
  const auto lock = FolderLock::take(folder_);
  if (!lock) return Fault{lock.error()};
  auto record = list();
  if (!record) return Fault{record.error()};
  std::vector<IssuedCertificate> revoked;
  bool known = false;
  for (IssuedCertificate& each : *record) {
    if (each.name != name) continue;
    known = true;
    if (each.revoked) continue;
    each.revoked = tls::now_in_seconds();
    revoked.push_back(each);
  }
  if (!known) {
    return Fault{fmt::format(
        "no certificate was issued for \"{}\"; `darkroom certs list` shows those that were", name)};
  }
  auto written = write_issued(files_in(folder_).record, *record).and_then([&] {
    return attempt([&] { return write_revocations(*record); });
  });
  if (!written) return Fault{written.error()};
  return revoked;
}

tl::expected<std::vector<IssuedCertificate>, std::string> CertificateAuthority::list() const {
  return read_issued(files_in(folder_).record);
}

std::chrono::sys_seconds CertificateAuthority::expires() const {
  return tls::end_of(*certificate_);
}

tl::expected<void, std::string> CertificateAuthority::write_revocations(
    const std::vector<IssuedCertificate>& certificates) const {
  const auto revocations = make_revocations(certificates, *certificate_, *key_);
  return write_whole_file(files_in(folder_).revocations, to_pem(*revocations), for_all);
}

}  // namespace darkroom::tunnel
