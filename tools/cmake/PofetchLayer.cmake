# pofetch_layer(NAME SOURCES a.cpp ... LINKS lower ... [EXTERNAL libs ...])
# One floor of the house: an object library that may link only the floors below it, so that the build
# itself holds the rule.
function(pofetch_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;EXTERNAL" ${ARGN})
  add_library(pofetch_${name} OBJECT ${ARG_SOURCES})
  target_include_directories(pofetch_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>)
  list(TRANSFORM ARG_LINKS PREPEND pofetch_)
  target_link_libraries(pofetch_${name} PUBLIC pofetch_options ${ARG_LINKS} ${ARG_EXTERNAL}
    PRIVATE $<BUILD_INTERFACE:pofetch_warnings>)
  set_target_properties(pofetch_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY POFETCH_LAYERS pofetch_${name})
endfunction()

# pofetch_test(NAME SOURCES ... LINKS layers ... [EXTERNAL libs] [LABELS ...] [TIMEOUT s]): one doctest executable.
# LINKS names every layer whose objects it needs: a test of a lower floor cannot reach a higher one.
function(pofetch_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;EXTERNAL;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES} ${PROJECT_SOURCE_DIR}/tests/support/doctest_main.cpp)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  list(TRANSFORM ARG_LINKS PREPEND pofetch_)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} ${ARG_EXTERNAL} doctest::doctest pofetch_warnings)
  # Coverage is counted for the floors of rules and adapters, by the tests that link nothing else and those that say so.
  set(other_floors ${ARG_LINKS} ${ARG_EXTERNAL})
  list(REMOVE_ITEM other_floors pofetch_core pofetch_async pofetch_http pofetch_storage pofetch_ledger test_support
    coupa_sim_certificates ${CMAKE_DL_LIBS})
  if(NOT other_floors AND NOT name STREQUAL "unit_async")
    list(APPEND ARG_LABELS coverage)
  endif()
  if("coverage" IN_LIST ARG_LABELS)
    add_dependencies(coverage_tests ${name})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT "unit" IN_LIST ARG_LABELS)
    add_dependencies(program_tests ${name})
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
