# libdeepq-atari: the console and its games for programs of others, static and shared, with include/deepq_atari.h and a
# pkg-config file. Only the names that the header declares are to be seen: the shared library hides the others by its
# version script; the static one is one object, in which the others are made local.
include(GNUInstallDirs)

set(DEEPQ_ATARI_ROOMS deepq_library deepq_env deepq_games deepq_atari deepq_base)

add_library(deepq_atari_shared SHARED ${CMAKE_SOURCE_DIR}/src/library/deepq_atari.c)
target_link_libraries(deepq_atari_shared PRIVATE deepq_env)
target_include_directories(deepq_atari_shared PRIVATE ${CMAKE_SOURCE_DIR}/include)
target_link_options(deepq_atari_shared PRIVATE
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/src/library/deepq_atari.map -Wl,--as-needed)
set_target_properties(deepq_atari_shared PROPERTIES
    OUTPUT_NAME deepq-atari VERSION ${PROJECT_VERSION} SOVERSION 0
    LINK_DEPENDS ${CMAKE_SOURCE_DIR}/src/library/deepq_atari.map)

set(DEEPQ_ATARI_STATIC ${CMAKE_BINARY_DIR}/libdeepq-atari.a)
set(objects)
foreach(room IN LISTS DEEPQ_ATARI_ROOMS)
    list(APPEND objects $<TARGET_FILE:${room}>)
endforeach()
add_custom_command(OUTPUT ${DEEPQ_ATARI_STATIC}
    COMMAND ${CMAKE_LINKER} -r --whole-archive $<TARGET_FILE:deepq_library> --no-whole-archive --start-group ${objects}
            --end-group -o deepq-atari.o
    COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=deepq_atari_* deepq-atari.o
    COMMAND ${CMAKE_COMMAND} -E rm -f ${DEEPQ_ATARI_STATIC}
    COMMAND ${CMAKE_AR} rcs ${DEEPQ_ATARI_STATIC} deepq-atari.o
    DEPENDS ${DEEPQ_ATARI_ROOMS}
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
    COMMENT "Linking libdeepq-atari.a" VERBATIM)
add_custom_target(deepq_atari_static ALL DEPENDS ${DEEPQ_ATARI_STATIC})

file(RELATIVE_PATH DEEPQ_PC_UP /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_SOURCE_DIR}/src/library/deepq-atari.pc.in ${CMAKE_BINARY_DIR}/deepq-atari.pc @ONLY)
install(TARGETS deepq_atari_shared)
install(FILES ${DEEPQ_ATARI_STATIC} DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_SOURCE_DIR}/include/deepq_atari.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/deepq-atari.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
