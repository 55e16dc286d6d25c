# SPDX-License-Identifier: MIT
#
# One file is one test: adding tests/AREA/NAME.c is all it takes. Exit 0 passes, 77 skips.
#
#   unit    holds the objects of libundis with their hidden symbols; loads no driver
#   build   holds libundis_build
#   host    links libundis, sees the host's headers
#   others  link libundis, see undis.h and include/km; run once per executive; drivers, hardware
#           and connection once more, simulated, with drivers that tell of their accesses
#
# All link tests/lib. The environment names the executive and where the drivers and the tool are.
#
# The tests of an area are one program, tests/bin/test.AREA: linking takes longer than compiling.
# Each has a name of its own, a link test.AREA.NAME, by which the program knows what to run.

file(GLOB lib_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/lib/*.c)
add_library(undis_test STATIC ${lib_sources})
target_link_libraries(undis_test PRIVATE undis_flags_km)
target_include_directories(undis_test PUBLIC ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/tests/lib)

set(environment
    UNDIS_TEST_DRIVERS=${UNDIS_TEST_DRIVERS}
    UNDIS_DRIVERS=${UNDIS_DRIVERS}
    UNDIS_TOOL=$<TARGET_FILE:undis_tool>
    UNDIS_KM=${CMAKE_SOURCE_DIR}/include/km
    UNDIS_LIB=${CMAKE_BINARY_DIR}/lib
    UNDIS_SOURCE=${CMAKE_SOURCE_DIR})
# Leaks are the pool accounting's business; the core handles faults of drivers itself.
list(APPEND environment
    ASAN_OPTIONS=detect_leaks=0:allow_user_segv_handler=1
    UBSAN_OPTIONS=print_stacktrace=1
    TSAN_OPTIONS=second_deadlock_stack=1:report_signal_unsafe=0)

function(undis_register name command area executive)
    add_test(NAME ${name} COMMAND ${command})
    set(extra "")
    if(executive)
        set(extra UNDIS_EXECUTIVE=${executive})
    endif()
    list(APPEND extra ${ARGN})
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
        ENVIRONMENT "${environment};${extra}" LABELS "${area};${executive}")
endfunction()

function(undis_link_tests target area)
    set(flags undis_flags_km)
    set(libraries undis)
    if(area STREQUAL "unit")
        set(flags undis_flags_core)
        set(libraries undis_objects)
    elseif(area STREQUAL "build")
        set(flags undis_flags_host)
        set(libraries undis_build undis)
    elseif(area STREQUAL "host")
        set(flags undis_flags_host)
        set(libraries undis undis_client PkgConfig::JANSSON)
    endif()
    target_link_libraries(${target} PRIVATE ${flags} undis_test ${libraries} Threads::Threads)
endfunction()

# Right drivers are not told where each layer has packets and requests at an address of its own: with
# these tests a second time.
set(handed arcnet_frames_come_up_whole both_generations_carry_frames
    drivers_of_ndis5_have_connections every_wrong_filter_is_told every_wrong_im5_is_told
    every_wrong_miniport5_is_told every_wrong_miniport_is_told every_wrong_protocol5_is_told
    every_wrong_protocol_is_told every_wrong_serial5_is_told every_wrong_shared_is_told
    frames5_carries_frames frames_go_both_ways_through_a_nic looknic_speaks_token_ring_and_fddi
    nics_of_ndis4_and_5_carry_frames pass5_holds_sends_during_a_reset
    pass5_stands_over_and_under_every_kind pass5_stands_where_its_inf_says
    pass_hands_on_what_it_gets protocols_of_ndis5_ask_and_hear protocols_of_ndis5_get_look_ahead
    receives_come_up_from_every_kind_of_miniport sends_reach_every_kind_of_miniport
    shipped_drivers_carry_frames_over_calls synchronous_oids_go_down_and_up_in_one_call)

# The main of each file gets a name of its own; no header says it.
function(undis_add_tests area)
    set(target test.${area})
    set(bin ${CMAKE_BINARY_DIR}/tests/bin)
    file(MAKE_DIRECTORY ${bin})
    set(declarations "")
    set(entries "")
    foreach(file IN LISTS ARGN)
        cmake_path(GET file STEM name)
        string(APPEND declarations "int test_${area}_${name}(void);\n")
        string(APPEND entries "    {\"${target}.${name}\", test_${area}_${name}},\n")
        set_source_files_properties(${file} PROPERTIES
            COMPILE_DEFINITIONS main=test_${area}_${name} COMPILE_OPTIONS -Wno-missing-prototypes)
        file(CREATE_LINK ${target} ${bin}/${target}.${name} SYMBOLIC)
        add_custom_target(${target}.${name} DEPENDS ${target})
        if(area MATCHES "^(unit|build|host)$")
            undis_register(${area}/${name} ${bin}/${target}.${name} ${area} "")
        else()
            foreach(executive threads simulated)
                undis_register(
                    ${area}/${name}.${executive} ${bin}/${target}.${name} ${area} ${executive})
                if(name IN_LIST handed AND NOT UNDIS_SANITIZE STREQUAL "thread")
                    undis_register(${area}/${name}.${executive}.handed ${bin}/${target}.${name}
                        ${area} ${executive} UNDIS_HAND_OVER=1)
                endif()
            endforeach()
            if(TARGET portnic.races AND area MATCHES "^(drivers|hardware|connection)$")
                set(races "${area}/${name}.races")
                undis_register(${races} ${bin}/${target}.${name} ${area} simulated)
                if(name IN_LIST handed)
                    undis_register(${races}.handed ${bin}/${target}.${name} ${area} simulated
                        UNDIS_HAND_OVER=1)
                    list(APPEND races ${races}.handed)
                endif()
                set_property(TEST ${races} APPEND PROPERTY
                    ENVIRONMENT UNDIS_DRIVERS=${UNDIS_RACES_DRIVERS} UNDIS_SEEDS=8)
            endif()
        endif()
    endforeach()
    set(table ${CMAKE_BINARY_DIR}/generated/tests/${area}.c)
    configure_file(${CMAKE_SOURCE_DIR}/tests/lib/entries.c.in ${table} @ONLY)
    add_executable(${target} ${ARGN} ${table})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${bin})
    target_compile_definitions(${target} PRIVATE
        UNDIS_TEST_DRIVERS="${UNDIS_TEST_DRIVERS}" UNDIS_DRIVERS="${UNDIS_DRIVERS}")
    undis_link_tests(${target} ${area})
endfunction()

file(GLOB tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/tests/*/*.c)
list(FILTER tests EXCLUDE REGEX "^tests/lib/")
if(NOT UNDIS_RULE_TESTS)
    list(FILTER tests EXCLUDE REGEX "^tests/rules/")
