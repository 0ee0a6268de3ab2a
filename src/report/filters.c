#include "report/filters.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FEW_CHANNELS = 4 };

static const double picture_aspect = 2.5; /* about what a page is wide for its height */
static const Colour gap_colour = {136, 136, 136};

/* How a layer's weights lie, and how they are shown. */
typedef struct {
    int units, channels, height, width; /* weights: [units][channels][height][width] */
    bool mean_square;                   /* over the channels: one tile a unit */
} Bank;

typedef struct {
    int units_across, units_down; /* of the grid */
    int tiles;                    /* of each unit */
    bool upright;                 /* a unit's tiles lie below each other, not beside */
    int gap;                      /* pixels between tiles */
} Grid;

static Bank bank_of(const NnSpec *spec, int layer)
{
    const NnLayer *is = &spec->layer[layer];
    const NnShape in = nn_spec_shape(spec, layer - 1);
    if (is->kind == NN_CONV2D)
        return (Bank){is->outputs, in.channels, is->kernel, is->kernel, false};
    if (in.height * in.width == 1)
        return (Bank){1, 1, is->outputs, in.channels, false};
    return (Bank){is->outputs, in.channels, in.height, in.width, in.channels > FEW_CHANNELS};
}

/* A number near `about` that divides `units`, so that the last row is full; where there is none
 * within half of it, `about`. */
static int divisor_near(int units, int about)
{
    for (int far = 0; far <= about / 2; far++) {
        if (about + far <= units && units % (about + far) == 0)
            return about + far;
        if (units % (about - far) == 0)
            return about - far;
    }
    return about;
}

/* Units in rows that make the whole about as wide, for its height, as a page likes. */
static int units_across(const Bank *bank, int tiles)
{
    const double aspect = (double)(tiles * (bank->width + 1) + 1) / (double)(bank->height + 2);
    const double across = sqrt(bank->units * picture_aspect / aspect);
    if (across < 1)
        return 1;
    return divisor_near(bank->units, across > bank->units ? bank->units : (int)lround(across));
}

static Grid grid_of(const Bank *bank)
{
    Grid grid = {.tiles = bank->mean_square ? 1 : bank->channels, .gap = 1};
    grid.upright = grid.tiles > FEW_CHANNELS;
    grid.units_across = grid.upright ? bank->units : units_across(bank, grid.tiles);
    grid.units_down = (bank->units + grid.units_across - 1) / grid.units_across;
    return grid;
}

/* A tile's weight at a place; `tile`: the channel. */
static double weight_at(const Bank *bank, const float *unit, int tile, int place)
{
    const int places = bank->height * bank->width;
    if (!bank->mean_square)
        return unit[tile * places + place];
    double sum = 0;
    for (int c = 0; c < bank->channels; c++)
        sum += (double)unit[c * places + place] * unit[c * places + place];
    return sqrt(sum / bank->channels);
}

/* What is white, and how far from it is full colour. */
typedef struct {
    double white, full;
} Scale;

static Scale scale_of(const Bank *bank, const float *unit, int tiles)
{
    double least = INFINITY, most = 0;
    for (int tile = 0; tile < tiles; tile++)
        for (int place = 0; place < bank->height * bank->width; place++) {
            const double size = fabs(weight_at(bank, unit, tile, place));
            least = fmin(least, size);
            most = fmax(most, size);
        }
    const double white = bank->mean_square ? least : 0;
    return (Scale){white, most > white ? most - white : 1};
}

static uint8_t mixed(double from, double to, double part)
{
    return (uint8_t)lround(from + (to - from) * part);
}

/* -1: blue, 0: white, 1: red. */
static Colour colour_of(double value)
{
    static const Colour blue = {33, 86, 172}, red = {190, 30, 45};
    const Colour full = value < 0 ? blue : red;
    const double part = fmin(fabs(value), 1);
    return (Colour){mixed(250, full.red, part), mixed(250, full.green, part),
                    mixed(250, full.blue, part)};
}

static void draw_tile(Picture *picture, Point at, const Bank *bank, const float *unit, int tile,
                      Scale scale, int by)
{
    for (int y = 0; y < bank->height; y++)
        for (int x = 0; x < bank->width; x++) {
            const double weight = weight_at(bank, unit, tile, y * bank->width + x);
            const Box box = {by * (at.x + x), by * (at.y + y), by, by};
            picture_fill(picture, box, colour_of((weight - scale.white) / scale.full));
        }
}

