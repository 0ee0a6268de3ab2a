# deepq_version(target): adds the file that defines version_text (cli/version.h), with the commit at each build. The file is
# written by this same file, run as a script, and only when its text changes.
if(CMAKE_SCRIPT_MODE_FILE)
    cmake_minimum_required(VERSION 3.22)
    execute_process(COMMAND git -C ${SOURCE} describe --always --exclude=* --abbrev=7 --dirty=+
        OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
    if(status EQUAL 0)
        set(VERSION "${VERSION} (${commit})")
    endif()
    file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#include \"cli/version.h\"\n\nconst char version_text[] = \"deepq @VERSION@\";\n"
        @ONLY)
    return()
endif()

set(DEEPQ_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(deepq_version target)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/version.c)
    add_custom_target(deepq_version_text BYPRODUCTS ${output}
        COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DVERSION=${PROJECT_VERSION} -DOUTPUT=${output}
                -P ${DEEPQ_VERSION_SCRIPT}
        COMMENT "Looking which commit this is" VERBATIM)
    add_dependencies(${target} deepq_version_text)
    target_sources(${target} PRIVATE ${output})
endfunction()
