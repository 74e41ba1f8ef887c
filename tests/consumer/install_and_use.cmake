# cmake -P: see CMakeLists.txt for the variables. Fails at the first step that fails.
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE state OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT state EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "${line}\nended with ${state}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# An instrumented library needs its run time in whoever links it.
set(flags "")
if(SANITIZE)
  set(flags "-fsanitize=${SANITIZE}")
endif()
if(COVERAGE)
  string(APPEND flags " --coverage")
endif()

step(${CMAKE_COMMAND} --install "${BUILD}" --config "${CONFIG}" --prefix "${WORK}/prefix")
step(${CMAKE_COMMAND} -S "${SOURCE}" -B "${WORK}/build" -G "${GENERATOR}" "-DCMAKE_BUILD_TYPE=${CONFIG}"
  "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${flags}" "-DCMAKE_PREFIX_PATH=${WORK}/prefix"
  "-DEXAMPLES=${EXAMPLES}")
step(${CMAKE_COMMAND} --build "${WORK}/build" --config "${CONFIG}")
step("${WORK}/build/consumer" "${WORK}/not-there.csv")
if(NOT output MATCHES "pofetch ${VERSION}")
  message(FATAL_ERROR "the version ${VERSION} was expected in:\n${output}")
endif()
