# pofetch_builds_fast(TARGET): its files are compiled POFETCH_UNITY_BATCH at a time, since most of what a file costs is reading
# the same headers again (12 files of src/lists: 45 s one by one, 15 s in one unit). `tools/lint --alone` compiles each by
# itself, so that no file leans on its neighbours. Precompiled headers were tried and do not pay: GCC reads 100 MB for
# each file, and code of Asio gets into tests that know no Asio.
function(pofetch_builds_fast target)
  if(POFETCH_UNITY_BATCH GREATER 1)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${POFETCH_UNITY_BATCH})
  endif()
endfunction()
