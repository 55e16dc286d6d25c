# SPDX-License-Identifier: MIT
#
# What `make install` puts where. A sanitized build adds its library and its tool, nothing else:
#
#   bin/undis  bin/undis-asan  bin/undis-tsan     lib/libundis.so*  lib/libundis_crt.a
#                                                  lib/libundis-client.so*
#   lib/undis/{asan,tsan}/libundis.so.0           lib/undis/drivers/NAME.so
#   include/undis{,_client}.h  include/undis/km/...
#   lib/pkgconfig/undis{,-client}.pc              lib/cmake/undis/...
#   share/bash-completion/completions/undis
#   share/man/man{1,3,5}

set(folder_address lib/undis/asan)
set(folder_thread lib/undis/tsan)

if(UNDIS_SANITIZE)
    set(folder ${folder_${UNDIS_SANITIZE}})
else()
    set(folder lib)
endif()

set_target_properties(undis_tool PROPERTIES INSTALL_RPATH "$ORIGIN/../${folder}")
install(TARGETS undis_tool RUNTIME DESTINATION bin)

if(UNDIS_SANITIZE)
    install(TARGETS undis undis_client LIBRARY DESTINATION ${folder} NAMELINK_SKIP)
    return()
endif()

install(TARGETS undis undis_client undis_crt undis_races LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)
install(FILES include/undis.h include/undis_client.h DESTINATION include)
install(DIRECTORY include/km DESTINATION include/undis)
install(DIRECTORY ${UNDIS_DRIVERS}/ DESTINATION lib/undis/drivers FILES_MATCHING
    PATTERN "*.so" PATTERN "*.inf")
install(FILES cmake/undis_add_driver.cmake DESTINATION lib/cmake/undis)
configure_file(cmake/undis.pc.in ${CMAKE_BINARY_DIR}/undis.pc @ONLY)
configure_file(cmake/undis-client.pc.in ${CMAKE_BINARY_DIR}/undis-client.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/undis.pc ${CMAKE_BINARY_DIR}/undis-client.pc
    DESTINATION lib/pkgconfig)
install(FILES docs/man/undis.1 DESTINATION share/man/man1)
install(FILES docs/man/undis-stack.5 DESTINATION share/man/man5)
install(FILES docs/man/libundis.3 docs/man/libundis-client.3 DESTINATION share/man/man3)
install(FILES tool/undis.bash DESTINATION share/bash-completion/completions RENAME undis)
