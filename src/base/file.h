/*
 * file.h - whole files, in and out.
 *
 * Reading refuses what cannot be meant (a folder, a file larger than the caller's limit) before it
 * reads; writing replaces a file whole or not at all: a crash, a full disk or a kill leaves the old
 * one as it was.
 */
#ifndef DEEPQ_BASE_FILE_H
#define DEEPQ_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct {
    uint8_t *bytes; /* count bytes and a 0 after them, so that text files are strings; free with
                       file_free */
    size_t count;
} FileBytes;

/* Read all of `path`. ERROR_INPUT if it is missing, a folder, unreadable or longer than max_bytes.
 */
bool file_read(FileBytes *file, const char *path, size_t max_bytes, Error *error);
void file_free(FileBytes *file);

/* Write `count` bytes to path: to a new file beside it, flushed to the disk, then renamed over it.
 * ERROR_WORK if that fails; the file of before is untouched then, unless the error is of flushing
 * the folder: the new one is in place, but may not outlast a power cut. What a link leads to is
 * replaced, not the link; a device or a pipe is written into. ERROR_INPUT for a path that is too
 * long. */
bool file_replace(const char *path, const void *bytes, size_t count, Error *error);

/* For who writes piece by piece: a new file beside the one whose place it takes when it is whole.
 *
 *     FileDraft draft;
 *     if (!file_draft(&draft, "agent.gif", &error)) ...
 *     ... open draft.path, write, close ...
 *     if (!file_draft_keep(&draft, &error)) ...           or unlink(draft.path) to give it up
 */
enum { FILE_PATH_BYTES = 4096 };

typedef struct {
    char place[FILE_PATH_BYTES]; /* what is replaced: no link, but what it leads to */
    char path[FILE_PATH_BYTES];  /* the draft: place.new */
} FileDraft;

/* Name the two; nothing is opened. ERROR_INPUT for a device, a pipe, a path that is too long. */
bool file_draft(FileDraft *draft, const char *path, Error *error);

/* Flush the closed draft to the disk and let it take its place. ERROR_WORK as of file_replace; the
 * draft is gone then. */
bool file_draft_keep(const FileDraft *draft, Error *error);

/* Write all of it. False with errno if the system takes less; how much it took is unknown then. */
bool file_put(int descriptor, const void *bytes, size_t count);

/* Make the folder, its parents too. It is no error if it is there already. */
bool file_make_folder(const char *path, Error *error);

bool file_exists(const char *path); /* a file, a folder, anything by that name */

/* The last part of a path: "roms/tetris.bin" -> "tetris.bin". Points into `path`. */
const char *file_name(const char *path);

/* Whether a name ends in ".png", say, in whatever case, and has something before it. */
bool file_ends_in(const char *path, const char *suffix);

#endif
