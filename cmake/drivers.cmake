# SPDX-License-Identifier: MIT
#
# The drivers of the tree, built as any driver is, by undis_add_driver().
#
#   drivers/KIND/NAME.c or drivers/KIND/NAME/*.c    shipped:   drivers/NAME.so
#   tests/rules/wrong/KIND.c, once per rule         for tests: tests/drivers/KIND.RULE.so
#   tests/drivers/NAME/*.c                          for tests: tests/drivers/NAME.so

set(UNDIS_DRIVERS ${CMAKE_BINARY_DIR}/drivers)
set(UNDIS_TEST_DRIVERS ${CMAKE_BINARY_DIR}/tests/drivers)

set(sanitize "")
if(UNDIS_SANITIZE)
    set(sanitize SANITIZE ${UNDIS_SANITIZE})
endif()

# One driver per entry of @folder: a source file, or a folder of them.
function(undis_add_drivers_of folder destination)
    set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${destination})
    file(GLOB entries CONFIGURE_DEPENDS ${folder}/*)
    foreach(entry IN LISTS entries)
        cmake_path(GET entry STEM LAST_ONLY name)
        if(IS_DIRECTORY ${entry})
            file(GLOB sources CONFIGURE_DEPENDS ${entry}/*.c)
        elseif(entry MATCHES "\\.c$")
            set(sources ${entry})
        else()
            set(sources "")
        endif()
        if(sources)
            undis_add_driver(${name} ${sources} ${sanitize})
        endif()
        file(GLOB infs CONFIGURE_DEPENDS ${entry}/*.inf)
        foreach(inf IN LISTS infs)
            cmake_path(GET inf FILENAME file)
            configure_file(${inf} ${destination}/${file} COPYONLY)
        endforeach()
    endforeach()
endfunction()

foreach(kind miniport filter protocol intermediate)
    undis_add_drivers_of(${CMAKE_SOURCE_DIR}/drivers/${kind} ${UNDIS_DRIVERS})
endforeach()

# tests/rules/wrong/KIND.c is right as it stands: KIND.right.so. For every WRONG_rule it tests for
# there is a KIND.rule.so. Those of the headers are tried with one kind that includes them.
function(undis_add_wrong_drivers kind)
    set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${UNDIS_TEST_DRIVERS})
    set(folder ${CMAKE_SOURCE_DIR}/tests/rules/wrong)
    set(files ${folder}/${kind}.c)
    foreach(header ${ARGN})
        list(APPEND files ${folder}/${header})
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    undis_add_driver(${kind}.right ${folder}/${kind}.c ${sanitize})
    foreach(file IN LISTS files)
        file(STRINGS ${file} lines REGEX "^#ifn?def WRONG_")
        foreach(line IN LISTS lines)
            string(REGEX REPLACE "^#ifn?def WRONG_([a-z0-9_]+).*" "\\1" rule ${line})
            if(NOT TARGET ${kind}.${rule})
                undis_add_driver(
                    ${kind}.${rule} ${folder}/${kind}.c DEFINES WRONG_${rule} ${sanitize})
                target_compile_options(${kind}.${rule} PRIVATE -O1) # half the time to compile
            endif()
        endforeach()
    endforeach()
endfunction()

# For every TOUCH_rule of KIND.c there is a KIND.rule__PART.so for parts of an NBL: all of them where
# a filter sends or returns.
function(undis_add_touching_drivers kind)
    set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${UNDIS_TEST_DRIVERS})
    set(file ${CMAKE_SOURCE_DIR}/tests/rules/wrong/${kind}.c)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    undis_add_driver(${kind}.right ${file} ${sanitize})
    file(STRINGS ${file} lines REGEX "^#ifdef TOUCH_")
    foreach(line IN LISTS lines)
        string(REGEX REPLACE "^#ifdef TOUCH_([a-z0-9_]+).*" "\\1" rule ${line})
        set(number 0)
        foreach(part nbl nb mdl data)
            if(NOT TARGET ${kind}.${rule}__${part} AND (part MATCHES "nbl|data" OR
                "${kind} ${rule}" MATCHES "filter .*_after_(send|return)$"))
                undis_add_driver(${kind}.${rule}__${part} ${file}
                    DEFINES TOUCH_${rule} TOUCHES=${number} ${sanitize})
            endif()
            math(EXPR number "${number} + 1")
        endforeach()
    endforeach()
endfunction()

if(UNDIS_SANITIZE STREQUAL "address" AND NOT UNDIS_RULE_TESTS)
    foreach(kind miniport filter protocol)
        undis_add_touching_drivers(${kind})
    endforeach()
endif()

# Hundreds of drivers: half of a build, so the presets of clang leave them out.
if(UNDIS_RULE_TESTS)
    foreach(kind filter protocol protocol5 nic serial5 slow5)
        undis_add_wrong_drivers(${kind})
    endforeach()
    undis_add_wrong_drivers(miniport wrong.h kernel.h service.h miniport_life.h)
    undis_add_wrong_drivers(miniport5 five.h)
    undis_add_wrong_drivers(im5 im5.h)
endif()

# A file directly in tests/drivers is a test; only its folders are drivers.
file(GLOB entries CONFIGURE_DEPENDS LIST_DIRECTORIES true ${CMAKE_SOURCE_DIR}/tests/drivers/*)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${UNDIS_TEST_DRIVERS})
foreach(entry IN LISTS entries)
    if(IS_DIRECTORY ${entry})
        cmake_path(GET entry FILENAME name)
        file(GLOB sources CONFIGURE_DEPENDS ${entry}/*.c)
        if(sources)
            undis_add_driver(${name} ${sources} ${sanitize})
        endif()
    endif()
endforeach()
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
