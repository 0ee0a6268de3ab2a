#include "cli/epoch_log.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "report/filters.h"
#include "viewer/png.h"

enum { FILTER_SCALE = 4, FILTERS_WIDTH_MAX = 2048 };

/* Since 1970: TensorBoard shows when something was. */
static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Rows of before stay; new ones come behind them. */
static bool open_timing(CsvFile *timing, const char *folder, Error *error)
{
    char path[CSV_PATH_BYTES];
    struct stat status;
    snprintf(path, sizeof path, "%s/timing.csv", folder);
    if (stat(path, &status) != 0)
        return csv_create(timing, path, "epoch,frames,seconds,frames_per_second\n", error);
    const CsvMark all = {.size_bytes = status.st_size};
    if (!csv_open(timing, path, error))
        return false;
    if (csv_cut(timing, all, error))
        return true;
    csv_close(timing);
    return false;
}

bool epoch_log_begin(EpochLog *log, const char *folder, int64_t frames, double seconds,
                     Error *error)
{
    EpochLog fresh = {.begun = true, .last_frames = frames, .last_seconds = seconds};
    char board[CSV_PATH_BYTES];
    snprintf(board, sizeof board, "%s/tensorboard", folder);
    if (!open_timing(&fresh.timing, folder, error))
        return false;
    if (!tensorboard_begin(&fresh.board, board, wall_seconds(), error)) {
        csv_close(&fresh.timing);
        return false;
    }
    *log = fresh;
    return true;
}

static void add_number(TensorBoardEvent *event, const char *tag, double value)
{
    if (isfinite(value))
        tensorboard_add_scalar(event, tag, value);
}

static void add_numbers(TensorBoardEvent *event, const TrainEpoch *epoch, double rate)
{
    const TrainProgress *progress = &epoch->progress;
    if (epoch->evaluation.games > 0)
        add_number(event, "score/evaluation", epoch->evaluation.mean);
    add_number(event, "score/training", progress->recent_score);
    add_number(event, "q/heldout", epoch->heldout.mean_q);
    add_number(event, "q/mean", progress->mean_q);
    add_number(event, "loss", progress->loss);
    add_number(event, "dead_units", epoch->heldout.dead);
    add_number(event, "epsilon", progress->epsilon);
    add_number(event, "speed/frames_per_second", rate);
}

static bool add_picture(TensorBoardEvent *event, const FilterSource *source, int layer,
                        Error *error)
{
    FileBytes png;
    const int by = filters_scale(source->spec, layer, FILTERS_WIDTH_MAX);
    Picture *picture = filters_draw(source, layer, by < FILTER_SCALE ? by : FILTER_SCALE, error);
    const bool done = picture != NULL && png_encode(&png, picture, error);
    if (done) {
        const TensorBoardPng part = {png.bytes, png.count, picture->width, picture->height};
        tensorboard_add_png(event, "filters of the first layer", &part);
        file_free(&png);
    }
    picture_destroy(picture);
    return done;
}

static bool add_filters(TensorBoardEvent *event, const Network *network, Error *error)
{
    const NnSpec *spec = network_spec(network);
    int layer = 0;
    while (layer < spec->layer_count && !filters_drawable(spec, layer))
        layer++;
    if (layer == spec->layer_count || filters_scale(spec, layer, FILTERS_WIDTH_MAX) == 0)
        return true;
    float *parameters = malloc(nn_spec_parameters(spec) * sizeof *parameters + 1);
    if (parameters == NULL)
        return error_work(error, "no memory for a picture of the filters");
    network_get_parameters(network, parameters);
    const bool done = add_picture(event, &(FilterSource){spec, parameters}, layer, error);
    free(parameters);
    return done;
}

bool epoch_log_add(EpochLog *log, const TrainEpoch *epoch, const Network *network, double seconds,
                   Error *error)
{
    const int64_t frames = epoch->progress.frames;
    const double passed = seconds - log->last_seconds;
    const double rate = passed > 0 ? (double)(frames - log->last_frames) / passed : NAN;
    TensorBoardEvent event = {.wall_seconds = wall_seconds(), .step = frames};
    log->last_frames = frames;
    log->last_seconds = seconds;
    add_numbers(&event, epoch, rate);
    return csv_append(&log->timing, error, "%" PRId64 ",%" PRId64 ",%.3f,%.6g", epoch->epoch,
                      frames, seconds, isfinite(rate) ? rate : 0) &&
           add_filters(&event, network, error) && tensorboard_write(&log->board, &event, error);
}

void epoch_log_end(EpochLog *log)
{
    if (!log->begun)
        return;
    csv_close(&log->timing);
    tensorboard_end(&log->board);
}
