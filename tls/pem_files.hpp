#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "tls/openssl_handles.hpp"

namespace darkroom::tls {

/// A file and the setting that names it, "node.key", by which errors call it.
struct PemFile {
  std::string_view setting;
  const std::filesystem::path& path;
};

/// "node.key: /etc/darkroom/a.key is a folder": what is wrong with the file.
[[nodiscard]] std::string file_fault(const PemFile& file, std::string_view what);

/// The whole text. The error is a sentence with the setting and the file.
[[nodiscard]] tl::expected<std::string, std::string> read_pem_text(const PemFile& file);

/// Every certificate of the file, at least one.
[[nodiscard]] tl::expected<std::vector<Handle<x509_st>>, std::string> read_certificates(
    const PemFile& file);

/// A key without a passphrase, which none but its owner and its group can read.
[[nodiscard]] tl::expected<Handle<evp_pkey_st>, std::string> read_key(const PemFile& file);

/// What is wrong where the key is not that of the certificate; empty where it is.
[[nodiscard]] std::string match_fault(const PemFile& key_file, const evp_pkey_st& key,
                                      const PemFile& certificate_file, const x509_st& certificate);

/// For readers of PEM, in place of asking the terminal for a passphrase: there is none.
int no_passphrase(char* buffer, int size, int writing, void* own);

}  // namespace darkroom::tls
