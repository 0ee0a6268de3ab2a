# deepq_embed(target symbol FILES files...): a library with the bytes of some files, for base/embedded.h.
#
#     extern const EmbeddedFile SYMBOL[];      ends with a row whose name is NULL
#
# Each row is named after its file, without folder and extension. The bytes are written as C by this same file, run as a
# script, whenever one of the files changes.
if(CMAKE_SCRIPT_MODE_FILE)
    set(arrays "")
    set(rows "")
    string(REPLACE "|" ";" FILES "${FILES}")
    foreach(file IN LISTS FILES)
        get_filename_component(name ${file} NAME_WE)
        file(READ ${file} hex HEX)
        file(SIZE ${file} count)
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
        string(APPEND arrays "static const uint8_t ${name}_bytes[] = {${bytes}0};\n")
        string(APPEND rows "    {\"${name}\", ${name}_bytes, ${count}},\n")
    endforeach()
    file(WRITE ${OUTPUT}
        "#include \"base/embedded.h\"\n\n${arrays}\nextern const EmbeddedFile ${SYMBOL}[];\n"
        "const EmbeddedFile ${SYMBOL}[] = {\n${rows}    {0},\n};\n")
    return()
endif()

set(DEEPQ_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(deepq_embed target symbol)
    cmake_parse_arguments(EMBED "" "" "FILES" ${ARGN})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
    string(REPLACE ";" "|" files "${EMBED_FILES}")
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DOUTPUT=${output} "-DFILES=${files}" -P ${DEEPQ_EMBED_SCRIPT}
        DEPENDS ${EMBED_FILES} ${DEEPQ_EMBED_SCRIPT}
        COMMENT "Embedding ${symbol}" VERBATIM)
    add_library(${target} STATIC ${output})
    target_link_libraries(${target} PUBLIC deepq_compile)
endfunction()
