#include "http/html_text.hpp"

#include <algorithm>

namespace darkroom::http {
namespace {

constexpr std::string_view bullet = "- ";

/// `code` within a line; a backtick without a second one is text.
std::string html_of_line(std::string_view line) {
  std::string html;
  while (!line.empty()) {
    const auto open = line.find('`');
    const auto close = open == std::string_view::npos ? open : line.find('`', open + 1);
    if (close == std::string_view::npos) return html + html_escaped(line);
    html += html_escaped(line.substr(0, open));
    html += "<code>" + html_escaped(line.substr(open + 1, close - open - 1)) + "</code>";
    line.remove_prefix(close + 1);
  }
  return html;
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string html_of_prose(std::string_view prose) {
  std::string html;
  bool in_list = false;
  while (!prose.empty()) {
    const auto end = std::min(prose.find('\n'), prose.size());
    const auto line = prose.substr(0, end);
    prose.remove_prefix(std::min(end + 1, prose.size()));
    const bool item = line.starts_with(bullet);
    if (item != in_list) html += item ? "<ul>" : "</ul>";
    in_list = item;
    if (item) {
      html += "<li>" + html_of_line(line.substr(bullet.size())) + "</li>";
    } else if (!line.empty()) {
      html += "<p>" + html_of_line(line) + "</p>";
    }
  }
  return in_list ? html + "</ul>" : html;
}

}  // namespace darkroom::http
