#include "viewer/film.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gif_lib.h>

#include "base/file.h"
#include "viewer/film_private.h"

enum { RGB_BYTES = 3, SHORTEST_HUNDREDTHS = 2, LONGEST_HUNDREDTHS = 65535 };

struct Film {
    FileDraft draft;
    int width, height;
    double frames_per_second;
    int64_t added;         /* pictures */
    int64_t begin;         /* of the pending one, hundredths of a second */
    GifFileType *gif;      /* NULL: closed */
    bool any;              /* a picture was written */
    bool opened, finished; /* of the draft */
    Error failed;          /* the first failure; all that follows repeats it */
    uint8_t *pending;      /* waits for its end to be known */
    uint8_t *written;      /* what a viewer shows before it */
    GifByteType *line;
};

static size_t picture_bytes(const Film *film)
{
    return (size_t)film->width * (size_t)film->height * RGB_BYTES;
}

/* Remember and report why the film is lost. */
static bool fail(Film *film, const char *why, Error *error)
{
    if (film->failed.kind == ERROR_NONE)
        error_work(&film->failed, "cannot write '%s': %s", film->draft.place, why);
    *error = film->failed;
    return false;
}

static bool fail_gif(Film *film, Error *error)
{
    if (errno == ENOSPC || errno == EFBIG || errno == EIO)
        return fail(film, strerror(errno), error);
    const char *why = film->gif == NULL ? NULL : GifErrorString(film->gif->Error);
    return fail(film, why != NULL ? why : "the disk refuses", error);
}

/* ---- life ---- */

static Film *film_allocate(const char *path, int width, int height, Error *error)
{
    Film *film = calloc(1, sizeof *film);
    if (film == NULL) {
        error_work(error, "no memory for the film '%s'", path);
        return NULL;
    }
    film->width = width;
    film->height = height;
    film->pending = malloc(2 * picture_bytes(film) + (size_t)width);
    if (film->pending == NULL) {
        error_work(error, "no memory for the film '%s'", path);
        free(film);
        return NULL;
    }
    film->written = film->pending + picture_bytes(film);
    film->line = film->written + picture_bytes(film);
    return film;
}

