#include <stdlib.h>

#include "nn/weights.h"
#include "report/filters.h"
#include "report/page_private.h"
#include "viewer/png.h"

enum { SENTENCE_BYTES = 200, SHOWN_WIDTH = 960 };

/* `number`: as people count, from 1 and only layers that have weights. */
static bool add_layer(Text *page, const FilterSource *source, int layer, int number, Error *error)
{
    char sentence[SENTENCE_BYTES];
    FileBytes png;
    Picture *picture = filters_draw(source, layer, 1, error);
    if (picture == NULL || !png_encode(&png, picture, error)) {
        picture_destroy(picture);
        return false;
    }
    filters_describe(source->spec, layer, sentence, sizeof sentence);
    const int scale = picture->width * 4 < SHOWN_WIDTH   ? 4
                      : picture->width * 2 < SHOWN_WIDTH ? 2
                                                         : 1;
    text_add(page,
             "<figure class=\"layer\"><h3>Layer %d</h3><img width=\"%d\" height=\"%d\" "
             "alt=\"Weights of layer %d: %s\" src=\"data:image/png;base64,",
             number, picture->width * scale, picture->height * scale, number, sentence);
    text_add_base64(page, png.bytes, png.count);
    text_add(page, "\"><figcaption>%s.</figcaption></figure>\n", sentence);
    file_free(&png);
    picture_destroy(picture);
    return true;
}

static bool add_layers(Text *page, const Network *network, Error *error)
{
    const NnSpec *spec = network_spec(network);
    float *parameters = malloc(nn_spec_parameters(spec) * sizeof *parameters + 1);
    if (parameters == NULL)
        return error_work(error, "no memory for the weights of a network");
    network_get_parameters(network, parameters);
    const FilterSource source = {spec, parameters};
    bool done = true;
    int number = 0;
    for (int layer = 0; layer < spec->layer_count && done; layer++)
        if (filters_drawable(spec, layer))
            done = add_layer(page, &source, layer, ++number, error);
    free(parameters);
    return done;
}

bool page_add_layers(Text *page, const Subject *subject, Error *error)
{
    const SubjectRun *best = subject_best(subject);
    char path[CSV_PATH_BYTES];
    NnSpec spec;
    run_weights_path(path, best->path, RUN_WEIGHTS_BEST);
    if (!file_exists(path))
        return true;
    if (!weights_spec(&spec, path, error))
        return false;
    Network *network = network_create(&spec, 1, NN_BACKEND_PLAIN, NULL, error);
    bool done = network != NULL && weights_load(network, path, error);
    text_add_plain(page, "<section><h2>What the layers weigh</h2>\n<p class=\"note\">The best "
                         "weights of ");
    text_add_escaped(page, best->path);
    text_add_plain(page,
                   ". Blue is below zero, red above, each unit by its own largest weight. The "
                   "channels of the first layer are the frames that the network sees, the "
                   "oldest first.</p>\n");
    done = done && add_layers(page, network, error);
    text_add_plain(page, "</section>\n");
    network_destroy(network);
    return done;
}
