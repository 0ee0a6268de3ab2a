#include "cli/learn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "nn/weights.h"
#include "run/json.h"
#include "viewer/png.h"

enum {
    PATH_CHARS = 1024,
    CELL = 56,       /* pixels of a field of the confusion matrix */
    LABELS = 150,    /* at its left and top */
    MISTAKES = 48,   /* shown */
    ACROSS = 8,      /* in a row */
    TILE_TEXT = 130, /* width of a mistake's tile at least */
    FEATURES = 64,   /* shown */
};

static const Colour white = {255, 255, 255}, black = {20, 20, 20};

const char *learn_class_name(const LearnResult *result, int k, char room[16])
{
    if (result->class_names != NULL && k < result->data->classes)
        return result->class_names[k];
    snprintf(room, 16, "%d", k);
    return room;
}

bool learn_folder_begin(const char *folder, Error *error)
{
    if (file_exists(folder))
        return error_input(error, "'%s' is there already: name a new folder", folder);
    return file_make_folder(folder, error);
}

static const char *path_in(char path[PATH_CHARS], const LearnResult *result, const char *name)
{
    snprintf(path, PATH_CHARS, "%s/%s", result->plan->folder, name);
    return path;
}

/* Save the picture and let go of it; NULL: there is none, which has been said. */
static bool save(Picture *picture, const LearnResult *result, const char *name, Error *error)
{
    char path[PATH_CHARS];
    const bool done = picture != NULL && png_save(path_in(path, result, name), picture, error);
    picture_destroy(picture);
    return done;
}

static Picture *white_picture(int width, int height, Error *error)
{
    Picture *picture = picture_create(width, height, error);
    if (picture != NULL)
        picture_fill(picture, (Box){0, 0, width, height}, white);
    return picture;
}

/* ---- confusion ---- */

/* The darker, the more of a row's examples; the diagonal is what is right. */
static void draw_field(Picture *picture, const LearnResult *result, int truth, int said, int all)
{
    const int count = result->confusion[truth * result->classes + said];
    const double part = all > 0 ? sqrt((double)count / all) : 0;
    const uint8_t pale = (uint8_t)(255 - 200 * part);
    const Colour colour = truth == said ? (Colour){pale, 255, pale} : (Colour){255, pale, pale};
    const Box box = {LABELS + said * CELL, LABELS / 2 + truth * CELL, CELL - 1, CELL - 1};
    char text[16];
    snprintf(text, sizeof text, "%d", count);
    picture_fill(picture, box, colour);
    picture_write(picture,
                  (Point){box.x + (CELL - picture_text_width(text, 1)) / 2, box.y + CELL / 2 - 4},
                  1, black, text);
}

static bool save_confusion(const LearnResult *result, Error *error)
{
    enum { CLASSES_DRAWN = 100 };
    if (result->classes > CLASSES_DRAWN)
        return true;
    const int side = result->classes * CELL;
    Picture *picture = white_picture(LABELS + side + 8, LABELS / 2 + side + 8, error);
    if (picture == NULL)
        return false;
    picture_write(picture, (Point){8, 8}, 1, black, "rows: the truth, columns: what was said");
    for (int t = 0; t < result->classes; t++) {
        char room[16];
        int all = 0;
        const char *name = learn_class_name(result, t, room);
        picture_write(picture, (Point){8, LABELS / 2 + t * CELL + CELL / 2 - 4}, 1, black, name);
        picture_write(picture, (Point){LABELS + t * CELL + 2, LABELS / 2 - 12}, 1, black, name);
        for (int k = 0; k < result->classes; k++)
            all += result->confusion[t * result->classes + k];
        for (int k = 0; k < result->classes; k++)
            draw_field(picture, result, t, k, all);
    }
    return save(picture, result, "confusion.png", error);
}

/* ---- pictures of the data's shape ---- */

static bool has_pictures(const LearnResult *result)
{
    const NnShape shape = result->data->shape;
    return result->data->bytes != NULL && shape.height * shape.width > 1 && shape.height <= 256 &&
           shape.width <= 256;
}

