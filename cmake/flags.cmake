# SPDX-License-Identifier: MIT
#
# The compiler flags, as interface libraries: who links one is compiled that way.
#
#   undis_flags       everybody: warnings, C11 with GNU extensions, hidden symbols, frame pointers
#   undis_flags_host  the Linux side: src/host, src/build, tool; never sees include/km
#   undis_flags_core  the Windows side: sees include/km and has its 16-bit wchar_t
#   undis_flags_crt   the C runtime of drivers: no libc header at all

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Assertions stay in a release: they say that undis itself is wrong, and reports need line numbers.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")

# What undis_build_kind answers.
set(build_kind_ "")
set(build_kind_address asan)
set(build_kind_thread tsan)
add_library(undis_flags INTERFACE)
target_compile_options(undis_flags INTERFACE
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
    -fno-strict-aliasing -fwrapv -fno-omit-frame-pointer
    $<$<C_COMPILER_ID:Clang>:-Wthread-safety>)
target_compile_definitions(undis_flags INTERFACE
    _GNU_SOURCE UNDIS_VERSION="${PROJECT_VERSION}" UNDIS_BUILD_KIND="${build_kind_${UNDIS_SANITIZE}}")
target_include_directories(undis_flags INTERFACE ${CMAKE_SOURCE_DIR}/include)

# The sanitizers' flags, for everything except the drivers' runtime. The shared ASan runtime is
# named by an absolute run path: clang's lies outside the loader's folders.
set(UNDIS_SANITIZE_COMPILE "")
set(UNDIS_SANITIZE_LINK "")
if(UNDIS_SANITIZE STREQUAL "address")
    set(UNDIS_SANITIZE_COMPILE -fsanitize=address,undefined -fno-sanitize-recover=undefined)
    set(UNDIS_SANITIZE_LINK -fsanitize=address,undefined)
    if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
        execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libclang_rt.asan-x86_64.so
            OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
        cmake_path(GET runtime PARENT_PATH runtime)
        list(APPEND UNDIS_SANITIZE_COMPILE -shared-libasan)
        list(APPEND UNDIS_SANITIZE_LINK -shared-libasan LINKER:-rpath,${runtime})
    endif()
elseif(UNDIS_SANITIZE STREQUAL "thread")
    set(UNDIS_SANITIZE_COMPILE -fsanitize=thread)
    set(UNDIS_SANITIZE_LINK -fsanitize=thread)
elseif(UNDIS_SANITIZE)
    message(FATAL_ERROR "UNDIS_SANITIZE is empty, address or thread, not ${UNDIS_SANITIZE}")
endif()

add_library(undis_flags_host INTERFACE)
target_link_libraries(undis_flags_host INTERFACE undis_flags)
target_compile_options(undis_flags_host INTERFACE ${UNDIS_SANITIZE_COMPILE})
target_link_options(undis_flags_host INTERFACE ${UNDIS_SANITIZE_LINK})
target_include_directories(undis_flags_host INTERFACE ${CMAKE_SOURCE_DIR}/src)

# What the ABI of include/km needs; tests that speak to drivers use it without src/.
# Pool tags are four-character constants.
add_library(undis_flags_km INTERFACE)
target_link_libraries(undis_flags_km INTERFACE undis_flags)
target_compile_options(undis_flags_km INTERFACE
    -Wno-multichar -fshort-wchar -fms-extensions -mms-bitfields ${UNDIS_SANITIZE_COMPILE})
target_link_options(undis_flags_km INTERFACE ${UNDIS_SANITIZE_LINK})
target_include_directories(undis_flags_km SYSTEM INTERFACE ${CMAKE_SOURCE_DIR}/include/km)

add_library(undis_flags_core INTERFACE)
target_link_libraries(undis_flags_core INTERFACE undis_flags_km)
target_compile_definitions(undis_flags_core INTERFACE UNDIS_CORE)
target_include_directories(undis_flags_core INTERFACE ${CMAKE_SOURCE_DIR}/src)

execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
    OUTPUT_VARIABLE UNDIS_COMPILER_INCLUDE OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
add_library(undis_flags_crt INTERFACE)
target_link_libraries(undis_flags_crt INTERFACE undis_flags)
target_compile_options(undis_flags_crt INTERFACE
    -ffreestanding -fno-builtin -fshort-wchar -fms-extensions -mms-bitfields -nostdinc
    $<$<C_COMPILER_ID:GNU>:-fno-tree-loop-distribute-patterns>
    "SHELL:-isystem ${CMAKE_SOURCE_DIR}/include/km/crt"
    "SHELL:-isystem ${CMAKE_SOURCE_DIR}/include/km"
    "SHELL:-isystem ${UNDIS_COMPILER_INCLUDE}")
target_include_directories(undis_flags_crt INTERFACE ${CMAKE_SOURCE_DIR}/src)
