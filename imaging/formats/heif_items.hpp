#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "imaging/formats/iso_boxes.hpp"

namespace darkroom::imaging {

/// The items that a HEIF file's meta box lists (ISO/IEC 23008-12, and 14496-12 section 8.11). Looks
/// them up in the file each time and keeps nothing, so that a hostile list costs no memory.
class HeifItems {
 public:
  using Id = std::uint32_t;

  /// None where the file has no meta box, or one that names no primary item.
  [[nodiscard]] static std::optional<HeifItems> of(std::span<const std::byte> file);

  [[nodiscard]] Id primary() const { return primary_; }

  /// Four letters such as "hvc1"; empty for an item that is not listed.
  [[nodiscard]] std::string_view type(Id item) const;

  /// The items that are listed with this type, in ascending order; none where there are more than
  /// `most`.
  [[nodiscard]] std::optional<std::vector<Id>> all_of_type(std::string_view type,
                                                           std::size_t most) const;

  /// The body of the box iloc, and that of idat; empty where there is none.
  [[nodiscard]] std::span<const std::byte> locations() const { return locations_; }
  [[nodiscard]] std::span<const std::byte> inner_data() const { return inner_data_; }

  /// Calls `visit` with each property of an item, in the order in which they are to be applied; at
  /// most 64.
  void visit_properties(Id item, const std::function<void(const IsoBox&)>& visit) const;

  /// All properties of all items, each once.
  [[nodiscard]] IsoBoxes all_properties() const { return IsoBoxes(properties_); }

  /// The first item that `item` refers to in this way, as a grid to its tiles ("dimg").
  [[nodiscard]] std::optional<Id> referred_by(Id item, std::string_view reference) const;

  /// Calls `visit` with each item that refers to `item` in this way, as alpha to a picture
  /// ("auxl").
  void visit_referring(Id item, std::string_view reference,
                       const std::function<void(Id)>& visit) const;

 private:
  HeifItems() = default;

  /// Calls `visit` with each item and its type, until it answers false.
  void visit_types(const std::function<bool(Id, std::string_view)>& visit) const;
  void visit_references(std::string_view reference,
                        const std::function<void(Id from, Id to)>& visit) const;
  [[nodiscard]] std::optional<IsoBox> property(std::uint32_t index) const;

  Id primary_ = 0;
  std::span<const std::byte> infos_;         // iinf
  std::span<const std::byte> locations_;     // iloc
  std::span<const std::byte> inner_data_;    // idat
  std::span<const std::byte> references_;    // iref
  std::span<const std::byte> properties_;    // ipco
  std::span<const std::byte> associations_;  // iprp, which holds the boxes ipma
};

}  // namespace darkroom::imaging