/* The first plane of example `n` of the test data. */
static void draw_mistake(Picture *picture, Point at, const LearnResult *result, int n)
{
    const NnShape shape = result->data->shape;
    const size_t size = (size_t)shape.channels * (size_t)shape.height * (size_t)shape.width;
    const GreyPicture grey = {shape.width, shape.height,
                              result->test->data->bytes + (size_t)result->test->index[n] * size};
    char text[64], room[2][16];
    const int truth = result->test->data->label[result->test->index[n]];
    snprintf(text, sizeof text, "%.12s?\n%.12s",
             learn_class_name(result, result->guess[n], room[0]),
             learn_class_name(result, truth, room[1]));
    picture_paste_grey(picture, at, &grey, (Enlargement){3, 3});
    picture_write(picture, (Point){at.x, at.y + 3 * shape.height + 4}, 1, black, text);
}

/* What was said, with a question mark, above what is true; the first that went wrong. */
static bool save_mistakes(const LearnResult *result, Error *error)
{
    const NnShape shape = result->data->shape;
    const int wide = 3 * shape.width + 12, across = wide > TILE_TEXT ? wide : TILE_TEXT;
    const int down = 3 * shape.height + 40;
    Picture *picture = white_picture(ACROSS * across + 8, MISTAKES / ACROSS * down + 8, error);
    if (picture == NULL)
        return false;
    int drawn = 0;
    for (int n = 0; n < result->test->count && drawn < MISTAKES; n++) {
        if (result->guess[n] == result->test->data->label[result->test->index[n]])
            continue;
        draw_mistake(picture, (Point){8 + drawn % ACROSS * across, 8 + drawn / ACROSS * down},
                     result, n);
        drawn++;
    }
    return save(picture, result, "mistakes.png", error);
}

/* Weights of one unit as grey: black the smallest, white the largest of them. */
static void draw_feature(Picture *picture, Point at, const float *weights, int width, int height,
                         int enlarged)
{
    uint8_t luminance[256 * 256];
    float low = weights[0], high = weights[0];
    for (int i = 0; i < width * height; i++) {
        low = fminf(low, weights[i]);
        high = fmaxf(high, weights[i]);
    }
    for (int i = 0; i < width * height; i++)
        luminance[i] = (uint8_t)(high > low ? 255 * (weights[i] - low) / (high - low) : 127);
    const GreyPicture grey = {width, height, luminance};
    picture_paste_grey(picture, at, &grey, (Enlargement){enlarged, enlarged});
}

/* What the first layer's units look for: their weights of the first plane. */
static bool draw_features(const LearnResult *result, const float *parameters, Error *error)
{
    const NnSpec *spec = network_spec(result->network);
    const NnLayer *layer = &spec->layer[0];
    const NnShape shape = spec->input;
    const bool dense = layer->kind != NN_CONV2D;
    const int width = dense ? shape.width : layer->kernel;
    const int height = dense ? shape.height : layer->kernel, enlarged = dense ? 3 : 16;
    const int across = width * enlarged + 6, down = height * enlarged + 6;
    const int count = layer->outputs < FEATURES ? layer->outputs : FEATURES;
    const int rows = (count + ACROSS - 1) / ACROSS;
    Picture *picture = white_picture(ACROSS * across + 6, rows * down + 6, error);
    if (picture == NULL)
        return false;
    for (int o = 0; o < count; o++)
        draw_feature(picture, (Point){6 + o % ACROSS * across, 6 + o / ACROSS * down},
                     parameters + (size_t)o * (size_t)(width * height * shape.channels), width,
                     height, enlarged);
    return save(picture, result, "features.png", error);
}

static bool save_features(const LearnResult *result, Error *error)
{
    if (!nn_spec_weighs(network_spec(result->network), 0))
        return true;
    const size_t count = nn_spec_parameters(network_spec(result->network));
    float *parameters = malloc(count * sizeof *parameters);
    if (parameters == NULL)
        return error_work(error, "no memory for %zu parameters", count);
    network_get_parameters(result->network, parameters);
    const bool done = draw_features(result, parameters, error);
    free(parameters);
    return done;
}

/* ---- tables and texts ---- */

