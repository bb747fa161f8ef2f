#pragma once

#include <exception>

#include "http/message_body.hpp"

namespace darkroom::http {

/// Thrown by the stream under the HTTP library when a body cannot be read, and caught by the route
/// that reads it. The library would make "false" of every cause; only an exception gets the cause
/// through it.
class BodyFailure : public std::exception {
 public:
  explicit BodyFailure(BodyError error) : error_(error) {}

  [[nodiscard]] BodyError error() const { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return "a body cannot be read"; }

 private:
  BodyError error_;
};

}  // namespace darkroom::http
