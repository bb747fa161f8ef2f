#include "tls/certificate_text.hpp"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/x509.h>

namespace darkroom::tls {
namespace {

std::chrono::sys_seconds to_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ::ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&parts)}};
}

struct FreeNumber {
  void operator()(BIGNUM* number) const { ::BN_free(number); }
  void operator()(char* text) const { ::OPENSSL_free(text); }
};

}  // namespace

std::string common_name(const x509_st& certificate) {
  std::array<char, 128> text{};
  const int length = ::X509_NAME_get_text_by_NID(::X509_get_subject_name(&certificate),
                                                 NID_commonName, text.data(), text.size());
  std::string name;
  for (int i = 0; i < length; ++i) {
    const char c = text.at(static_cast<std::size_t>(i));
    name += c >= ' ' && c <= '~' ? c : '?';
  }
  return name;
}

std::string serial_number(const x509_st& certificate) {
  const std::unique_ptr<BIGNUM, FreeNumber> number{
      ::ASN1_INTEGER_to_BN(::X509_get0_serialNumber(&certificate), nullptr)};
  if (!number) return {};
  const std::unique_ptr<char, FreeNumber> text{::BN_bn2hex(number.get())};
  return text ? text.get() : std::string{};
}

std::chrono::sys_seconds begin_of(const x509_st& certificate) {
  return to_time(::X509_get0_notBefore(&certificate));
}

std::chrono::sys_seconds end_of(const x509_st& certificate) {
  return to_time(::X509_get0_notAfter(&certificate));
}

std::string time_text(std::chrono::sys_seconds time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(time.time_since_epoch().count()));
}

std::chrono::sys_seconds now_in_seconds() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string time_fault(const x509_st& certificate, std::chrono::sys_seconds now) {
  if (now > end_of(certificate)) {
    return fmt::format("expired on {}", time_text(end_of(certificate)));
  }
  if (now < begin_of(certificate)) {
    return fmt::format("is not valid before {}; it is {} by this machine's clock",
                       time_text(begin_of(certificate)), time_text(now));
  }
  return {};
}

}  // namespace darkroom::tls
