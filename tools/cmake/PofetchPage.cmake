# pofetch_page(TARGET file ...): the files of the page, in this source folder's page/, become one source of the target:
# each as it is, and gzipped, with a mark of what is in it. Run as a script, it writes that source.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(pofetch_page target)
    find_program(POFETCH_GZIP gzip REQUIRED)
    set(made ${CMAKE_CURRENT_BINARY_DIR}/page_assets.cpp)
    set(folder ${CMAKE_CURRENT_SOURCE_DIR}/page)
    list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE files)
    set(script ${PROJECT_SOURCE_DIR}/tools/cmake/PofetchPage.cmake)
    add_custom_command(OUTPUT ${made}
      COMMAND ${CMAKE_COMMAND} -DGZIP=${POFETCH_GZIP} -DFOLDER=${folder} "-DFILES=${ARGN}" -DMADE=${made} -P ${script}
      DEPENDS ${files} ${script} VERBATIM)
    target_sources(${target} PRIVATE ${made})
    set_source_files_properties(${made} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endfunction()
  return()
endif()

cmake_minimum_required(VERSION 3.25)
set(most 61440)  # bytes, gzipped, of all together
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")

function(read_literal file into)
  file(READ ${file} digits HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${digits}")
  file(SIZE ${file} size)
  set(${into} "{\"${escaped}\", ${size}}" PARENT_SCOPE)
endfunction()

set(rows "")
set(count 0)
set(total 0)
foreach(name IN LISTS FILES)
  set(packed ${MADE}.${name}.gz)
  execute_process(COMMAND ${GZIP} -9 -n -c ${FOLDER}/${name} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${packed} size)
  math(EXPR total "${total} + ${size}")
  math(EXPR count "${count} + 1")
  file(SHA256 ${FOLDER}/${name} mark)
  string(SUBSTRING ${mark} 0 32 mark)
  cmake_path(GET name EXTENSION LAST_ONLY extension)
  string(SUBSTRING ${extension} 1 -1 extension)
  read_literal(${FOLDER}/${name} plain)
  read_literal(${packed} gzipped)
  file(REMOVE ${packed})
  string(APPEND rows "    {\"${name}\", \"${type_${extension}}\", \"${mark}\",\n     ${plain},\n     ${gzipped}},\n")
endforeach()
if(total GREATER most)
  message(FATAL_ERROR "the page has ${total} bytes gzipped, at most ${most}")
endif()
file(WRITE ${MADE} "#include \"service/page/page_assets.hpp\"

#include <array>

namespace pofetch::service {
namespace {
constexpr std::array<page_asset, ${count}> all_page_assets{{
${rows}}};
}  // namespace
std::span<const page_asset> page_assets() noexcept { return all_page_assets; }
}  // namespace pofetch::service
")
