# deepq_public_library(name FOLDER folder ROOMS targets... LINKS targets...): libdeepq-NAME for programs of others, static
# and shared, with include/deepq_NAME.h and a pkg-config file. It is src/FOLDER/deepq_NAME.c over the rooms, the first of
# which is that folder's. Only the names that the header declares are to be seen: the shared library hides the others by
# its version script; the static one is one object, in which the others are made local.
include(GNUInstallDirs)

function(deepq_public_library name)
    cmake_parse_arguments(LIBRARY "" "FOLDER" "ROOMS;LINKS" ${ARGN})
    set(folder ${CMAKE_SOURCE_DIR}/src/${LIBRARY_FOLDER})
    set(file deepq_${name})
    add_library(${file}_shared SHARED ${folder}/${file}.c)
    target_link_libraries(${file}_shared PRIVATE ${LIBRARY_LINKS})
    target_include_directories(${file}_shared PRIVATE ${CMAKE_SOURCE_DIR}/include)
    target_link_options(${file}_shared PRIVATE -Wl,--version-script=${folder}/${file}.map -Wl,--as-needed)
    set_target_properties(${file}_shared PROPERTIES
        OUTPUT_NAME deepq-${name} VERSION ${PROJECT_VERSION} SOVERSION 0 LINK_DEPENDS ${folder}/${file}.map)

    set(static ${CMAKE_BINARY_DIR}/libdeepq-${name}.a)
    list(GET LIBRARY_ROOMS 0 first)
    set(objects)
    foreach(room IN LISTS LIBRARY_ROOMS)
        list(APPEND objects $<TARGET_FILE:${room}>)
    endforeach()
    add_custom_command(OUTPUT ${static}
        COMMAND ${CMAKE_LINKER} -r --whole-archive $<TARGET_FILE:${first}> --no-whole-archive --start-group ${objects}
                --end-group -o deepq-${name}.o
        COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=${file}_* deepq-${name}.o
        COMMAND ${CMAKE_COMMAND} -E rm -f ${static}
        COMMAND ${CMAKE_AR} rcs ${static} deepq-${name}.o
        DEPENDS ${LIBRARY_ROOMS}
        WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
        COMMENT "Linking libdeepq-${name}.a" VERBATIM)
    add_custom_target(${file}_static ALL DEPENDS ${static})

    file(RELATIVE_PATH DEEPQ_PC_UP /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
    configure_file(${folder}/deepq-${name}.pc.in ${CMAKE_BINARY_DIR}/deepq-${name}.pc @ONLY)
    install(TARGETS ${file}_shared)
    install(FILES ${static} DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(FILES ${CMAKE_SOURCE_DIR}/include/${file}.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(FILES ${CMAKE_BINARY_DIR}/deepq-${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
