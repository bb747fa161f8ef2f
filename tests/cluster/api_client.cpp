#include "tests/cluster/api_client.hpp"

#include <stdexcept>
#include <utility>

#include <httplib.h>

namespace darkroom::cluster {
namespace {

httplib::Client connect(const std::string& host, int port, const std::string& api_key) {
  httplib::Client client{host, port};
  if (!api_key.empty()) client.set_bearer_token_auth(api_key);
  client.set_read_timeout(patience);
  client.set_write_timeout(patience);
  return client;
}

Answer answer_of(const httplib::Result& result) {
  if (!result) return {};
  return {.status = result->status,
          .body = result->body,
          .content_type = result->get_header_value("Content-Type"),
          .location = result->get_header_value("Location")};
}

}  // namespace

ApiClient ApiClient::with_key(std::string api_key) const {
  ApiClient client = *this;
  client.api_key_ = std::move(api_key);
  return client;
}

Answer ApiClient::get(const std::string& path) const {
  return answer_of(connect(host_, port_, api_key_).Get(path));
}

Answer ApiClient::remove(const std::string& path) const {
  return answer_of(connect(host_, port_, api_key_).Delete(path));
}

Answer ApiClient::post(const std::string& path, const std::string& body,
                       const std::string& content_type) const {
  return answer_of(connect(host_, port_, api_key_).Post(path, body, content_type));
}

Answer ApiClient::upload(const std::string& filename, const std::string& bytes,
                         const std::string& key) const {
  const httplib::MultipartFormDataItems form{
      {.name = "file", .content = bytes, .filename = filename, .content_type = ""}};
  httplib::Headers headers;
  if (!key.empty()) headers.emplace("Idempotency-Key", '"' + key + '"');
  return answer_of(connect(host_, port_, api_key_).Post("/v1/jobs", headers, form));
}

Answer ApiClient::upload_batch(const std::vector<std::pair<std::string, std::string>>& files,
                               const std::string& key) const {
  httplib::MultipartFormDataItems form;
  for (const auto& [filename, bytes] : files)
    form.push_back({.name = "file", .content = bytes, .filename = filename, .content_type = ""});
  httplib::Headers headers;
  if (!key.empty()) headers.emplace("Idempotency-Key", '"' + key + '"');
  return answer_of(connect(host_, port_, api_key_).Post("/v1/batches", headers, form));
}

std::string ApiClient::create_job(const std::string& filename, const std::string& bytes) const {
  const Answer answer = upload(filename, bytes);
  if (answer.status != 201) throw std::runtime_error("the upload was refused: " + answer.body);
  return parse_job_report(answer.body).id;
}

JobReport ApiClient::job(const std::string& id) const {
  const Answer answer = get("/v1/jobs/" + id);
  if (answer.status != 200) throw std::runtime_error("there is no job " + id + ": " + answer.body);
  return parse_job_report(answer.body);
}

JobReport ApiClient::wait_for_end(const std::string& id, std::chrono::milliseconds timeout) const {
  JobReport report;
  (void)eventually(
      [&] {
        report = job(id);
        return report.is_final();
      },
      timeout);
  return report;
}

std::optional<std::string> ApiClient::wait_for_worker(const std::string& id) const {
  std::optional<std::string> worker;
  (void)eventually([&] {
    const JobReport report = job(id);
    worker = report.worker();
    return worker || report.is_final();
  });
  return worker;
}

std::uint64_t ApiClient::workers() const {
  const Answer answer = get("/readyz");
  return answer.status == 0 ? 0 : number_in(answer.body, "workers");
}

}  // namespace darkroom::cluster
