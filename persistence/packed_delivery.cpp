#include "persistence/packed_delivery.hpp"

#include "persistence/packed_record.hpp"

namespace darkroom::persistence {
namespace {

// As in packed_job.cpp.
constexpr auto try_fields = [](auto& io, auto& one) {
  io.field(1, one.at);
  io.field(2, one.status);
  io.field(3, one.error);
  io.field(4, one.milliseconds);
};

constexpr auto delivery_fields = [](auto& io, auto& delivery) {
  io.field(1, delivery.subject);
  io.field(2, delivery.tenant);
  io.field(3, delivery.event);
  io.field(4, delivery.channel);
  io.field(5, delivery.target);
  io.field(6, delivery.body);
  io.field(7, delivery.status);
  io.field(8, delivery.created_at);
  io.field(9, delivery.due_at);
  io.field(10, delivery.expires_at);
  io.list(11, delivery.tries, try_fields);
  io.field(12, delivery.forgiven_tries);
};

}  // namespace

std::string pack_delivery(const jobs::Delivery& delivery) {
  return pack_record(delivery, delivery_fields);
}

tl::expected<jobs::Delivery, std::string> unpack_delivery(std::string_view record) {
  return unpack_record<jobs::Delivery>(record, delivery_fields);
}

}  // namespace darkroom::persistence
