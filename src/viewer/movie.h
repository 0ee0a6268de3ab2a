/*
 * movie.h - pictures one after the other as an .mp4, through FFmpeg's libraries.
 *
 *     Movie *movie = movie_create("agent.mp4", 832, 540, 15, &error);
 *     while (more)
 *         if (!movie_add(movie, &picture, &error)) ...
 *     if (!movie_finish(movie, &error)) ...
 *     movie_destroy(movie);
 *
 * H.264 where the encoder x264 is there, else MPEG-4. Both code sides of an even number of pixels
 * and colours at half the resolution: an odd side grows by a black line, and a game is best
 * enlarged before. The same pictures give the same bytes with the same libraries: one thread, no
 * dates.
 *
 * The movie is a draft while it is made, and movie_finish keeps it, as film.h does. Without
 * FFmpeg at build time movie_create says so and the rest is never reached.
 */
#ifndef DEEPQ_VIEWER_MOVIE_H
#define DEEPQ_VIEWER_MOVIE_H

#include "viewer/picture.h"

typedef struct Movie Movie;

/* Open the draft. frames_per_second: greater than 0, at most 1000. NULL: ERROR_INPUT for a bad rate
 * or path, ERROR_WORK if the file or the encoder cannot be had. FFmpeg takes memory of its own. */
Movie *movie_create(const char *path, int width, int height, double frames_per_second,
                    Error *error);

/* Add a picture of the movie's size; it is copied. False: ERROR_WORK; the movie is lost then. */
bool movie_add(Movie *movie, const Picture *picture, Error *error);

/* Write the end, keep the draft. A movie needs one picture at least. After this,
 * whatever it returned, only movie_destroy is possible. */
bool movie_finish(Movie *movie, Error *error);

/* Free it; a movie that was not finished is removed from the disk. NULL is fine. */
void movie_destroy(Movie *movie);

#endif
