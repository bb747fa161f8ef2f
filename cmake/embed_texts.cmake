# Run by darkroom_embed(): writes OUTPUT, C++ that holds the files in FOLDER whose names are the
# lines of NAMES.
cmake_minimum_required(VERSION 3.25)

file(STRINGS ${NAMES} names)
list(LENGTH names count)
set(code "#include \"http/embedded_texts.hpp\"\n\n#include <array>\n\nnamespace darkroom::http {\nnamespace {\n\n")
string(APPEND code "constexpr std::array<EmbeddedText, ${count}> texts{{\n")
foreach(name IN LISTS names)
  file(READ ${FOLDER}/${name} text)
  if(text MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${name} has what ends a text: )embedded\"")
  endif()
  string(APPEND code "{\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
string(APPEND code "}};\n\n}  // namespace\n\nstd::span<const EmbeddedText> embedded_texts() {\n  return texts;\n}\n\n}  // namespace darkroom::http\n")
file(WRITE ${OUTPUT} "${code}")
