# huabiao_module(<name> [EXPORTS <header>...] [PUBLIC <target>...] [PRIVATE <target>...]
#                [TESTS <target>...])
#
# A directory under src/ that holds a CMakeLists.txt is a module is a static library. That file is
# its contract: the headers others may include, the modules its own headers need (PUBLIC), the
# modules only its sources need (PRIVATE; foreign libraries are linked with target_link_libraries), and what
# only its tests need (TESTS; db_testing).
#
#   - A module may name only what is declared before it in src/CMakeLists.txt, so the order there is
#     the layering and a cycle cannot be written.
#   - tests/tidy reads the contracts and every #include and refuses a header that was not exported
#     and a module that was not named.
#
# Sources are every *.cpp in the directory; tests are every *_test.cpp, beside what they test;
# *_bench.cpp are Google Benchmark programs, *_fuzz.cpp are libFuzzer targets (clang only).
function(huabiao_module name)
    cmake_parse_arguments(MODULE "" "" "EXPORTS;PUBLIC;PRIVATE;TESTS" ${ARGN})
    foreach(dependency IN LISTS MODULE_PUBLIC MODULE_PRIVATE MODULE_TESTS)
        if(NOT TARGET ${dependency})
            message(FATAL_ERROR "${name} uses ${dependency}, which src/CMakeLists.txt does not "
                                "declare above it")
        endif()
    endforeach()

    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
    file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
    file(GLOB benches CONFIGURE_DEPENDS *_bench.cpp)
    file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
    list(REMOVE_ITEM sources ${tests} ${benches} ${fuzzers})
    if(sources)
        add_library(${name} STATIC ${sources})
        target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
        target_link_libraries(${name} PUBLIC ${MODULE_PUBLIC} PRIVATE ${MODULE_PRIVATE})
    else()
        add_library(${name} INTERFACE)
        target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
        target_link_libraries(${name} INTERFACE ${MODULE_PUBLIC} ${MODULE_PRIVATE})
    endif()

    if(tests)
        add_executable(${name}_test ${tests})
        target_link_libraries(${name}_test PRIVATE ${name} ${MODULE_PRIVATE} ${MODULE_TESTS}
                              GTest::gtest_main)
        target_compile_definitions(${name}_test PRIVATE HUABIAO_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
        gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST
                             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTIES TIMEOUT 300)
    endif()
    if(benches AND HUABIAO_BENCHES)
        add_executable(${name}_bench ${benches})
        target_link_libraries(${name}_bench PRIVATE ${name} ${MODULE_PRIVATE} benchmark::benchmark_main)
        target_compile_definitions(${name}_bench PRIVATE HUABIAO_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    endif()
    if(fuzzers AND HUABIAO_FUZZERS)
        foreach(fuzzer IN LISTS fuzzers)
            get_filename_component(fuzzer_name ${fuzzer} NAME_WE)
            add_executable(${name}_${fuzzer_name} ${fuzzer})
            target_link_libraries(${name}_${fuzzer_name} PRIVATE ${name} ${MODULE_PRIVATE})
            target_link_options(${name}_${fuzzer_name} PRIVATE -fsanitize=fuzzer)
        endforeach()
    endif()
endfunction()

option(HUABIAO_BENCHES "Build the *_bench.cpp programs" OFF)
option(HUABIAO_FUZZERS "Build the *_fuzz.cpp programs (needs clang++)" OFF)
if(HUABIAO_BENCHES)
    find_package(benchmark REQUIRED)
endif()
