#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "jobs/job_id.hpp"
#include "jobs/rendition.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/field_wire.hpp"

namespace darkroom::persistence {

/// Reads what FieldWriter wrote, field by field in the same order. Fields that nobody asks for are
/// stepped over. The first thing that is wrong sets `problem`; from then on nothing is read, and
/// whoever started the reading looks at `problem` once at the end.
class FieldReader {
 public:
  /// `path` leads to this message, "6." for instance. `id` is put back into blob keys.
  FieldReader(std::string_view message, std::string path, std::string_view id,
              std::optional<std::string>& problem)
      : rest_(message), path_(std::move(path)), id_(id), problem_(&problem) {}

  template <class Value>
  void field(unsigned number, Value& value) {
    value = Value{};
    if (find(number)) take(value);
  }

  template <class Value>
  void added(unsigned number, Value& value) {
    if (find(number)) take(value);
  }

  void hash(unsigned number, std::string& text);
  void key(unsigned number, std::string& text);

  template <class Value, class Fields>
  void object(unsigned number, Value& value, const Fields& fields) {
    if (find(number)) {
      take(value, path_ + std::to_string(number) + ".", fields);
    } else {
      report(number, "missing");
    }
  }

  template <class Value, class Fields>
  void object(unsigned number, std::optional<Value>& value, const Fields& fields) {
    value.reset();
    if (find(number)) {
      take(value.emplace(), path_ + std::to_string(number) + ".", fields);
    }
  }

  template <class Value, class Fields>
  void list(unsigned number, std::vector<Value>& values, const Fields& fields) {
    values.clear();
    while (find(number)) {
      const auto index = std::to_string(values.size());
      take(values.emplace_back(), path_ + std::to_string(number) + "[" + index + "].", fields);
    }
  }

  /// To be called once all fields are read: what is left must at least have the form of fields.
  void finish();

 private:
  struct Field {
    std::uint64_t number = 0;
    WireType type = WireType::varint;
    std::uint64_t value = 0;  ///< Of varint and fixed64.
    std::string_view bytes;
  };

  /// Moves on to the field of that number; false where there is none. What was found is there for
  /// one take().
  [[nodiscard]] bool find(unsigned number);
  /// Reads the next field into field_; false at the end of the message.
  [[nodiscard]] bool next();
  [[nodiscard]] std::uint64_t read_varint();
  [[nodiscard]] std::string_view read_bytes(std::uint64_t size);

  template <class Value>
  void take(std::optional<Value>& value) {
    take(value.emplace());
  }
  template <std::unsigned_integral Value>
  void take(Value& value) {
    const auto number = varint();
    if (number > std::numeric_limits<Value>::max()) report(field_->number, "too large");
    value = static_cast<Value>(number);
    field_.reset();
  }
  template <std::signed_integral Value>
  void take(Value& value) {
    const auto number = from_zigzag(varint());
    if (number < std::numeric_limits<Value>::min() || number > std::numeric_limits<Value>::max()) {
      report(field_->number, "too large");
    }
    value = static_cast<Value>(number);
    field_.reset();
  }
  template <class Value>
  requires std::is_enum_v<Value>
  void take(Value& value) {
    const auto number = varint();
    value = static_cast<Value>(number);
    if (number > 0xFFU || to_string(value) == "unknown") report(field_->number, "of no known kind");
    field_.reset();
  }
  void take(double& value);
  void take(jobs::Timestamp& value);
  void take(jobs::Colour& value);
  void take(jobs::JobId& value);
  void take(std::string& value);

  template <class Value, class Fields>
  void take(Value& value, std::string path, const Fields& fields) {
    FieldReader reader{bytes(), std::move(path), id_, *problem_};
    field_.reset();
    fields(reader, value);
    reader.finish();
  }

  [[nodiscard]] std::uint64_t varint();
  [[nodiscard]] std::string_view bytes();
  void report(std::uint64_t number, std::string_view what);

  std::string_view rest_;
  std::string path_;
  std::string_view id_;
  std::optional<std::string>* problem_;
  std::optional<Field> field_;  ///< Read, and not taken yet.
  std::uint64_t last_ = 0;      ///< Number of the field read before.
};

}  // namespace darkroom::persistence
