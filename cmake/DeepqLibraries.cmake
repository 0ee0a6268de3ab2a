# What comes from others. Required parts stop the build with the name of the package to install; optional
# ones are said and left out.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# deepq_need(target pkg-config-name debian-package what-for)
function(deepq_need target module package purpose)
    pkg_check_modules(${target} QUIET IMPORTED_TARGET ${module})
    if(NOT TARGET PkgConfig::${target})
        message(FATAL_ERROR "deepq needs ${module} for ${purpose}: on Debian, apt-get install ${package}")
    endif()
endfunction()

deepq_need(XXHASH libxxhash libxxhash-dev "checksums")
deepq_need(INIH inih libinih-dev "configuration files")
deepq_need(POPT popt libpopt-dev "options")
deepq_need(LIBMD libmd libmd-dev "the md5 by which cartridges are known")
deepq_need(ZLIB zlib zlib1g-dev "gzip'ed cartridges")
deepq_need(CJSON libcjson libcjson-dev "the headers of weights")
deepq_need(PNG libpng libpng-dev "pictures")

# Debian's oneDNN has a CMake package that asks for OpenCL's development files, which are of no use here: look for the
# library itself. Version 3 makes primitives in another way. It is built on OpenMP, which must be told to leave the
# threads to us: its library is linked, but nothing is compiled with -fopenmp.
find_path(DNNL_INCLUDE oneapi/dnnl/dnnl.h)
find_library(DNNL_LIBRARY dnnl)
find_package(OpenMP QUIET COMPONENTS C)
if(DNNL_INCLUDE)
    file(STRINGS ${DNNL_INCLUDE}/oneapi/dnnl/dnnl_version.h DNNL_IS_2 REGEX "DNNL_VERSION_MAJOR 2")
endif()
if(DNNL_IS_2 AND DNNL_LIBRARY AND OpenMP_C_FOUND)
    message(STATUS "oneDNN ${DNNL_LIBRARY}: another backend of the network")
    add_library(deepq_dnnl INTERFACE)
    target_include_directories(deepq_dnnl SYSTEM INTERFACE ${DNNL_INCLUDE} ${OpenMP_C_INCLUDE_DIRS})
    target_link_libraries(deepq_dnnl INTERFACE ${DNNL_LIBRARY} ${OpenMP_C_LIBRARIES})
    target_compile_definitions(deepq_dnnl INTERFACE DEEPQ_HAVE_DNNL)
else()
    message(STATUS "oneDNN 2 not found: backend 'onednn' is left out (on Debian: apt-get install libdnnl-dev)")
endif()

# giflib has no pkg-config file.
find_path(GIF_INCLUDE gif_lib.h)
find_library(GIF_LIBRARY gif)
if(NOT GIF_INCLUDE OR NOT GIF_LIBRARY)
    message(FATAL_ERROR "deepq needs giflib for films: on Debian, apt-get install libgif-dev")
endif()
add_library(deepq_gif INTERFACE)
target_include_directories(deepq_gif SYSTEM INTERFACE ${GIF_INCLUDE})
target_link_libraries(deepq_gif INTERFACE ${GIF_LIBRARY})

pkg_check_modules(SDL2 QUIET IMPORTED_TARGET sdl2)
if(TARGET PkgConfig::SDL2)
    message(STATUS "SDL2 ${SDL2_VERSION}: windows")
    add_library(deepq_sdl2 INTERFACE)
    target_link_libraries(deepq_sdl2 INTERFACE PkgConfig::SDL2)
    target_compile_definitions(deepq_sdl2 INTERFACE DEEPQ_HAVE_SDL2)
else()
    message(STATUS "SDL2 not found: deepq play will say so (on Debian: apt-get install libsdl2-dev)")
endif()
