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
  pofetch_builds_fast(pofetch_${name})
  set_property(GLOBAL APPEND PROPERTY POFETCH_LAYERS pofetch_${name})
endfunction()

# One doctest executable. SOURCES or SUPPORT are its files. LINKS names every layer whose objects it needs: a test of a
# lower floor cannot reach a higher one. OWN_MAIN: doctest's is among its files.
function(pofetch_test_executable name)
  cmake_parse_arguments(ARG "OWN_MAIN" "" "SOURCES;LINKS;EXTERNAL" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  if("async" IN_LIST ARG_LINKS)
    list(APPEND ARG_LINKS asio)
  endif()
  list(TRANSFORM ARG_LINKS PREPEND pofetch_)
  pofetch_builds_fast(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} ${ARG_EXTERNAL}
    $<IF:$<BOOL:${ARG_OWN_MAIN}>,doctest::doctest,doctest_main> pofetch_options pofetch_warnings)
endfunction()

# What both ways to register a test share.
function(pofetch_register_test name program)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;COMMAND" ${ARGN})
  if("coverage" IN_LIST ARG_LABELS)
    add_dependencies(coverage_tests ${program})
  endif()
  if(NOT "unit" IN_LIST ARG_LABELS AND NOT "integration" IN_LIST ARG_LABELS)
    add_dependencies(program_tests ${program})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  add_test(NAME ${name} COMMAND ${program} ${ARG_COMMAND})
  # doctest finds nothing wrong with a run that tests nothing.
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    FAIL_REGULAR_EXPRESSION "test cases: +0 ")
endfunction()

# pofetch_test(NAME SOURCES ... LINKS layers ... [EXTERNAL libs] [LABELS ...] [TIMEOUT s]): a program that is one test.
function(pofetch_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;EXTERNAL;LABELS" ${ARGN})
  pofetch_test_executable(${name} SOURCES ${ARG_SOURCES} LINKS ${ARG_LINKS} EXTERNAL ${ARG_EXTERNAL})
  # Coverage is counted for the floors of rules and adapters, by the tests that link nothing else and those that say so.
  set(other_floors ${ARG_LINKS} ${ARG_EXTERNAL})
  list(REMOVE_ITEM other_floors core async os http storage ledger test_support test_process coupa_sim_certificates
    ${CMAKE_DL_LIBS})
  if(NOT other_floors AND NOT name STREQUAL "unit_async")
    list(APPEND ARG_LABELS coverage)
  endif()
  pofetch_register_test(${name} ${name} LABELS ${ARG_LABELS} TIMEOUT ${ARG_TIMEOUT})
endfunction()

# pofetch_test_program(NAME SUPPORT files ... LINKS ... EXTERNAL ...): a program for several tests, each of them some of
# its files; pofetch_test_part(PROGRAM NAME FILES ... [LABELS ...] [TIMEOUT s]) adds one.
function(pofetch_test_program name)
  cmake_parse_arguments(ARG "" "" "SUPPORT;LINKS;EXTERNAL" ${ARGN})
  pofetch_test_executable(${name} SOURCES ${ARG_SUPPORT} LINKS ${ARG_LINKS} EXTERNAL ${ARG_EXTERNAL})
endfunction()

function(pofetch_test_part program name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "FILES;LABELS" ${ARGN})
  target_sources(${program} PRIVATE ${ARG_FILES})
  list(TRANSFORM ARG_FILES PREPEND "*/")
  list(JOIN ARG_FILES "," files)
  pofetch_register_test(${name} ${program} COMMAND "--source-file=${files}" LABELS ${ARG_LABELS} TIMEOUT ${ARG_TIMEOUT})
endfunction()