char *learn_summary(const LearnResult *result, bool lines, Error *error)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "data", result->plan->data_name);
    cJSON_AddStringToObject(object, "net", result->plan->net_name);
    cJSON_AddNumberToObject(object, "seed", (double)result->plan->seed);
    cJSON_AddNumberToObject(object, "epochs", result->epochs);
    cJSON_AddNumberToObject(object, "threads", (double)result->plan->threads);
    cJSON_AddNumberToObject(object, "batch", result->plan->recipe.batch);
    cJSON_AddNumberToObject(object, "parameters",
                            (double)nn_spec_parameters(network_spec(result->network)));
    cJSON_AddNumberToObject(object, "test_accuracy", result->test_accuracy);
    cJSON_AddNumberToObject(object, "train_accuracy", result->train_accuracy);
    cJSON_AddNumberToObject(object, "seconds", result->seconds);
    cJSON_AddNumberToObject(object, "processor_seconds", result->processor_seconds);
    cJSON_AddNumberToObject(object, "examples_per_second", result->examples_per_second);
    return json_text(object, lines, error);
}

/* A file from what `write` prints; the file of before is replaced whole. */
static bool save_text(const LearnResult *result, const char *name,
                      void (*write)(FILE *file, const LearnResult *result), Error *error)
{
    char path[PATH_CHARS], *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    bool done = file != NULL;
    if (done) {
        write(file, result);
        done = fclose(file) == 0;
    }
    done = done ? file_replace(path_in(path, result, name), text, bytes, error)
                : error_work(error, "no memory for '%s'", name);
    free(text);
    return done;
}

static void write_metrics(FILE *file, const LearnResult *result)
{
    fprintf(file, "epoch,loss,test_accuracy,validation_accuracy,seconds\n");
    for (int i = 0; i < result->epochs; i++) {
        const LearnEpoch *e = &result->epoch[i];
        fprintf(file, "%d,%.6g,%.6g,", e->epoch, e->loss, e->accuracy);
        if (e->validation_accuracy >= 0)
            fprintf(file, "%.6g", e->validation_accuracy);
        fprintf(file, ",%.3f\n", e->seconds);
    }
}

static void write_page(FILE *file, const LearnResult *result)
{
    char layers[NN_SPEC_TEXT];
    nn_spec_text(network_spec(result->network), layers, sizeof layers);
    fprintf(file,
            "<!doctype html>\n<meta charset=\"utf-8\">\n<title>deepq learn</title>\n"
            "<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}"
            "td,th{padding:.2em 1em;text-align:right}img{max-width:100%%}</style>\n"
            "<h1>Test accuracy %.2f %%</h1>\n<p><code>%s</code></p>\n"
            "<p>%d epochs, seed %lld; training accuracy %.2f %%; %.1f s of training, %.0f "
            "examples/s.</p>\n<table><tr><th>epoch<th>loss<th>test accuracy<th>seconds\n",
            100 * result->test_accuracy, layers, result->epochs, (long long)result->plan->seed,
            100 * result->train_accuracy, result->seconds, result->examples_per_second);
    for (int i = 0; i < result->epochs; i++)
        fprintf(file, "<tr><td>%d<td>%.4f<td>%.2f %%<td>%.1f\n", result->epoch[i].epoch,
                result->epoch[i].loss, 100 * result->epoch[i].accuracy, result->epoch[i].seconds);
    fprintf(file, "</table>\n<h2>Confusion</h2>\n<img src=\"confusion.png\" alt=\"confusion\">\n");
    if (has_pictures(result))
        fprintf(file, "<h2>Mistakes</h2>\n<p>What was said, and what is true.</p>\n"
                      "<img src=\"mistakes.png\" alt=\"mistakes\">\n"
                      "<h2>What the first layer looks for</h2>\n"
                      "<img src=\"features.png\" alt=\"weights of the first layer\">\n");
}

static bool save_summary(const LearnResult *result, Error *error)
{
    char path[PATH_CHARS];
    char *text = learn_summary(result, true, error);
    const bool done = text != NULL && file_replace(path_in(path, result, "summary.json"), text,
                                                   strlen(text), error);
    free(text);
    return done;
}

bool learn_folder_write(const LearnResult *result, Error *error)
{
    char path[PATH_CHARS];
    const WeightsNote notes[] = {{"data", result->plan->data_name}};
    return weights_save(result->network, path_in(path, result, "weights.safetensors"), notes, 1,
                        error) &&
           save_text(result, "metrics.csv", write_metrics, error) &&
           save_confusion(result, error) &&
           (!has_pictures(result) ||
            (save_mistakes(result, error) && save_features(result, error))) &&
           save_summary(result, error) && save_text(result, "report.html", write_page, error);
}
