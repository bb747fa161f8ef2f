#include "http/docs_page.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "http/docs_schema.hpp"
#include "http/html_text.hpp"

namespace darkroom::http {
namespace {

using rapidjson::Value;

std::string upper(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

/// For the part behind the # of an address.
std::string anchor(std::string_view name) {
  std::string result{name};
  std::ranges::replace(result, ' ', '-');
  return html_escaped(result);
}

class Page {
 public:
  explicit Page(const Value& document) : document_(document) {}

  [[nodiscard]] std::string html(std::string_view style) const {
    const auto& info = document_["info"];
    const auto title = html_escaped(text_member(info, "title"));
    return fmt::format(
               "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<title>{0} HTTP API</title>\n<style>{1}</style>\n</head>\n<body>\n"
               "<a class=\"skip\" href=\"#routes\">Skip to the routes</a>\n"
               "<header>\n<h1>{0} <small>{2}</small></h1>\n<p>{3}</p>\n"
               "<p>At <code>{4}</code>. For programs: <a href=\"openapi.json\">openapi.json</a> "
               "(OpenAPI {5}).</p>\n</header>\n",
               title, style, html_escaped(text_member(info, "version")),
               html_escaped(text_member(info, "summary")),
               html_escaped(text_member(document_["servers"][0], "url")),
               html_escaped(text_member(document_, "openapi"))) +
           contents() + "<main id=\"routes\">\n<section>\n" +
           html_of_prose(text_member(info, "description")) + "</section>\n" + groups() + schemas() +
           "</main>\n</body>\n</html>\n";
  }

 private:
  /// Calls `use(path, path_item, method, operation)` for each operation of a tag.
  template <class Use>
  void each_of(std::string_view tag, const Use& use) const {
    for (const auto& path : document_["paths"].GetObject()) {
      for (const auto& operation : path.value.GetObject()) {
        if (operation.value.IsObject() && text_of(operation.value["tags"][0]) == tag)
          use(text_of(path.name), path.value, text_of(operation.name), operation.value);
      }
    }
  }

  [[nodiscard]] std::string contents() const {
    std::string html = "<nav aria-label=\"Routes\">\n";
    for (const auto& tag : document_["tags"].GetArray()) {
      const auto name = text_member(tag, "name");
      html += fmt::format("<details{}><summary>{}</summary>\n<ul>\n",
                          name.ends_with("dialect") ? "" : " open", html_escaped(name));
      each_of(name, [&](auto path, const Value&, auto method, const Value& operation) {
        html += fmt::format("<li><a href=\"#{}\">{} <code>{}</code></a></li>\n",
                            anchor(text_member(operation, "operationId")), badge(method),
                            html_escaped(path));
      });
      html += "</ul>\n</details>\n";
    }
    return html + "<p><a href=\"#schemas\">Schemas</a></p>\n</nav>\n";
  }

  [[nodiscard]] static std::string badge(std::string_view method) {
    return fmt::format("<span class=\"method {}\">{}</span>", method, upper(method));
  }

  [[nodiscard]] std::string groups() const {
    std::string html;
    for (const auto& tag : document_["tags"].GetArray()) {
      const auto name = text_member(tag, "name");
      html += fmt::format("<section aria-labelledby=\"tag-{0}\">\n<h2 id=\"tag-{0}\">{1}</h2>\n{2}",
                          anchor(name), html_escaped(name),
                          html_of_prose(text_member(tag, "description")));
      each_of(name, [&](auto path, const Value& item, auto method, const Value& operation) {
        html += article(path, item, method, operation);
      });
      html += "</section>\n";
    }
    return html;
  }

  [[nodiscard]] std::string article(std::string_view path, const Value& item,
                                    std::string_view method, const Value& operation) const {
    const auto id = anchor(text_member(operation, "operationId"));
    std::string html = fmt::format(
        "<article aria-labelledby=\"{0}\">\n<h3 id=\"{0}\">{1} <code>{2}</code></h3>\n"
        "<p class=\"summary\">{3}. <span class=\"scope\">{4}</span></p>\n{5}\n",
        id, badge(method), html_escaped(path), html_escaped(text_member(operation, "summary")),
        html_escaped(key_needed(operation)), html_of_prose(text_member(operation, "description")));
    return html + samples(operation) + parameters(item, operation) + body(operation) +
           answers(operation) + "</article>\n";
  }

  [[nodiscard]] static std::string key_needed(const Value& operation) {
    const auto& security = operation["security"];
    if (security.Empty()) return "For everybody.";
    const auto scope = text_of(security[0].MemberBegin()->value[0]);
    const bool takes_signature = security.Size() > 2;
    return fmt::format("Key: {}{}.", scope, takes_signature ? ", or a signed address" : "");
  }

  [[nodiscard]] static std::string samples(const Value& operation) {
    if (!operation.HasMember("x-codeSamples")) return {};
    std::string html;
    for (const auto& sample : operation["x-codeSamples"].GetArray()) {
      if (const auto label = text_member(sample, "label"); !label.empty())
        html += fmt::format("<p class=\"label\">{}</p>", html_escaped(label));
      html += fmt::format("<pre tabindex=\"0\"><code>{}</code></pre>\n",
                          html_escaped(text_member(sample, "source")));
    }
    return html;
  }

  [[nodiscard]] std::string parameters(const Value& item, const Value& operation) const {
    std::string list;
    for (const Value* owner : {&item, &operation}) {
      if (!owner->HasMember("parameters")) continue;
      for (const auto& reference : (*owner)["parameters"].GetArray()) {
        const auto& parameter = resolved(document_, reference);
        list += fmt::format("<dt><code>{}</code> <span class=\"type\">{}; {}</span></dt><dd>{}",
                            html_escaped(text_member(parameter, "name")),
                            html_escaped(text_member(parameter, "in")),
                            html_of_type(parameter["schema"]),
                            html_of_prose(text_member(parameter, "description")));
        if (parameter["schema"].HasMember("examples")) {
          list += fmt::format("<p>Such as <code>{}</code></p>",
                              html_escaped(text_of(parameter["schema"]["examples"][0])));
        }
        list += "</dd>\n";
      }
    }
    if (list.empty()) return {};
    return "<h4>Parameters</h4>\n<dl>" + list + "</dl>\n";
  }

  [[nodiscard]] static std::string body(const Value& operation) {
    if (!operation.HasMember("requestBody")) return {};
    const auto& wanted = operation["requestBody"];
    std::string html = "<h4>Body</h4>\n" + html_of_prose(text_member(wanted, "description"));
    return html + content(wanted) + "\n";
  }

  [[nodiscard]] static std::string content(const Value& holder) {
    if (!holder.HasMember("content")) return {};
    std::string html = "<p class=\"content\">";
    for (const auto& type : holder["content"].GetObject()) {
      html += fmt::format("<code>{}</code> {} ", html_escaped(text_of(type.name)),
                          html_of_type(type.value["schema"]));
    }
    return html + "</p>";
  }

  [[nodiscard]] std::string answers(const Value& operation) const {
    std::string html = "<h4>Answers</h4>\n<dl class=\"answers\">";
    for (const auto& member : operation["responses"].GetObject()) {
      const auto& response = resolved(document_, member.value);
      const auto status = text_of(member.name);
      html += fmt::format("<dt><code>{}</code></dt><dd>{}{}{}</dd>\n",
                          status == "default" ? "others" : status,
                          html_of_prose(text_member(response, "description")), content(response),
                          headers(response));
    }
    return html + "</dl>\n";
  }

  [[nodiscard]] static std::string headers(const Value& response) {
    if (!response.HasMember("headers")) return {};
    std::string names;
    for (const auto& header : response["headers"].GetObject()) {
      names += fmt::format("{}<code>{}</code>", names.empty() ? "" : ", ",
                           html_escaped(text_of(header.name)));
    }
    return "<p class=\"headers\">Headers: " + names + "</p>";
  }

  [[nodiscard]] std::string schemas() const {
    std::string html =
        "<section aria-labelledby=\"schemas\">\n<h2 id=\"schemas\">Schemas</h2>\n"
        "<p>What is sent and answered as JSON.</p>\n";
    for (const auto& member : document_["components"]["schemas"].GetObject()) {
      const auto name = html_escaped(text_of(member.name));
      const auto& schema = member.value;
      const auto members = html_of_members(schema);
      html +=
          fmt::format("<article aria-labelledby=\"schema-{0}\"><h3 id=\"schema-{0}\">{0}</h3>{1}",
                      name, html_of_prose(text_member(schema, "description")));
      html += members.empty() ? "<p>" + html_of_type(schema) + "</p>" : members;
      if (schema.HasMember("examples")) html += example(schema["examples"][0]);
      html += "</article>\n";
    }
    return html + "</section>\n";
  }

  [[nodiscard]] static std::string example(const Value& value) {
    const auto text = value.IsString() ? html_escaped(text_of(value)) : html_of_json(value);
    return fmt::format(
        "<details><summary>Example</summary><pre tabindex=\"0\"><code>{}</code></pre></details>",
        text);
  }

  const Value& document_;
};

}  // namespace

std::string docs_page(std::string_view openapi, std::string_view style) {
  rapidjson::Document document;
  document.Parse(openapi.data(), openapi.size());
  return Page{document}.html(style);
}

}  // namespace darkroom::http
