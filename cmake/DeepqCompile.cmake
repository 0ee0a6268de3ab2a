# How everything is compiled. deepq_compile carries the flags; every target of ours links it.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF) # also keeps the compiler from fusing a*b+c behind our back
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_C_FLAGS_RELEASE "-O3") # asserts stay: they are cheap and they have no effects

add_library(deepq_compile INTERFACE)
target_compile_definitions(deepq_compile INTERFACE _POSIX_C_SOURCE=200809L)
target_include_directories(deepq_compile INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(deepq_compile INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
    -ffp-contract=off)
if(DEEPQ_WERROR)
    target_compile_options(deepq_compile INTERFACE -Werror)
endif()
if(DEEPQ_NATIVE)
    include(CheckCCompilerFlag)
    check_c_compiler_flag(-march=native DEEPQ_HAS_MARCH_NATIVE)
    if(DEEPQ_HAS_MARCH_NATIVE)
        target_compile_options(deepq_compile INTERFACE -march=native)
    endif()
endif()
if(DEEPQ_SANITIZE)
    target_compile_options(deepq_compile INTERFACE
        -fsanitize=${DEEPQ_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
    target_link_options(deepq_compile INTERFACE -fsanitize=${DEEPQ_SANITIZE})
endif()
if(DEEPQ_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "DEEPQ_FUZZ needs clang, which brings libFuzzer; this is ${CMAKE_C_COMPILER_ID} "
            "(${CMAKE_C_COMPILER}). `make fuzz` does it right; by hand: cmake --preset fuzz")
    endif()
    target_compile_options(deepq_compile INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(deepq_compile INTERFACE -fsanitize=fuzzer-no-link)
endif()
