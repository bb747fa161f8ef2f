#include "http/streamed_answer.hpp"

#include <string>

#include <fmt/format.h>
#include <httplib.h>

#include "jobs/timestamp.hpp"

namespace darkroom::http {

bool StreamedAnswer::begin(const httplib::Response& response) {
  begun_ = true;
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (const auto& [name, value] : response.headers)
    head += fmt::format("{}: {}\r\n", name, value);
  head +=
      fmt::format("Date: {}\r\nConnection: close\r\n\r\n", jobs::to_http_date(jobs::system_now()));
  return send(head) && !to_head_;
}

void StreamedAnswer::renew_deadline() {
  socket_.set_deadline(std::chrono::steady_clock::now() + patience_);
}

bool StreamedAnswer::send(std::string_view bytes) {
  if (failed_) return false;
  // The request as a whole has no end in sight; each piece of the answer has.
  renew_deadline();
  failed_ = !socket_.write(bytes);
  return !failed_;
}

}  // namespace darkroom::http
