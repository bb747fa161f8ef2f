# darkroom_embed(TARGET FILES...): compiles the texts of these files, named relative to the current
# folder, into the target, where http/embedded_texts.hpp has them.
function(darkroom_embed target)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_texts.cmake)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_texts.cpp)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  # The list of names itself is a reason to write the file anew.
  set(names ${CMAKE_CURRENT_BINARY_DIR}/embedded_names.txt)
  list(JOIN ARGN "\n" lines)
  file(CONFIGURE OUTPUT ${names} CONTENT "${lines}\n" @ONLY)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${CMAKE_CURRENT_SOURCE_DIR} -D NAMES=${names}
      -D OUTPUT=${output} -P ${script}
    DEPENDS ${script} ${names} ${paths}
    COMMENT "Writing the texts of ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
