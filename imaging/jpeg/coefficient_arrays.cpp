#include "imaging/jpeg/coefficient_arrays.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory_resource>
#include <new>
#include <vector>

#include <jpeglib.h>
//
#include <jerror.h>

#include "imaging/jpeg/jpeg_errors.hpp"

namespace darkroom::imaging {

/// One component's blocks. Throws std::bad_alloc.
struct CoefficientArrays::Array {
  Array(JDIMENSION blocks_across, JDIMENSION blocks_down, bool zeroed)
      : row_bytes(sizeof(JBLOCK) * blocks_across), height(blocks_down), zero(zeroed) {}
  ~Array() {
    if (memory != nullptr) owner->deallocate(memory, row_bytes * height, alignment);
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  void allocate() {
    rows.resize(height);
    memory = static_cast<std::byte*>(owner->allocate(row_bytes * height, alignment));
    for (std::size_t y = 0; y < rows.size(); ++y)
      rows[y] = reinterpret_cast<JBLOCKROW>(memory + y * row_bytes);
  }

  /// Rows are zeroed when they are first asked for, right before they are filled, in the cache.
  void zero_up_to(JDIMENSION end) {
    if (end <= clean) return;
    if (zero) std::memset(rows[clean], 0, row_bytes * (end - clean));
    clean = end;
  }

  static constexpr std::size_t alignment = 64;
  std::size_t row_bytes;
  JDIMENSION height;
  bool zero;
  JDIMENSION clean = 0;  ///< Rows that have been asked for.
  std::pmr::memory_resource* owner = std::pmr::get_default_resource();
  std::byte* memory = nullptr;
  std::vector<JBLOCKROW> rows;
};

/// What libjpeg calls, through pointers. C code cannot be left by an exception.
struct CoefficientArrays::Calls {
  static CoefficientArrays& of(j_common_ptr codec) {
    return *static_cast<CoefficientArrays*>(codec->client_data);
  }

  template <class Body>
  static void run(j_common_ptr codec, Body body) {
    bool enough = true;
    try {
      body();
    } catch (const std::bad_alloc&) {
      enough = false;
    }
    // Outside of the handler: what is thrown would never be freed.
    if (!enough) fail_for_memory(*codec);
  }

  static jvirt_barray_ptr request(j_common_ptr codec, int, boolean zero, JDIMENSION blocks,
                                  JDIMENSION rows, JDIMENSION) {
    auto& arrays = of(codec).arrays_;
    run(codec, [&] { arrays.emplace_back(blocks, rows, zero != FALSE); });
    return reinterpret_cast<jvirt_barray_ptr>(&arrays.back());
  }

  static void realize(j_common_ptr codec) {
    of(codec).realize_others_(codec);
    run(codec, [&] {
      for (Array& array : of(codec).arrays_) {
        if (array.memory == nullptr) array.allocate();
      }
    });
  }

  static JBLOCKARRAY access(j_common_ptr codec, jvirt_barray_ptr which, JDIMENSION first,
                            JDIMENSION count, boolean) {
    auto& array = *reinterpret_cast<Array*>(which);
    if (array.memory == nullptr || first > array.height || count > array.height - first) {
      ERREXIT(codec, JERR_BAD_VIRTUAL_ACCESS);
    }
    array.zero_up_to(first + count);
    return array.rows.data() + first;
  }
};

CoefficientArrays::CoefficientArrays() = default;
CoefficientArrays::~CoefficientArrays() = default;

void CoefficientArrays::serve(jpeg_decompress_struct& codec) {
  codec.client_data = this;
  realize_others_ = codec.mem->realize_virt_arrays;
  codec.mem->request_virt_barray = &Calls::request;
  codec.mem->realize_virt_arrays = &Calls::realize;
  codec.mem->access_virt_barray = &Calls::access;
}

void CoefficientArrays::lend_to(jpeg_compress_struct& codec) {
  codec.mem->access_virt_barray = &Calls::access;
}

}  // namespace darkroom::imaging
