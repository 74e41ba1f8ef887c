# What comes with the program when it is installed, and the packages that CPack makes of it: pofetch_VERSION_ARCH.deb and
# pofetch-VERSION-Linux-ARCH.tar.gz (tools/package builds and tries them). Both hold the program alone; whoever builds
# on the library installs it from source or with Conan. Components: `program` is in both, `debian` in the first only,
# `elsewhere` in the second and in what `cmake --install` gives.
set(share_dir "${PROJECT_BINARY_DIR}/share")
# Debian's tools want an address here. This one says that there is none: the place to write to is the repository.
set(maintainer "The pofetch authors <authors@pofetch.invalid>")

# The program writes its own manual page and completions, so they cannot tell another story than its help.
function(pofetch_writes name)
  add_custom_command(OUTPUT "${share_dir}/${name}" COMMAND ${CMAKE_COMMAND} -E make_directory "${share_dir}"
    COMMAND pofetch_program ${ARGN} > "${share_dir}/${name}" DEPENDS pofetch_program VERBATIM)
  set_property(GLOBAL APPEND PROPERTY POFETCH_WRITTEN "${share_dir}/${name}")
endfunction()

# Compressed, as Debian wants its manual pages and changelogs; no time in it, so that packages can be compared.
function(pofetch_compresses from name)
  add_custom_command(OUTPUT "${share_dir}/${name}" COMMAND ${POFETCH_GZIP} -9nc "${from}" > "${share_dir}/${name}"
    DEPENDS "${from}" "${share_dir}/pofetch.1" VERBATIM)
  set_property(GLOBAL APPEND PROPERTY POFETCH_WRITTEN "${share_dir}/${name}")
endfunction()

find_program(POFETCH_GZIP gzip REQUIRED)

if(POFETCH_BUILD_PROGRAM AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CROSSCOMPILING)
  pofetch_writes(pofetch.1 --manual)
  pofetch_compresses("${share_dir}/pofetch.1" pofetch.1.gz)
  pofetch_writes(pofetch-serve.1 --manual serve)
  pofetch_compresses("${share_dir}/pofetch-serve.1" pofetch-serve.1.gz)
  # Debian's tools read this form; what is new stands in the project's own file.
  string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH, if there is one
  file(CONFIGURE OUTPUT "${share_dir}/changelog" @ONLY CONTENT "pofetch (@PROJECT_VERSION@) stable; urgency=medium

  * See CHANGELOG.md beside this file.

 -- @maintainer@  @now@
")
  pofetch_compresses("${share_dir}/changelog" changelog.gz)
  foreach(shell bash zsh fish)
    pofetch_writes(pofetch.${shell} --completion ${shell})
  endforeach()
  get_property(written GLOBAL PROPERTY POFETCH_WRITTEN)
  add_custom_target(pofetch_share ALL DEPENDS ${written})
  if(TARGET program_tests)  # one of them installs everything
    add_dependencies(program_tests pofetch_share)
  endif()

  install(FILES "${share_dir}/pofetch.1.gz" "${share_dir}/pofetch-serve.1.gz" DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  install(FILES "${share_dir}/pofetch.bash" RENAME pofetch
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
  install(FILES "${share_dir}/pofetch.fish"
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
  set(units "${PROJECT_SOURCE_DIR}/tools/packaging")
  install(FILES "${units}/pofetch@.service" "${units}/pofetch@.timer" "${units}/pofetch-serve.service"
    "${units}/pofetch-serve.socket" DESTINATION lib/systemd/system COMPONENT program)
  install(FILES "${units}/pofetch.sysusers" RENAME pofetch.conf DESTINATION lib/sysusers.d COMPONENT program)
  install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/MANUAL.md" "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
    "${PROJECT_SOURCE_DIR}/tools/examples/FORMATS.md" DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
  install(FILES "${PROJECT_SOURCE_DIR}/tools/packaging/prometheus/pofetch.rules.yml"
    "${PROJECT_SOURCE_DIR}/tools/packaging/prometheus/grafana-dashboard.json"
    DESTINATION ${CMAKE_INSTALL_DOCDIR}/prometheus COMPONENT program)
  install(FILES "${share_dir}/pofetch.zsh" RENAME _pofetch
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT debian EXCLUDE_FROM_ALL)
  install(FILES "${share_dir}/pofetch.zsh" RENAME _pofetch
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT elsewhere)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" RENAME copyright
    DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT debian EXCLUDE_FROM_ALL)
  install(FILES "${share_dir}/changelog.gz" DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT debian EXCLUDE_FROM_ALL)
endif()

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME pofetch)
set(CPACK_PACKAGE_VENDOR "The pofetch authors")
set(CPACK_PACKAGE_CONTACT "${maintainer}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "fetches the attachments of purchase orders")
set(CPACK_PACKAGE_DESCRIPTION "Takes a list of purchase orders, finds the attachments of each in the
procurement system that holds them (Coupa), and fetches them to a folder,
many at once, whole and verified.")
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/tools/cmake/PofetchPackageParts.cmake")
set(CPACK_COMPONENTS_ALL program debian elsewhere)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${PROJECT_SOURCE_DIR}/tools/packaging/postinst")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libpq5)  # --ledger
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "chromium, chromium-driver")  # pofetch login
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${CPACK_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_FILE_NAME "pofetch-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
include(CPack)
