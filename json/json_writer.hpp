#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom::json {

/// Writes one JSON object on one line, member by member. Text may be any bytes: what is not UTF-8
/// is repaired, because JSON cannot hold it. The caller sees to it that no name comes twice.
class JsonWriter {
 public:
  JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;
  JsonWriter(JsonWriter&&) = delete;
  JsonWriter& operator=(JsonWriter&&) = delete;
  ~JsonWriter();

  void member(std::string_view name, std::string_view value);
  void member(std::string_view name, const char* value) { member(name, std::string_view{value}); }
  void member(std::string_view name, bool value);
  void member(std::string_view name, std::nullptr_t);
  /// A finite number, with as many digits as it takes to read the same one back.
  void member(std::string_view name, double value);

  template <std::unsigned_integral Number>
  void member(std::string_view name, Number value) {
    unsigned_member(name, value);
  }
  template <std::signed_integral Number>
  void member(std::string_view name, Number value) {
    signed_member(name, value);
  }
  /// null for none.
  template <class Value>
  void member(std::string_view name, const std::optional<Value>& value) {
    if (value) {
      member(name, *value);
    } else {
      member(name, nullptr);
    }
  }

  /// A member whose value is JSON already. To be called with what was checked to be one value of
  /// JSON: nothing is checked here.
  void raw_member(std::string_view name, std::string_view json);

  /// A member that is a list of texts.
  void texts(std::string_view name, std::initializer_list<std::string_view> values);

  /// A member that is an object: `write_members()` writes what is in it.
  template <class Members>
  void object(std::string_view name, const Members& write_members) {
    begin_object(name);
    write_members();
    end_object();
  }

  /// A member that is a list of objects: `write_members(item)` writes what is in each.
  template <class Items, class Members>
  void list(std::string_view name, const Items& items, const Members& write_members) {
    begin_list(name);
    for (const auto& item : items) {
      begin_item();
      write_members(item);
      end_object();
    }
    end_list();
  }

  /// Ends the object and hands it out, without a line break. To be called once, last.
  [[nodiscard]] std::string finish();

 private:
  void unsigned_member(std::string_view name, std::uint64_t value);
  void signed_member(std::string_view name, std::int64_t value);
  void begin_object(std::string_view name);
  void end_object();
  void begin_list(std::string_view name);
  void begin_item();
  void end_list();

  struct Output;
  std::unique_ptr<Output> output_;
};

}  // namespace darkroom::json
