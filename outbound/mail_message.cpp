#include <algorithm>
#include <span>

#include "outbound/base64.hpp"
#include "outbound/mail_client.hpp"

namespace darkroom::outbound {
namespace {

constexpr std::string_view line_end = "\r\n";

std::string in_base64(std::string_view text) {
  return to_base64(std::as_bytes(std::span{text}));
}

/// In lines of at most 76 characters (RFC 2045, section 6.8).
std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t bytes_in_a_line = 57;
  std::string lines;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), bytes_in_a_line)))
    lines.append(in_base64(bytes.substr(0, bytes_in_a_line))).append(line_end);
  return lines;
}

bool is_visible_ascii(char c) {
  return c > ' ' && c < '\x7f';
}

/// As it is where that is ASCII, else as encoded words of whole characters (RFC 2047).
std::string header_text(std::string_view text) {
  const auto plain = [](char c) { return c == ' ' || is_visible_ascii(c); };
  constexpr std::size_t most_plain = 60;
  if (text.size() <= most_plain && std::ranges::all_of(text, plain)) return std::string{text};
  constexpr std::size_t bytes_in_a_word = 42;
  std::string words;
  while (!text.empty()) {
    std::size_t end = std::min(text.size(), bytes_in_a_word);
    const auto continues = [&] {
      return end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U;
    };
    while (end > 1 && continues())
      --end;
    if (!words.empty()) words.append(line_end).append(" ");
    words += "=?utf-8?B?" + in_base64(text.substr(0, end)) + "?=";
    text.remove_prefix(end);
  }
  return words;
}

/// RFC 5322, section 3.3: the date of HTTP with an offset in place of its "GMT".
std::string mail_date(jobs::Timestamp time) {
  std::string date = jobs::to_http_date(time);
  constexpr std::string_view gmt = "GMT";
  date.replace(date.size() - gmt.size(), gmt.size(), "+0000");
  return date;
}

}  // namespace

bool is_mail_address(std::string_view text) {
  constexpr std::size_t most_bytes = 254;
  constexpr std::string_view special = "()<>[]:;,\\\"";
  const auto at = text.find('@');
  if (text.size() > most_bytes || at == std::string_view::npos || at == 0) return false;
  const auto host = text.substr(at + 1);
  if (host.empty() || host.starts_with('.') || host.ends_with('.') ||
      host.find('@') != std::string_view::npos)
    return false;
  return std::ranges::all_of(text, [special](char c) {
    return is_visible_ascii(c) && special.find(c) == std::string_view::npos;
  });
}

std::string mail_message(const Mail& mail, std::string_view from) {
  const auto host = from.substr(std::min(from.find('@') + 1, from.size()));
  std::string message;
  const auto header = [&message](std::string_view name, std::string_view value) {
    message.append(name).append(": ").append(value).append(line_end);
  };
  header("Date", mail_date(mail.date));
  header("From", from);
  header("To", mail.to);
  header("Message-ID", "<" + mail.id + "@" + std::string{host} + ">");
  header("Subject", header_text(mail.subject));
  // So that nobody's absence notice answers (RFC 3834).
  header("Auto-Submitted", "auto-generated");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  return message.append(line_end).append(base64_lines(mail.text));
}

}  // namespace darkroom::outbound