/* "Repeat for ever", as browsers understand it. */
static bool write_repeat(Film *film)
{
    static const GifByteType for_ever[] = {1, 0, 0};
    return EGifPutExtensionLeader(film->gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
           EGifPutExtensionBlock(film->gif, 11, "NETSCAPE2.0") == GIF_OK &&
           EGifPutExtensionBlock(film->gif, sizeof for_ever, for_ever) == GIF_OK &&
           EGifPutExtensionTrailer(film->gif) == GIF_OK;
}

static bool film_open(Film *film, Error *error)
{
    int gif_error = 0;
    const int file = open(film->draft.path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0)
        return fail(film, strerror(errno), error);
    film->opened = true;
    film->gif = EGifOpenFileHandle(file, &gif_error);
    if (film->gif == NULL) {
        close(file);
        return fail(film, GifErrorString(gif_error), error);
    }
    EGifSetGifVersion(film->gif, true);
    return (EGifPutScreenDesc(film->gif, film->width, film->height, 8, 0, NULL) == GIF_OK &&
            write_repeat(film)) ||
           fail_gif(film, error);
}

Film *film_create(const char *path, int width, int height, double frames_per_second, Error *error)
{
    if (width < 1 || height < 1 || width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX) {
        error_input(error, "a film of '%d' x '%d' pixels is not possible: sides are 1 to %d", width,
                    height, PICTURE_SIDE_MAX);
        return NULL;
    }
    if (!(frames_per_second > 0 && frames_per_second <= 1000)) {
        error_input(error, "a film of '%g' pictures a second is not possible: more than 0, to 1000",
                    frames_per_second);
        return NULL;
    }
    Film *film = film_allocate(path, width, height, error);
    if (film == NULL)
        return NULL;
    film->frames_per_second = frames_per_second;
    if (!file_draft(&film->draft, path, error) || !film_open(film, error)) {
        film_destroy(film);
        return NULL;
    }
    return film;
}

void film_destroy(Film *film)
{
    if (film == NULL)
        return;
    int ignored;
    if (film->gif != NULL)
        EGifCloseFile(film->gif, &ignored);
    if (film->opened && !film->finished)
        unlink(film->draft.path);
    free(film->pending);
    free(film);
}

/* ---- pictures ---- */

/* The smallest box around what is not as before; one pixel where nothing is. */
static Box box_of_changes(const Film *film)
{
    if (!film->any)
        return (Box){0, 0, film->width, film->height};
    const FilmPart all = {.rgb = film->pending, .before = film->written};
    int left = film->width, right = 0, top = film->height, bottom = 0;
    size_t at = 0;
    for (int y = 0; y < film->height; y++)
        for (int x = 0; x < film->width; x++, at += RGB_BYTES)
            if (film_is_new(&all, at)) {
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
                bottom = y;
            }
    if (left > right)
        return (Box){0, 0, 1, 1};
    return (Box){left, top, right - left + 1, bottom - top + 1};
}

static ColorMapObject *colour_map(const FilmPalette *palette)
{
    ColorMapObject *map = GifMakeMapObject(FILM_COLOURS_MAX + 1, NULL);
    for (int i = 0; map != NULL && i < palette->count; i++) {
        const Colour colour = film_palette_colour(palette, i);
        map->Colors[i] = (GifColorType){colour.red, colour.green, colour.blue};
    }
    return map;
}

static bool write_control(Film *film, int64_t hundredths)
{
    GifByteType bytes[4];
    const GraphicsControlBlock control = {
        .DisposalMode = DISPOSE_DO_NOT,
        .DelayTime = (int)(hundredths < LONGEST_HUNDREDTHS ? hundredths : LONGEST_HUNDREDTHS),
        .TransparentColor = FILM_UNCHANGED,
    };
    EGifGCBToExtension(&control, bytes);
    return EGifPutExtension(film->gif, GRAPHICS_EXT_FUNC_CODE, sizeof bytes, bytes) == GIF_OK;
}

static bool write_lines(Film *film, const FilmPart *part, const FilmPalette *palette)
{
    for (int y = part->box.y; y < part->box.y + part->box.height; y++) {
        for (int x = 0; x < part->box.width; x++) {
            const size_t at =
                ((size_t)y * (size_t)film->width + (size_t)(part->box.x + x)) * RGB_BYTES;
            const int index = film_is_new(part, at) ? film_palette_index(palette, part->rgb + at)
                                                    : FILM_UNCHANGED;
            film->line[x] = (GifByteType)index;
        }
        if (EGifPutLine(film->gif, film->line, part->box.width) != GIF_OK)
            return false;
    }
    return true;
}

static bool write_pending(Film *film, int64_t hundredths, Error *error)
{
    const FilmPart part = {
        .box = box_of_changes(film),
        .width = film->width,
        .rgb = film->pending,
        .before = film->any ? film->written : NULL,
    };
    FilmPalette palette;
    film_palette_make(&palette, &part);
    ColorMapObject *map = colour_map(&palette);
    if (map == NULL)
        return fail(film, "no memory", error);
    errno = 0;
    const bool done = write_control(film, hundredths) &&
                      EGifPutImageDesc(film->gif, part.box.x, part.box.y, part.box.width,
                                       part.box.height, false, map) == GIF_OK &&
                      write_lines(film, &part, &palette);
    GifFreeMapObject(map);
    if (!done)
        return fail_gif(film, error);
    memcpy(film->written, film->pending, picture_bytes(film));
    film->any = true;
    return true;
}

/* When a picture begins, hundredths of a second. */
static int64_t time_of(const Film *film, int64_t picture)
{
    return llround((double)picture * 100 / film->frames_per_second);
}

bool film_add(Film *film, const Picture *picture, Error *error)
{
    assert(!film->finished && picture->width == film->width && picture->height == film->height);
    if (film->failed.kind != ERROR_NONE)
        return fail(film, "", error);
    const int64_t now = time_of(film, film->added);
    const bool first = film->added++ == 0;
    if (!first && memcmp(film->pending, picture->rgb, picture_bytes(film)) == 0)
        return true;
    if (!first && now - film->begin >= SHORTEST_HUNDREDTHS) {
        if (!write_pending(film, now - film->begin, error))
            return false;
        film->begin = now;
    }
    memcpy(film->pending, picture->rgb, picture_bytes(film));
    return true;
}

bool film_finish(Film *film, Error *error)
{
    assert(film->gif != NULL && film->added > 0);
    if (film->failed.kind != ERROR_NONE)
        return fail(film, "", error);
    const int64_t left = time_of(film, film->added) - film->begin;
    if (!write_pending(film, left > SHORTEST_HUNDREDTHS ? left : SHORTEST_HUNDREDTHS, error))
        return false;
    int gif_error = 0;
    const int closed = EGifCloseFile(film->gif, &gif_error);
    film->gif = NULL;
    if (closed != GIF_OK)
        return fail(film, GifErrorString(gif_error), error);
    film->finished = file_draft_keep(&film->draft, error);
    return film->finished;
}
