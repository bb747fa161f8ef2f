#include "http/delivery_view.hpp"

#include <optional>

#include "jobs/timestamp.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

using json::JsonWriter;

void write_try(JsonWriter& writer, const jobs::DeliveryTry& attempt) {
  writer.member("at", jobs::to_rfc3339(attempt.at));
  writer.member("status", attempt.status == 0 ? std::nullopt : std::optional{attempt.status});
  writer.member("error", attempt.error.empty() ? std::nullopt : std::optional{attempt.error});
  writer.member("ms", attempt.milliseconds);
}

void write_delivery(JsonWriter& writer, const jobs::Delivery& delivery) {
  const bool pending = delivery.status == jobs::DeliveryStatus::pending;
  writer.member("id", delivery.id.to_string());
  writer.member("event", delivery.event);
  writer.member("channel", delivery.channel);
  writer.member("target", delivery.target);
  writer.member("status", to_string(delivery.status));
  writer.member("created_at", jobs::to_rfc3339(delivery.created_at));
  writer.member("next_try_at",
                pending ? std::optional{jobs::to_rfc3339(delivery.due_at)} : std::nullopt);
  writer.list("tries", delivery.tries,
              [&](const jobs::DeliveryTry& attempt) { write_try(writer, attempt); });
}

}  // namespace

std::string delivery_view(const jobs::Delivery& delivery) {
  JsonWriter writer;
  write_delivery(writer, delivery);
  return writer.finish() + "\n";
}

std::string deliveries_view(std::span<const jobs::Delivery> deliveries) {
  JsonWriter writer;
  writer.list("deliveries", deliveries,
              [&](const jobs::Delivery& delivery) { write_delivery(writer, delivery); });
  return writer.finish() + "\n";
}

}  // namespace darkroom::http
