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

# darkroom_precompile(TARGET HEADERS...): headers that take seconds to read and that most files need.
function(darkroom_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  # So that ccache sees which precompiled header was used.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# darkroom_library(NAME SOURCES... PUBLIC libs... PRIVATE libs...)
function(darkroom_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  darkroom_options(${name})
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# darkroom_test(NAME SOURCES... LIBS...): one GoogleTest binary, each test a ctest entry with the
# folder's name as its label.
function(darkroom_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  darkroom_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gmock_main)
  darkroom_precompile(${name} <gmock/gmock.h> <gtest/gtest.h>)
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  gtest_discover_tests(${name} PROPERTIES TIMEOUT 120 LABELS ${folder} DISCOVERY_TIMEOUT 60)
endfunction()
