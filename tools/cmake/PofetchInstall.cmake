# Installs the library with its headers and a CMake package, so that find_package(pofetch) gives
# pofetch::pofetch. The program's own rule stands in src/cli.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/pofetch")

install(TARGETS pofetch EXPORT pofetchTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/pofetch" "${PROJECT_BINARY_DIR}/include/pofetch"
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT pofetchTargets NAMESPACE pofetch:: DESTINATION ${package_dir})

configure_package_config_file("${PROJECT_SOURCE_DIR}/tools/cmake/pofetchConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/pofetchConfig.cmake" INSTALL_DESTINATION ${package_dir})
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/pofetchConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/pofetchConfig.cmake" "${PROJECT_BINARY_DIR}/pofetchConfigVersion.cmake"
  DESTINATION ${package_dir})
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT elsewhere)
