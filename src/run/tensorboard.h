/*
 * tensorboard.h - numbers and pictures for TensorBoard: an event file [TensorBoard].
 *
 *     TensorBoard board;
 *     tensorboard_begin(&board, "runs/mine/tensorboard", seconds_since_1970, &error);
 *     TensorBoardEvent event = {.wall_seconds = ..., .step = frames};
 *     tensorboard_add_scalar(&event, "score/evaluation", 42.6);
 *     tensorboard_add_png(&event, "layer 0", &png);
 *     tensorboard_write(&board, &event, &error);
 *     tensorboard_end(&board);
 *
 * Each start of a run writes a file of its own, as TensorBoard's own writers do: it merges the
 * files of a folder by step. So a file that a kill has cut is only shorter; whoever reads it stops
 * at the half record.
 *
 *     record     length  8 bytes | masked CRC-32C of it  4 | the event | masked CRC-32C of it  4
 *
 * All little-endian; the event is a message of Protocol Buffers with the fields
 *
 *     Event      1 wall_time double   2 step int64   3 file_version string   5 summary Summary
 *     Summary    1 value Value, any number
 *     Value      1 tag string   2 simple_value float   4 image Image
 *     Image      1 height   2 width   3 colorspace (3: RGB)   4 encoded_image_string (a .png)
 */
#ifndef DEEPQ_RUN_TENSORBOARD_H
#define DEEPQ_RUN_TENSORBOARD_H

#include <stdint.h>

#include "base/error.h"
#include "run/csv.h"

typedef struct {
    char path[CSV_PATH_BYTES];
    int descriptor;
    int64_t size_bytes;
} TensorBoard;

/* What is known of one moment. All zeros but the first two is an empty one; a tensorboard_write
 * empties it again. */
typedef struct {
    double wall_seconds; /* since 1970 */
    int64_t step;        /* frames, agent steps: what TensorBoard draws against */
    uint8_t *values;     /* the Summary so far */
    size_t value_bytes;
    bool without_memory; /* to be told by tensorboard_write */
} TensorBoardEvent;

/* A picture as it would lie in a .png file. */
typedef struct {
    const uint8_t *bytes;
    size_t count;
    int width, height;
} TensorBoardPng;

/* Make the folder if it is not there, and in it a new file, named after second, machine and
 * process. ERROR_WORK if that cannot be. */
bool tensorboard_begin(TensorBoard *board, const char *folder, double wall_seconds, Error *error);

void tensorboard_add_scalar(TensorBoardEvent *event, const char *tag, double value);
void tensorboard_add_png(TensorBoardEvent *event, const char *tag, const TensorBoardPng *png);

/* Append the event. ERROR_WORK if that fails; the file then ends with the record before. Whatever
 * happens, the event holds no values afterwards. */
bool tensorboard_write(TensorBoard *board, TensorBoardEvent *event, Error *error);

void tensorboard_end(TensorBoard *board);

#endif
