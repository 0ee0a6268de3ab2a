#include "cli/layers.h"

#include <stdio.h>

#include "viewer/heat.h"
#include "viewer/theme.h"

enum { TITLE = 16, PADDING = 8, GAP = 1, SIDE_MAX = 12, TITLE_BYTES = 96 }; /* pixels */

/* What quantiles make of a layer is that layer times its taus: the layer is what there is to see.
 */
static bool shows(const NnSpec *spec, int layer)
{
    return layer + 1 < spec->layer_count && spec->layer[layer].kind != NN_QUANTILES &&
           (nn_spec_weighs(spec, layer + 1) || spec->layer[layer + 1].kind == NN_QUANTILES);
}

int layers_shown(const NnSpec *spec, int shown[NN_LAYERS_MAX])
{
    int count = 0;
    for (int layer = 0; layer < spec->layer_count; layer++)
        if (shows(spec, layer))
            shown[count++] = layer;
    return count;
}

int layers_learner(const NnSpec *spec, int layer)
{
    while (layer > 0 && !nn_spec_weighs(spec, layer))
        layer--;
    return layer;
}

static size_t size_of(NnShape shape)
{
    return (size_t)shape.channels * (size_t)shape.height * (size_t)shape.width;
}

size_t layers_floats(const NnSpec *spec)
{
    int shown[NN_LAYERS_MAX];
    const int count = layers_shown(spec, shown);
    size_t most = 1;
    for (int i = 0; i < count; i++)
        if (size_of(nn_spec_shape(spec, shown[i])) > most)
            most = size_of(nn_spec_shape(spec, shown[i]));
    return most;
}

static int maps_across(NnShape shape, int width, int side)
{
    const int across = (width + GAP) / (shape.width * side + GAP);
    return across < 1 ? 1 : across;
}

/* The largest side of a unit with which all maps find room; 1 at least. */
static int side_of(NnShape shape, Box room)
{
    int side = SIDE_MAX;
    for (; side > 1; side--) {
        const int across = maps_across(shape, room.width, side);
        const int down = (shape.channels + across - 1) / across;
        if (across * (shape.width * side + GAP) - GAP <= room.width &&
            down * (shape.height * side + GAP) - GAP <= room.height)
            break;
    }
    return side;
}

static void write_title(const NnSpec *spec, int layer, Picture *picture, Point at)
{
    char title[TITLE_BYTES];
    const NnShape shape = nn_spec_shape(spec, layer);
    const NnLayer *learner = &spec->layer[layers_learner(spec, layer)];
    if (learner->kind == NN_CONV2D)
        snprintf(title, sizeof title, "conv %d %d %d: %d maps of %d x %d", learner->outputs,
                 learner->kernel, learner->stride, shape.channels, shape.height, shape.width);
    else
        snprintf(title, sizeof title, "dense: %d units", shape.channels);
    picture_write(picture, at, 1, theme_ink, title);
}

static void draw_layer(const Network *network, int layer, Picture *picture, Box box, float *values)
{
    const NnSpec *spec = network_spec(network);
    const NnShape shape = nn_spec_shape(spec, layer);
    const size_t area = (size_t)shape.height * (size_t)shape.width;
    const Box room = {box.x, box.y + TITLE, box.width, box.height - TITLE - PADDING};
    const int side = side_of(shape, room), across = maps_across(shape, room.width, side);
    write_title(spec, layer, picture, (Point){box.x, box.y});
    network_get_activations(network, layer, 1, values);
    HeatMap map = {shape.width, shape.height, values, heat_most(values, size_of(shape))};
    for (int channel = 0; channel < shape.channels; channel++) {
        const Point at = {room.x + channel % across * (shape.width * side + GAP),
                          room.y + channel / across * (shape.height * side + GAP)};
        map.values = values + (size_t)channel * area;
        heat_draw(picture, at, &map, side);
    }
}

void layers_draw(const Network *network, Picture *picture, Box box, float *values)
{
    int shown[NN_LAYERS_MAX];
    const int count = layers_shown(network_spec(network), shown);
    picture_fill(picture, box, theme_paper);
    for (int i = 0; i < count; i++) {
        const int height = (box.height - PADDING) / count;
        const Box part = {box.x + PADDING, box.y + PADDING + i * height, box.width - 2 * PADDING,
                          height};
        draw_layer(network, shown[i], picture, part, values);
    }
}
