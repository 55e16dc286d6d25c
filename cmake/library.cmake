# SPDX-License-Identifier: MIT
#
# libundis, the drivers' runtime, the build library and the tool.

set(map ${CMAKE_SOURCE_DIR}/src/undis.map)
set(irql ${CMAKE_SOURCE_DIR}/docs/irql.csv)

# The import table and the checked wrappers, made from the declarations that drivers see.
set(imports ${CMAKE_BINARY_DIR}/generated/imports.c)
file(GLOB_RECURSE km_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/*.h)
add_custom_command(OUTPUT ${imports}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/generate-imports
        --cc ${CMAKE_C_COMPILER} --output ${imports}
    DEPENDS ${CMAKE_SOURCE_DIR}/scripts/generate-imports ${map} ${irql} ${km_headers}
    COMMENT "Generating the import table"
    VERBATIM)

# The rules that the verifier knows.
set(rules ${CMAKE_BINARY_DIR}/generated/rules.c)
add_custom_command(OUTPUT ${rules}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/generate-rules --output ${rules}
    DEPENDS ${CMAKE_SOURCE_DIR}/scripts/generate-rules ${CMAKE_SOURCE_DIR}/docs/rules.csv
    COMMENT "Generating the table of rules"
    VERBATIM)

file(GLOB_RECURSE host_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/host/*.c)
add_library(undis_host_objects OBJECT ${host_sources})
target_link_libraries(undis_host_objects PRIVATE undis_flags_host
    PkgConfig::PCAP PkgConfig::DW PkgConfig::ELF PkgConfig::JANSSON)

set(core_sources ${imports} ${rules})
foreach(layer executive nt hardware ndis undis)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${layer}/*.c)
    list(APPEND core_sources ${sources})
endforeach()
add_library(undis_core_objects OBJECT ${core_sources})
target_link_libraries(undis_core_objects PRIVATE undis_flags_core PkgConfig::JANSSON)

# By itself: a benchmark is linked without it.
file(GLOB verify_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/verify/*.c)
add_library(undis_verify_objects OBJECT ${verify_sources})
target_link_libraries(undis_verify_objects PRIVATE undis_flags_core)

# What a program needs that holds the objects themselves.
add_library(undis_objects INTERFACE)
target_sources(undis_objects INTERFACE
    $<TARGET_OBJECTS:undis_host_objects> $<TARGET_OBJECTS:undis_core_objects>
    $<TARGET_OBJECTS:undis_verify_objects>)
target_link_libraries(undis_objects INTERFACE
    PkgConfig::PCAP PkgConfig::DW PkgConfig::ELF PkgConfig::JANSSON
    Threads::Threads ${CMAKE_DL_LIBS})

add_library(undis SHARED)
target_link_libraries(undis PRIVATE undis_objects undis_flags_host)
target_include_directories(undis INTERFACE ${CMAKE_SOURCE_DIR}/include)
target_link_options(undis PRIVATE LINKER:--version-script=${map})
# The symbols of clang's TSan and ASan runtimes come from the program that loads the library.
if(NOT UNDIS_SANITIZE)
    target_link_options(undis PRIVATE LINKER:-z,defs)
endif()
set_target_properties(undis PROPERTIES
    LINKER_LANGUAGE C VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} LINK_DEPENDS ${map})

file(GLOB crt_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/crt/*.c)
add_library(undis_crt STATIC ${crt_sources})
target_link_libraries(undis_crt PRIVATE undis_flags_crt)

# What drivers built with --sanitize races tell undis with.
file(GLOB races_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/races/*.c)
add_library(undis_races STATIC ${races_sources})
target_link_libraries(undis_races PRIVATE undis_flags_crt)
target_compile_options(undis_races PRIVATE -fno-optimize-sibling-calls)

file(GLOB build_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/build/*.c)
add_library(undis_build STATIC ${build_sources})
target_link_libraries(undis_build PUBLIC undis_flags_host PRIVATE PkgConfig::EXPAT)

# What programs in other processes link: no part of libundis is in it.
file(GLOB client_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/client/*.c)
add_library(undis_client SHARED ${client_sources})
target_link_libraries(undis_client PRIVATE undis_flags_host Threads::Threads)
target_include_directories(undis_client INTERFACE ${CMAKE_SOURCE_DIR}/include)
set_target_properties(undis_client PROPERTIES OUTPUT_NAME undis-client
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})

# undis starts undis-asan or undis-tsan when a driver was built with that sanitizer.
set(suffix_address -asan)
set(suffix_thread -tsan)
set(oids ${CMAKE_BINARY_DIR}/generated/oids.c)
add_custom_command(OUTPUT ${oids}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/generate-oids --output ${oids}
    DEPENDS ${CMAKE_SOURCE_DIR}/scripts/generate-oids ${CMAKE_SOURCE_DIR}/include/km/ndis/oids.h
        ${CMAKE_SOURCE_DIR}/include/km/ndis/dot11oids.h
    COMMENT "Generating the names of OIDs"
    VERBATIM)

set(api ${CMAKE_BINARY_DIR}/generated/api.c)
add_custom_command(OUTPUT ${api}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/scripts/generate-api --output ${api}
    DEPENDS ${CMAKE_SOURCE_DIR}/scripts/generate-api ${CMAKE_SOURCE_DIR}/scripts/api_list.py
        ${CMAKE_SOURCE_DIR}/docs/api.md
    COMMENT "Generating the list of calls"
    VERBATIM)

file(GLOB tool_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tool/*.c)
add_executable(undis_tool ${tool_sources} ${oids} ${api})
target_include_directories(undis_tool PRIVATE ${CMAKE_SOURCE_DIR}/tool)
target_link_libraries(undis_tool PRIVATE undis undis_client undis_build undis_flags_host PkgConfig::JANSSON)
set_target_properties(undis_tool PROPERTIES OUTPUT_NAME undis${suffix_${UNDIS_SANITIZE}})
