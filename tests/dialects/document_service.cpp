#include "tests/dialects/document_service.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include <rapidjson/document.h>

#include "tests/cluster/pictures.hpp"

namespace darkroom::dialects {
namespace {

// Commands stay as they are printed; this is what makes their answers readable for a test.
constexpr auto curl_settings =
    "silent\n"
    "show-error\n"
    "max-time = 60\n"
    "write-out = \"\\n%{http_code}\"\n";

std::string output_of(const std::string& command) {
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error{"there is no shell"};
  std::string output;
  std::array<char, 4'096> piece{};
  while (const auto count = std::fread(piece.data(), 1, piece.size(), pipe))
    output.append(piece.data(), count);
  ::pclose(pipe);
  return output;
}

}  // namespace

std::vector<std::string> CurlAnswer::members() const {
  rapidjson::Document document;
  document.Parse(body.c_str());
  std::vector<std::string> names;
  if (!document.IsObject()) return names;
  for (const auto& member : document.GetObject())
    names.emplace_back(member.name.GetString());
  return names;
}

std::string CurlAnswer::text(const std::string& path) const {
  rapidjson::Document document;
  document.Parse(body.c_str());
  const rapidjson::Value* value = &document;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('.', at), path.size());
    const std::string name = path.substr(at, end - at);
    if (!value->IsObject() || !value->HasMember(name.c_str())) return {};
    value = &(*value)[name.c_str()];
    at = end + 1;
  }
  if (value->IsNull()) return "null";
  return value->IsString() ? value->GetString() : "";
}

DocumentService::DocumentService(std::string documented)
    : documented_(std::move(documented)), service_(folder_.path() / "data") {
  std::filesystem::create_directory(folder_.path() / "client");
  write(".curlrc", curl_settings);
}

void DocumentService::write(const std::string& name, const std::string& content) const {
  std::ofstream{folder_.path() / "client" / name, std::ios::binary} << content;
}

std::string DocumentService::read(const std::string& name) const {
  return tests::content_of(folder_.path() / "client" / name);
}

CurlAnswer DocumentService::run(std::string commands) const {
  write("commands", with(std::move(commands), documented_, address()));
  const std::string folder = (folder_.path() / "client").string();
  const std::string output =
      output_of("cd '" + folder + "' && CURL_HOME='" + folder + "' bash ./commands 2>&1");
  const auto end = output.rfind('\n');
  const std::string status = output.substr(end == std::string::npos ? 0 : end + 1);
  if (status.size() != 3 || status.find_first_not_of("0123456789") != std::string::npos) {
    return {0, output};
  }
  return {std::stoi(status), output.substr(0, end)};
}

CurlAnswer DocumentService::get(const std::string& address_or_path) const {
  const bool path = address_or_path.starts_with('/');
  return run("curl '" + (path ? address() : "") + address_or_path + "'");
}

std::string DocumentService::address() const {
  return "http://127.0.0.1:" + std::to_string(service_.port());
}

std::string with(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string good_jpeg() {
  return cluster::jpeg_of(cluster::quadrants(800, 600));
}

std::string corrupt_png() {
  return cluster::png_claiming(400, 300);
}

}  // namespace darkroom::dialects
