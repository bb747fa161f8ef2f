# Every target of ours is made by the functions below, so that warnings, include paths and
# language level are said once.

# What runs for operators decodes hostile bytes: a mistake of ours should end the process, not hand
# it over. The presets for tests turn on the library's assertions and sanitizers instead.
function(darkroom_harden target)
  target_compile_options(${target} PRIVATE
    "$<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2;-fstack-protector-strong;-fstack-clash-protection>")
  target_compile_definitions(${target} PRIVATE $<$<CONFIG:Release>:_GLIBCXX_ASSERTIONS>)
  target_link_options(${target} PRIVATE "$<$<CONFIG:Release>:LINKER:-z,relro,-z,now,-z,noexecstack>")
endfunction()

function(darkroom_options target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
    # False alarms of GCC 12 on concatenated std::strings when it optimises (its bugs 105329, 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-array-bounds -Wno-stringop-overflow>)
  if(DARKROOM_SANITIZE)
    # As GCC's manual warns, the sanitizers' extra code makes this one guess wrong.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  endif()
  darkroom_harden(${target})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${target} PUBLIC SPDLOG_FMT_EXTERNAL)
endfunction()

# Most files need these of the standard library; reading them takes half a second of each. The release
# build reads them where they are included, and so finds a file that does not include what it needs.
set(standard_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstddef> <cstdint> <filesystem>
  <fstream> <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string>
  <string_view> <thread> <unordered_map> <utility> <vector> <tl/expected.hpp>)

# darkroom_precompile(TARGET HEADERS...): headers that take seconds to read and that most files need.
function(darkroom_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  # So that ccache sees which precompiled header was used.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# darkroom_reuse(TARGET FROM): precompiled headers of another target. GCC refuses them where the flags
# are not the same.
function(darkroom_reuse target from)
  target_precompile_headers(${target} REUSE_FROM ${from})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# darkroom_precompiled(NAME HEADERS... LIBS...): a target that is nothing but precompiled headers.
function(darkroom_precompiled name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LIBS" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp CONTENT "")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  darkroom_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
  darkroom_precompile(${name} ${ARG_HEADERS})
endfunction()

# darkroom_library(NAME SOURCES... PUBLIC libs... PRIVATE libs... PRECOMPILED headers... | REUSED target)
# OWN_FLAGS: the target has compiler flags that no precompiled header was made with.
function(darkroom_library name)
  cmake_parse_arguments(ARG "OWN_FLAGS" "REUSED" "SOURCES;PUBLIC;PRIVATE;PRECOMPILED" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  darkroom_options(${name})
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  if(ARG_PRECOMPILED)
    darkroom_precompile(${name} ${standard_headers} ${ARG_PRECOMPILED})
  elseif(ARG_REUSED)
    darkroom_reuse(${name} ${ARG_REUSED})
  elseif(TARGET darkroom_standard AND NOT ARG_OWN_FLAGS)
    darkroom_reuse(${name} darkroom_standard)
  endif()
endfunction()

# darkroom_test(NAME SOURCES... LIBS... PRECOMPILED headers...): one GoogleTest binary, each test a
# ctest entry with the folder's name as its label.
function(darkroom_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;PRECOMPILED" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  darkroom_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gmock_main)
  if(ARG_PRECOMPILED)
    darkroom_precompile(${name} ${standard_headers} <gmock/gmock.h> <gtest/gtest.h> ${ARG_PRECOMPILED})
  else()
    darkroom_reuse(${name} darkroom_test_headers)
  endif()
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  gtest_discover_tests(${name} PROPERTIES TIMEOUT 120 LABELS ${folder} DISCOVERY_TIMEOUT 60)
endfunction()
