# huabiao_schema(<module>) compiles src/<module>/schema/NNN_word.sql into the module and declares
# `std::vector<db::Migration> <module>::migrations()`, which the module's header announces.
function(huabiao_schema name)
    file(GLOB files CONFIGURE_DEPENDS schema/*.sql)
    set(entries "")
    set(number 0)
    foreach(file IN LISTS files)
        get_filename_component(word ${file} NAME_WE)
        math(EXPR number "${number} + 1")
        file(READ ${file} sql)
        string(APPEND entries "        {\"${name}\", ${number}, \"${word}\", R\"sql(${sql})sql\"},\n")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    endforeach()
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_schema.cpp)
    file(CONFIGURE OUTPUT ${generated} CONTENT
"#include \"db/migrations.h\"

namespace ${name} {
std::vector<db::Migration> migrations();

std::vector<db::Migration> migrations()
{
    return {
${entries}    };
}
} // namespace ${name}
" @ONLY)
    target_sources(${name} PRIVATE ${generated})
endfunction()