/* Pixels of a unit's tiles with a gap behind each, and one more where units lie in rows. */
static Point unit_size(const Bank *bank, const Grid *grid)
{
    const int width = bank->width + grid->gap, height = bank->height + grid->gap;
    return grid->upright ? (Point){width, grid->tiles * height}
                         : (Point){grid->tiles * width + grid->gap, height + grid->gap};
}

static void draw_unit(Picture *picture, const Bank *bank, const Grid *grid, int index,
                      const float *unit, int by)
{
    const Scale scale = scale_of(bank, unit, grid->tiles);
    const Point size = unit_size(bank, grid);
    for (int tile = 0; tile < grid->tiles; tile++) {
        const int right = grid->upright ? 0 : tile, below = grid->upright ? tile : 0;
        const Point at = {
            index % grid->units_across * size.x + right * (bank->width + grid->gap) + grid->gap,
            index / grid->units_across * size.y + below * (bank->height + grid->gap) + grid->gap};
        draw_tile(picture, at, bank, unit, tile, scale, by);
    }
}

static int picture_width(const Bank *bank, const Grid *grid)
{
    return grid->units_across * unit_size(bank, grid).x + grid->gap;
}

bool filters_drawable(const NnSpec *spec, int layer)
{
    if (!nn_spec_weighs(spec, layer))
        return false;
    const Bank bank = bank_of(spec, layer);
    const Grid grid = grid_of(&bank);
    return picture_width(&bank, &grid) <= PICTURE_SIDE_MAX &&
           grid.units_down * unit_size(&bank, &grid).y + grid.gap <= PICTURE_SIDE_MAX;
}

int filters_scale(const NnSpec *spec, int layer, int wanted)
{
    const Bank bank = bank_of(spec, layer);
    const Grid grid = grid_of(&bank);
    return wanted / picture_width(&bank, &grid);
}

Picture *filters_draw(const FilterSource *source, int layer, int by, Error *error)
{
    const Bank bank = bank_of(source->spec, layer);
    const Grid grid = grid_of(&bank);
    const Point size = unit_size(&bank, &grid);
    const int width = picture_width(&bank, &grid);
    const int height = grid.units_down * size.y + grid.gap;
    if (width > PICTURE_SIDE_MAX / by || height > PICTURE_SIDE_MAX / by) {
        error_input(error, "layer %d has too many weights for a picture", layer);
        return NULL;
    }
    Picture *picture = picture_create(by * width, by * height, error);
    if (picture == NULL)
        return NULL;
    picture_fill(picture, (Box){0, 0, by * width, by * height}, gap_colour);
    const float *weights = source->parameters + nn_spec_slice(source->spec, layer).offset;
    const size_t unit_weights = (size_t)bank.channels * (size_t)bank.height * (size_t)bank.width;
    for (int unit = 0; unit < bank.units; unit++)
        draw_unit(picture, &bank, &grid, unit, weights + (size_t)unit * unit_weights, by);
    return picture;
}

void filters_describe(const NnSpec *spec, int layer, char *text, size_t size)
{
    const Bank bank = bank_of(spec, layer);
    const int outputs = spec->layer[layer].outputs;
    if (spec->layer[layer].kind == NN_CONV2D)
        snprintf(text, size, "%d filters of %d by %d weights on %d channel%s: %s", outputs,
                 bank.height, bank.width, bank.channels, bank.channels == 1 ? "" : "s",
                 bank.channels > FEW_CHANNELS ? "a column for each filter, a tile for each channel"
                                              : "a tile for each channel, filter by filter");
    else if (bank.units == 1 && outputs == bank.height)
        snprintf(text, size, "%d units on %d units: a row for each, a pixel for each weight",
                 outputs, bank.width);
    else
        snprintf(text, size, "%d units on %d channel%s of %d by %d: %s", outputs, bank.channels,
                 bank.channels == 1 ? "" : "s", bank.height, bank.width,
                 bank.mean_square ? "where each looks (root mean square over the channels, "
                                    "white for its least, red for its most)"
                                  : "a tile for each channel, unit by unit");
}
