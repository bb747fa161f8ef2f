#include "persistence/packed_batch.hpp"

#include "persistence/packed_record.hpp"

namespace darkroom::persistence {
namespace {

// As in packed_job.cpp.
constexpr auto batch_fields = [](auto& io, auto& batch) {
  io.field(1, batch.tenant);
  io.field(2, batch.created_at);
  io.field(3, batch.expires_at);
  io.field(4, batch.completed_at);
  io.field(5, batch.total);
  io.field(6, batch.metadata);
  io.field(7, batch.callback_url);
};

}  // namespace

std::string pack_batch(const jobs::Batch& batch) {
  return pack_record(batch, batch_fields);
}

tl::expected<jobs::Batch, std::string> unpack_batch(std::string_view record) {
  return unpack_record<jobs::Batch>(record, batch_fields);
}

}  // namespace darkroom::persistence
