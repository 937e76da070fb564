set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wimplicit-fallthrough -Wsuggest-override
                    -Wno-missing-field-initializers)
option(HUABIAO_WERROR "Treat warnings as errors" ON)
if(HUABIAO_WERROR)
    add_compile_options(-Werror)
endif()

set(HUABIAO_SANITIZE "" CACHE STRING "address,undefined or thread")
if(HUABIAO_SANITIZE)
    add_compile_options(-fsanitize=${HUABIAO_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${HUABIAO_SANITIZE})
endif()

find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()
# The launcher is told what it must know here, so that a plain cmake call caches as well as a preset.
# No debug path of the build folder is hashed: two build folders share their objects.
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=true CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()
