#pragma once

#include <span>
#include <string>

#include "jobs/delivery.hpp"

namespace darkroom::http {

/// A message about the end of a job or a batch, as its owner sees it: JSON that ends its line.
[[nodiscard]] std::string delivery_view(const jobs::Delivery& delivery);

/// The same of several: {"deliveries":[...]}
[[nodiscard]] std::string deliveries_view(std::span<const jobs::Delivery> deliveries);

}  // namespace darkroom::http
