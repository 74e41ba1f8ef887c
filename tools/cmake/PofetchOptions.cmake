# Two interface targets carry every build flag: pofetch_options (how) and pofetch_warnings (how strict).
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(POFETCH_CCACHE ccache)
mark_as_advanced(POFETCH_CCACHE)
if(POFETCH_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${POFETCH_CCACHE}")
endif()

add_library(pofetch_options INTERFACE)
target_compile_features(pofetch_options INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
# Asio and Beast are compiled once, in src/async/{asio,beast}.cpp. Nothing here may change what their headers mean: a
# program that uses the library has an Asio of its own, and both are one at run time.
target_compile_definitions(pofetch_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
if(POFETCH_SANITIZE)
  target_compile_options(pofetch_options INTERFACE -fsanitize=${POFETCH_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all
                         # clang 14 cannot compile coroutines with this one ("difference across sections").
                         $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
  target_link_options(pofetch_options INTERFACE -fsanitize=${POFETCH_SANITIZE})
  if(POFETCH_SANITIZE MATCHES undefined)
    # These two take a third of the time to compile. A null pointer crashes without them, too.
    target_compile_options(pofetch_options INTERFACE -fno-sanitize=null,alignment)
  endif()
endif()
if(POFETCH_COVERAGE)
  target_compile_options(pofetch_options INTERFACE --coverage)
  target_link_options(pofetch_options INTERFACE --coverage)
endif()
if(POFETCH_BUILD_FUZZERS)
  target_compile_options(pofetch_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(pofetch_options INTERFACE -fstack-protector-strong)
  target_link_options(pofetch_options INTERFACE -Wl,-z,relro,-z,now)
  target_compile_definitions(pofetch_options INTERFACE $<$<NOT:$<BOOL:${POFETCH_SANITIZE}>>:_FORTIFY_SOURCE=2>)
endif()

add_library(pofetch_warnings INTERFACE)
target_compile_options(pofetch_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2
  $<$<BOOL:${POFETCH_WARNINGS_AS_ERRORS}>:-Werror>
  # In a unit of several files the names of one stand around the next, and what is anonymous stands in an included file.
  $<$<NOT:$<EQUAL:${POFETCH_UNITY_BATCH},1>>:$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage> -Wno-shadow>
  # GCC 12 reports these inside Boost's and the standard library's headers; TSan does not model fences.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-tsan>
  # With optimisation GCC 12 also sees overflows in inlined standard containers where there are none.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-error=array-bounds -Wno-error=stringop-overflow
    -Wno-error=stringop-overread -Wno-error=dangling-pointer -Wno-error=free-nonheap-object -Wno-error=nonnull
    # ... and takes Asio's own pair of new and delete apart when it inlines one of them.
    -Wno-mismatched-new-delete>)
