/*
 * film.h - pictures one after the other as an animated .gif, through giflib.
 *
 *     Film *film = film_create("breakout.gif", 320, 210, 15, &error);
 *     while (more)
 *         if (!film_add(film, &picture, &error)) ...
 *     if (!film_finish(film, &error)) ...
 *     film_destroy(film);
 *
 * The film is a draft beside PATH while it is made (FileDraft in base/file.h), and film_finish lets
 * it take its place: whatever fails before, a file at PATH stays as it was. A film repeats for
 * ever.
 *
 * Only what changed is stored: of each picture the smallest box around the pixels that are not as
 * before, and in it the pixels that are as before are transparent. A picture that equals the one
 * before only lengthens its time.
 *
 * A .gif has at most 256 colours in a picture. A picture with so few, as every console's is, is
 * stored exactly; of others the lowest bits of the colours that change are left out, as few as
 * possible (at least 2 of the 8 bits stay), and each stands as the mean of those that then
 * coincide.
 *
 * A .gif counts time in hundredths of a second, and viewers slow down what is shorter than two of
 * them. Picture i begins at the hundredth nearest to its true time, so the average is right: 15
 * pictures a second last 7, 6, 7, 7, 6, 7 ... hundredths. At more than 50 pictures a second, one
 * that would last less than two hundredths is left out, and the film keeps its length.
 */
#ifndef DEEPQ_VIEWER_FILM_H
#define DEEPQ_VIEWER_FILM_H

#include "viewer/picture.h"

typedef struct Film Film;

/* Open the draft. frames_per_second: greater than 0, at most 1000. NULL: ERROR_INPUT for a bad
 * size, rate or path, ERROR_WORK if the file cannot be made. giflib takes and returns a little
 * memory of its own with each picture. */
Film *film_create(const char *path, int width, int height, double frames_per_second, Error *error);

/* Add a picture of the film's size; it is copied. False: ERROR_WORK; the film is lost then, and
 * what follows fails in the same words. */
bool film_add(Film *film, const Picture *picture, Error *error);

/* Write the last picture and the end, keep the draft. A film needs one picture at least.
 * After this, whatever it returned, only film_destroy is possible. */
bool film_finish(Film *film, Error *error);

/* Free it; a film that was not finished is removed from the disk. NULL is fine. */
void film_destroy(Film *film);

#endif
