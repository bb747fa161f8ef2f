#pragma once

#include <chrono>
#include <string>

#include "tls/openssl_handles.hpp"

namespace darkroom::tls {

/// The common name of a certificate's subject, with nothing that a terminal would act on; empty
/// where it has none.
[[nodiscard]] std::string common_name(const x509_st& certificate);

/// In hexadecimal digits.
[[nodiscard]] std::string serial_number(const x509_st& certificate);

/// The times between which it is good.
[[nodiscard]] std::chrono::sys_seconds begin_of(const x509_st& certificate);
[[nodiscard]] std::chrono::sys_seconds end_of(const x509_st& certificate);

/// "2027-03-01 12:00 UTC"
[[nodiscard]] std::string time_text(std::chrono::sys_seconds time);

/// The current time to the second.
[[nodiscard]] std::chrono::sys_seconds now_in_seconds();

/// Why that time is outside of the certificate's ("has expired on ..."); empty where it is not.
[[nodiscard]] std::string time_fault(const x509_st& certificate, std::chrono::sys_seconds now);

}  // namespace darkroom::tls
