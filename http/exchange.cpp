#include "http/exchange.hpp"

#include <httplib.h>

namespace darkroom::http {

Exchange& exchange_of(const httplib::Request& request) {
  return *request.progress.target<ExchangeAccess>()->exchange;
}

const RequestContext& context_of(const httplib::Request& request) {
  return exchange_of(request).context;
}

StreamedAnswer& streamed_answer_of(const httplib::Request& request) {
  return exchange_of(request).streamed;
}

}  // namespace darkroom::http
