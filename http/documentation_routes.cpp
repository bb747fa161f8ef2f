#include "http/documentation_routes.hpp"

#include <algorithm>
#include <cctype>
#include <span>

#include <fmt/format.h>
#include <httplib.h>

#include "http/docs_page.hpp"
#include "http/embedded_texts.hpp"
#include "http/openapi_document.hpp"
#include "http/preconditions.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "persistence/content_digest.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view style_name = "openapi/page.css";
constexpr std::size_t etag_digits = 32;
/// A new version of the program is seen after a minute at the latest.
constexpr const char* kept_by_client = "public, max-age=60";

std::string sha256_of(std::string_view text) {
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{text}));
  return hash.finish();
}

std::string_view style_sheet() {
  const auto texts = embedded_texts();
  const auto style = std::ranges::find(texts, style_name, &EmbeddedText::name);
  return style == texts.end() ? std::string_view{} : style->text;
}

/// Nothing from anywhere but this one style sheet.
std::string policy_for(std::string_view style) {
  // "sha-256=:BASE64:"
  const std::string digest = persistence::content_digest(sha256_of(style));
  const auto begin = digest.find(':') + 1;
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'",
      digest.substr(begin, digest.size() - begin - 1));
}

/// The address as it may stand in JSON, in HTML and between the quotes of a shell.
std::string address_for(const httplib::Request& request) {
  constexpr std::string_view others = "-._~:/[]";
  const std::string& address = context_of(request).base_url;
  const bool plain = std::ranges::all_of(address, [&](unsigned char c) {
    return std::isalnum(c) != 0 || others.find(static_cast<char>(c)) != std::string_view::npos;
  });
  // Who does not say what the service is called knows it better than we do.
  return plain && !address.empty() ? address : "http://localhost";
}

std::string with_address(std::string_view text, std::string_view address) {
  std::string result;
  for (auto at = text.find(base_url_mark); at != std::string_view::npos;
       at = text.find(base_url_mark)) {
    result.append(text.substr(0, at)).append(address);
    text.remove_prefix(at + base_url_mark.size());
  }
  return result.append(text);
}

}  // namespace

void DocumentationRoutes::add_to(Router& router) const {
  router.add(
      "GET", "/openapi.json", Scope::open,
      [this](const httplib::Request& request, httplib::Response& response, const std::string&) {
        answer(request, response, texts().openapi, "application/json");
      });
  router.add(
      "GET", "/docs", Scope::open,
      [this](const httplib::Request& request, httplib::Response& response, const std::string&) {
        if (answer(request, response, texts().page, "text/html; charset=utf-8"))
          response.set_header("Content-Security-Policy", texts().page_policy);
      });
}

const DocumentationRoutes::Texts& DocumentationRoutes::texts() const {
  std::call_once(once_, [this] {
    const auto style = style_sheet();
    texts_.openapi = openapi_document(dialects_, version_);
    texts_.page = docs_page(texts_.openapi, style);
    texts_.page_policy = policy_for(style);
  });
  return texts_;
}

bool DocumentationRoutes::answer(const httplib::Request& request, httplib::Response& response,
                                 const std::string& text, const char* media_type) const {
  const std::string content = with_address(text, address_for(request));
  const Validators current{fmt::format("\"{}\"", sha256_of(content).substr(0, etag_digits)),
                           made_at_};
  const Precondition precondition = evaluate_preconditions(request, current);
  if (precondition == Precondition::failed) {
    answer_problem(response, {ProblemCode::precondition_failed,
                              "What is here is not what the request asks for; get it without a "
                              "condition to see what there is."});
    return false;
  }
  response.set_header("ETag", current.etag);
  response.set_header("Last-Modified", jobs::to_http_date(made_at_));
  response.set_header("Accept-Ranges", "none");  // Else the library says otherwise to HEAD.
  response.set_header("Cache-Control", kept_by_client);
  response.set_header("X-Content-Type-Options", "nosniff");
  if (precondition == Precondition::not_modified) {
    response.status = 304;
    return true;
  }
  response.status = 200;
  response.set_content(content, media_type);
  return true;
}

}  // namespace darkroom::http
