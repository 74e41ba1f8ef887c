# pofetch_unity(TARGET [SOURCES THAT STAND ALONE ...]): with POFETCH_UNITY the files of a target are compiled some at a
# time, since most of what a file costs is reading the same headers again. `tools/lint alone` compiles each by itself.
option(POFETCH_UNITY "Compile several files at a time: a clean build takes a third, a small change takes longer" ON)
set(POFETCH_UNITY_BATCH 12 CACHE STRING "How many files at a time; more need more memory and keep fewer cores busy")
mark_as_advanced(POFETCH_UNITY_BATCH)

function(pofetch_unity target)
  if(NOT POFETCH_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${POFETCH_UNITY_BATCH})
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
