# SPDX-License-Identifier: MIT
#
# undis_add_driver(NAME source... [VERSION 6.30] [MINIPORT] [DEFINES name[=value]...]
#                  [INCLUDES folder...] [SANITIZE address thread undefined])
#
# A driver NAME.so from unmodified Windows sources, through the same wrapper as `undis build`:
# undis stands in front of the compiler and of the linker and adds all flags itself.
#
#   VERSION   the NDIS version of the sources: defines NDIS630=1
#   MINIPORT  it holds a miniport: defines NDIS_MINIPORT_DRIVER=1 and NDIS630_MINIPORT=1 too
#
# In the tree of undis the tool just built is used; elsewhere the one installed beside this file.

if(NOT TARGET undis_tool)
    find_program(UNDIS_EXECUTABLE undis HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin REQUIRED)
endif()

# How the wrapper is started, and what has to exist first.
function(undis_driver_wrapper target)
    if(TARGET undis_tool)
        set(headers ${CMAKE_SOURCE_DIR}/include/km)
        # A path, since RULE_LAUNCH_LINK takes what stands between < and > for its own.
        get_target_property(tool undis_tool OUTPUT_NAME)
        set(undis ${CMAKE_COMMAND} -E env UNDIS_KM=${headers}
            ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${tool})
        add_dependencies(${target} undis_tool undis undis_crt undis_races)
        set_property(TARGET ${target} PROPERTY LINK_DEPENDS
            $<TARGET_FILE:undis> $<TARGET_FILE:undis_crt> $<TARGET_FILE:undis_races>)
    else()
        set(undis ${UNDIS_EXECUTABLE})
    endif()
    list(APPEND undis build --launch)
    list(JOIN undis " " command)
    set_target_properties(${target} PROPERTIES
        C_COMPILER_LAUNCHER "${undis}"
        CXX_COMPILER_LAUNCHER "${undis}"
        RULE_LAUNCH_LINK "${command}")
endfunction()

function(undis_add_driver name)
    cmake_parse_arguments(PARSE_ARGV 1 driver "MINIPORT" "VERSION" "DEFINES;INCLUDES;SANITIZE")
    add_library(${name} MODULE ${driver_UNPARSED_ARGUMENTS})
    # No standard of the project's, no hidden visibility: the wrapper chooses.
    set_target_properties(${name} PROPERTIES
        PREFIX "" SUFFIX .so C_VISIBILITY_PRESET default CXX_VISIBILITY_PRESET default
        C_STANDARD 17 C_EXTENSIONS ON NO_SONAME ON)
    target_compile_definitions(${name} PRIVATE ${driver_DEFINES})
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${driver_INCLUDES})
    if(driver_VERSION)
        string(REPLACE . "" version ${driver_VERSION})
        string(REGEX REPLACE "^60+$" 60 version ${version})
        target_compile_definitions(${name} PRIVATE NDIS${version}=1)
        if(driver_MINIPORT)
            target_compile_definitions(${name} PRIVATE
                NDIS_MINIPORT_DRIVER=1 NDIS${version}_MINIPORT=1)
        endif()
    endif()
    if(driver_SANITIZE)
        list(JOIN driver_SANITIZE "," sanitizers)
        target_compile_options(${name} PRIVATE -fsanitize=${sanitizers})
        target_link_options(${name} PRIVATE -fsanitize=${sanitizers})
    endif()
    undis_driver_wrapper(${name})
endfunction()
