#include "tls/pem_files.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

namespace darkroom::tls {
namespace {

namespace fs = std::filesystem;

/// Many times what certificates take.
constexpr std::uintmax_t max_file_size = std::uintmax_t{1} << 20U;

tl::unexpected<std::string> fault(const PemFile& file, std::string_view what) {
  return tl::unexpected{file_fault(file, what)};
}

struct FreeBio {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
};

std::unique_ptr<BIO, FreeBio> reader(const std::string& text) {
  return std::unique_ptr<BIO, FreeBio>{
      ::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

}  // namespace

int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*own*/) {
  return -1;
}

std::string file_fault(const PemFile& file, std::string_view what) {
  return fmt::format("{}: {} {}", file.setting, file.path.string(), what);
}

tl::expected<std::string, std::string> read_pem_text(const PemFile& file) {
  std::error_code error;
  if (fs::is_directory(file.path, error)) return fault(file, "is a folder; name the file in it");
  const auto size = fs::file_size(file.path, error);
  if (error) return fault(file, fmt::format("cannot be read: {}", error.message()));
  if (size > max_file_size) return fault(file, "is too large for a PEM file");
  errno = 0;
  std::ifstream stream(file.path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.is_open() || stream.bad()) {
    const std::string why = std::generic_category().message(errno != 0 ? errno : EIO);
    return fault(file, fmt::format("cannot be read: {}", why));
  }
  return text;
}

tl::expected<std::vector<Handle<x509_st>>, std::string> read_certificates(const PemFile& file) {
  const auto text = read_pem_text(file);
  if (!text) return tl::unexpected{text.error()};
  const auto bio = reader(*text);
  std::vector<Handle<x509_st>> found;
  while (X509* const next = ::PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr))
    found.emplace_back(next);
  const bool ended = ERR_GET_REASON(::ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string why = openssl_error();
  if (!ended) return fault(file, fmt::format("holds a damaged certificate: {}", why));
  if (found.empty()) return fault(file, "holds no certificate in PEM form");
  return found;
}

tl::expected<Handle<evp_pkey_st>, std::string> read_key(const PemFile& file) {
  struct stat status {};
  constexpr mode_t allowed = 0640;
  if (::stat(file.path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode) &&
      (status.st_mode & 0777U & ~allowed) != 0) {
    return fault(
        file, fmt::format("has mode {:04o}, so that others can read or change this node's key; "
                          "`chmod 600` it, and issue a new certificate where others have seen it",
                          status.st_mode & 0777U));
  }
  const auto text = read_pem_text(file);
  if (!text) return tl::unexpected{text.error()};
  const auto bio = reader(*text);
  Handle<evp_pkey_st> key{::PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)};
  if (key) return key;
  const int reason = ERR_GET_REASON(::ERR_peek_last_error());
  const std::string why = openssl_error();
  if (reason == PEM_R_BAD_PASSWORD_READ || text->find("ENCRYPTED") != std::string::npos) {
    return fault(file, "is encrypted; a node needs its key without a passphrase");
  }
  if (text->find("PRIVATE KEY-----") == std::string::npos)
    return fault(file, "holds no key in PEM form");
  return fault(file, fmt::format("holds a damaged key: {}", why));
}

std::string match_fault(const PemFile& key_file, const evp_pkey_st& key,
                        const PemFile& certificate_file, const x509_st& certificate) {
  const bool matches = ::X509_check_private_key(&certificate, &key) == 1;
  ::ERR_clear_error();
  if (matches) return {};
  return file_fault(key_file, fmt::format("is not the key of the certificate {}",
                                          certificate_file.path.string()));
}

}  // namespace darkroom::tls