endif()
# ThreadSanitizer leaves no addresses to hand over at.
if(UNDIS_SANITIZE STREQUAL "address" AND NOT UNDIS_RULE_TESTS)
    list(APPEND tests tests/rules/who_touches_what_he_gave_away_is_told.c
        tests/rules/broken_links_are_told.c)
elseif(UNDIS_SANITIZE STREQUAL "thread")
    list(REMOVE_ITEM tests tests/rules/who_touches_what_he_gave_away_is_told.c
        tests/rules/broken_links_are_told.c
        tests/connection/who_touches_what_went_on_a_vc_is_told.c)
endif()
set(areas "")
foreach(test IN LISTS tests)
    string(REGEX REPLACE "^tests/([a-z]+)/.*" "\\1" area ${test})
    list(APPEND areas ${area})
    list(APPEND tests_of_${area} ${test})
endforeach()
list(REMOVE_DUPLICATES areas)
foreach(area IN LISTS areas)
    undis_add_tests(${area} ${tests_of_${area}})
endforeach()

# The proof that a failing test is seen.
set_tests_properties(unit/must_fail PROPERTIES WILL_FAIL TRUE)

# A benchmark is a program of bench/; make bench runs them all. Parts of it lie in bench/lib.
file(GLOB bench_lib CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/lib/*.c)
add_library(undis_bench STATIC ${bench_lib})
target_include_directories(undis_bench PUBLIC ${CMAKE_SOURCE_DIR}/bench)
target_link_libraries(undis_bench PRIVATE undis_flags_km)
file(GLOB benchmarks CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/*.c)
foreach(benchmark IN LISTS benchmarks)
    cmake_path(GET benchmark STEM name)
    add_executable(bench.${name} ${benchmark})
    target_link_libraries(bench.${name}
        PRIVATE undis_flags_km undis_bench undis_test undis Threads::Threads)
    target_compile_definitions(bench.${name} PRIVATE UNDIS_DRIVERS="${UNDIS_DRIVERS}")
    set_target_properties(bench.${name} PROPERTIES
        OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endforeach()

# bench/path against a libundis without the verifier (scripts/check-instructions).
if(NOT UNDIS_SANITIZE)
    add_library(undis_unverified SHARED ${CMAKE_SOURCE_DIR}/bench/unverified/verify.c
        $<TARGET_OBJECTS:undis_host_objects> $<TARGET_OBJECTS:undis_core_objects>)
    target_link_libraries(undis_unverified PRIVATE undis_flags_core PkgConfig::PCAP PkgConfig::DW
        PkgConfig::ELF PkgConfig::JANSSON Threads::Threads ${CMAKE_DL_LIBS})
    target_link_options(undis_unverified PRIVATE LINKER:--version-script=${map} LINKER:-z,defs)
    set_target_properties(undis_unverified PROPERTIES OUTPUT_NAME undis
        SOVERSION ${PROJECT_VERSION_MAJOR}
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench/unverified)
    add_executable(bench.path.unverified ${CMAKE_SOURCE_DIR}/bench/path.c)
    target_link_libraries(bench.path.unverified
        PRIVATE undis_flags_km undis_bench undis_test undis_unverified Threads::Threads)
    set_target_properties(bench.path.unverified PROPERTIES
        OUTPUT_NAME path RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench/unverified)
endif()
