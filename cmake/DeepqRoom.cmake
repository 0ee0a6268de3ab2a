# deepq_room(name SEES rooms... LIBRARIES targets...): one static library for each folder of src/.
#
# A room links only the rooms it may see, so an arrow that DESIGN does not draw does not link. All .c files of the
# folder belong to it.
function(deepq_room name)
    cmake_parse_arguments(ROOM "" "" "SEES;LIBRARIES" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.c)
    add_library(deepq_${name} STATIC ${sources})
    target_link_libraries(deepq_${name} PUBLIC deepq_compile)
    foreach(room IN LISTS ROOM_SEES)
        target_link_libraries(deepq_${name} PUBLIC deepq_${room})
    endforeach()
    target_link_libraries(deepq_${name} PUBLIC ${ROOM_LIBRARIES})
endfunction()
