#include "cli/stage.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/layers.h"
#include "nn/inspect.h"
#include "viewer/heat.h"
#include "viewer/theme.h"
#include "viewer/trail.h"

enum {
    PADDING = 8,
    FRAME_SIDE = 168, /* of a frame, about */
    FRAMES_MAX = 4,
    FRAMES_ACROSS = 2,
    CAPTION = 14,
    BAR_ROW = 14,
    BAR_LEFT = 108, /* where bars begin, after the action's name */
    BAR_LENGTH = 160,
    VALUE_BYTES = 32,
    PANEL_WIDTH = FRAMES_ACROSS * (FRAME_SIDE + PADDING) + PADDING,
    TRAIL_HEIGHT = 120,
    TRAIL_SECONDS = 10,
    GOOD_ROWS = 400, /* of a game beside the panels */
};

struct Stage {
    StageShape shape;
    StageView view;
    Enlargement by;
    Picture *page;
    Picture *screen; /* the game's own picture */
    Trail *trail;
    Saliency *saliency;   /* NULL: without network */
    float *activations;   /* of one layer; NULL likewise */
    float *slope;         /* of the highest value, with respect to the outputs */
    const float *matters; /* the gradient at the present state; NULL: not asked for */
    double matters_most;
};

int stage_good_scale(const Env *env)
{
    const int scale = (GOOD_ROWS + env->spec.picture_height - 1) / env->spec.picture_height;
    return scale < STAGE_SCALE_MAX ? scale : STAGE_SCALE_MAX;
}

/* ---- life ---- */

static int frames_shown(const Stage *stage)
{
    return stage->shape.history < FRAMES_MAX ? stage->shape.history : FRAMES_MAX;
}

/* By how much a frame of the agent is enlarged. */
static int frame_times(const Stage *stage)
{
    const EnvSpec *spec = &stage->shape.env->spec;
    const int longer =
        spec->frame_height > spec->frame_width ? spec->frame_height : spec->frame_width;
    return FRAME_SIDE / longer > 0 ? FRAME_SIDE / longer : 1;
}

static int frames_height(const Stage *stage)
{
    const int rows = (frames_shown(stage) + FRAMES_ACROSS - 1) / FRAMES_ACROSS;
    return CAPTION + rows * (stage->shape.env->spec.frame_height * frame_times(stage) + PADDING);
}

static Box game_box(const Stage *stage)
{
    const EnvSpec *spec = &stage->shape.env->spec;
    return (Box){0, 0, spec->picture_width * stage->by.across,
                 spec->picture_height * stage->by.down};
}

static Picture *make_page(const Stage *stage, Error *error)
{
    const Box game = game_box(stage);
    if (!stage->shape.panels)
        return picture_create(game.width, game.height, error);
    const int left = game.height + TRAIL_HEIGHT;
    const int right =
        3 * PADDING + frames_height(stage) + CAPTION + stage->shape.env->spec.actions * BAR_ROW;
    return picture_create(game.width + PANEL_WIDTH, left > right ? left : right, error);
}

static bool make_panels(Stage *stage, Error *error)
{
    const EnvSpec *spec = &stage->shape.env->spec;
    const Network *network = stage->shape.network;
    const double steps = TRAIL_SECONDS * spec->frames_per_second / spec->frames_per_step;
    stage->trail = trail_create(steps < 2 ? 2 : (int)steps, error);
    if (stage->trail == NULL || network == NULL)
        return stage->trail != NULL;
    const NnSpec *layers = network_spec(network);
    const NnShape out = nn_spec_shape(layers, layers->layer_count - 1);
    const size_t outputs = (size_t)out.channels * (size_t)out.width;
    const size_t floats = layers_floats(layers) + outputs;
    stage->saliency = saliency_create(network_spec(network), error);
    stage->activations = calloc(floats, sizeof(float));
    if (stage->saliency == NULL)
        return false;
    if (stage->activations == NULL)
        return error_work(error, "no memory for a picture of '%s'", spec->name);
    stage->slope = stage->activations + layers_floats(network_spec(network));
    return true;
}

Stage *stage_create(const StageShape *shape, Error *error)
{
    assert(shape->scale >= 1 && shape->scale <= STAGE_SCALE_MAX);
    const EnvSpec *spec = &shape->env->spec;
    Stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL) {
        error_work(error, "no memory for a picture of '%s'", spec->name);
        return NULL;
    }
    stage->shape = *shape;
    stage->by = enlargement_of(spec->picture_aspect, shape->scale);
    stage->screen = picture_create(spec->picture_width, spec->picture_height, error);
    if (stage->screen != NULL)
        stage->page = make_page(stage, error);
    if (stage->page == NULL || (shape->panels && !make_panels(stage, error))) {
        stage_destroy(stage);
        return NULL;
    }
    return stage;
}

void stage_destroy(Stage *stage)
{
    if (stage == NULL)
        return;
    picture_destroy(stage->screen);
    picture_destroy(stage->page);
    trail_destroy(stage->trail);
    saliency_destroy(stage->saliency);
    free(stage->activations);
    free(stage);
}

void stage_view(Stage *stage, StageView view)
{
    stage->view = view;
}

/* ---- the panels ---- */

void stage_note(Stage *stage, Agent *agent, const EnvStep *step)
{
    if (!stage->shape.panels)
        return;
    const float *values = agent_values(agent);
    const float value = values[agent_best(values, stage->shape.env->spec.actions)];
    const TrailMark mark = step == NULL           ? TRAIL_BEGIN
                           : step->reward[0] != 0 ? TRAIL_REWARD
                                                  : TRAIL_PLAIN;
    trail_add(stage->trail, value, mark);
}

/* The gradient of the highest value, if it is to be shown. */
static void look_what_matters(Stage *stage, const Agent *agent, const float *values)
{
    const EnvSpec *spec = &stage->shape.env->spec;
    stage->matters = NULL;
    if (!stage->view.saliency || stage->saliency == NULL)
        return;
    agent_slope(agent, agent_best(values, spec->actions), stage->slope);
    const Network *network = stage->shape.network;
    saliency_renew(stage->saliency, network);
    stage->matters = saliency_look(stage->saliency, network, network_spec(network)->layer_count - 1,
                                   stage->slope);
    const int pixels = stage->shape.history * spec->frame_height * spec->frame_width;
    stage->matters_most = 0;
    for (int i = 0; i < pixels; i++)
        stage->matters_most = fmax(stage->matters_most, fabs((double)stage->matters[i]));
}

/* A frame's pixel, darker, under the colour of how much it matters. */
static Colour pixel_that_matters(uint8_t luminance, double amount)
{
    const Colour hot = heat_amount(amount);
    const double over = fmin(1, 2 * amount), under = 0.6 * luminance * (1 - over);
    return (Colour){(uint8_t)(under + over * hot.red), (uint8_t)(under + over * hot.green),
                    (uint8_t)(under + over * hot.blue)};
}

static void draw_frame(Stage *stage, Point at, int plane, const uint8_t *frame)
{
    const EnvSpec *spec = &stage->shape.env->spec;
    const int times = frame_times(stage), pixels = spec->frame_height * spec->frame_width;
    if (frame == NULL)
        picture_fill(stage->page,
                     (Box){at.x, at.y, spec->frame_width * times, spec->frame_height * times},
                     (Colour){0, 0, 0});
    else if (stage->matters == NULL || !(stage->matters_most > 0))
        picture_paste_grey(stage->page, at,
                           &(GreyPicture){spec->frame_width, spec->frame_height, frame},
                           (Enlargement){times, times});
    else
        for (int i = 0; i < pixels; i++) {
            const double size = fabs((double)stage->matters[plane * pixels + i]);
            const Box box = {at.x + i % spec->frame_width * times,
                             at.y + i / spec->frame_width * times, times, times};
            picture_fill(stage->page, box,
                         pixel_that_matters(frame[i], size / stage->matters_most));
        }
}

/* The newest frames, the oldest of them first. */
static void draw_state(Stage *stage, Point at, Agent *agent)
{
    const EnvSpec *spec = &stage->shape.env->spec;
    const uint8_t *const *planes = agent_state(agent);
    const int shown = frames_shown(stage), times = frame_times(stage);
    picture_write(stage->page, at, 1, theme_ink,
                  stage->matters != NULL ? "what it sees, and which pixels matter"
                                         : "what the network sees, oldest first");
    for (int i = 0; i < shown; i++) {
        const int plane = stage->shape.history - shown + i;
        const Point place = {at.x + i % FRAMES_ACROSS * (FRAME_SIDE + PADDING),
                             at.y + CAPTION +
                                 i / FRAMES_ACROSS * (spec->frame_height * times + PADDING)};
        draw_frame(stage, place, plane, planes[plane]);
    }
}

/* Bars from the lowest value (none) to the highest (whole). */
static void draw_values(Stage *stage, Point at, const float *values)
{
    const EnvSpec *spec = &stage->shape.env->spec;
    const float highest = values[agent_best(values, spec->actions)];
    float lowest = highest;
    for (int i = 0; i < spec->actions; i++)
        lowest = values[i] < lowest ? values[i] : lowest;
    const float range = highest > lowest ? highest - lowest : 1;
    picture_write(stage->page, at, 1, theme_ink, "value of each action");
    for (int i = 0; i < spec->actions; i++) {
        char number[VALUE_BYTES];
        const bool best = values[i] >= highest;
        const Point row = {at.x, at.y + CAPTION + i * BAR_ROW};
        const int length = 2 + (int)((values[i] - lowest) / range * (BAR_LENGTH - 2));
        snprintf(number, sizeof number, "%.2f", (double)values[i]);
        picture_write(stage->page, row, 1, best ? theme_bright : theme_ink, spec->action_names[i]);
        picture_fill(stage->page, (Box){row.x + BAR_LEFT, row.y - 1, length, BAR_ROW - 5},
                     best ? theme_bright : theme_bar);
        picture_write(stage->page, (Point){row.x + BAR_LEFT + BAR_LENGTH + 8, row.y}, 1,
                      best ? theme_bright : theme_ink, number);
    }
}

static void draw_panels(Stage *stage, Agent *agent)
{
    const Box game = game_box(stage);
    const Point at = {game.width + PADDING, PADDING};
    const float *values = agent_values(agent);
    look_what_matters(stage, agent, values);
    picture_fill(stage->page, (Box){game.width, 0, PANEL_WIDTH, stage->page->height}, theme_paper);
    draw_state(stage, at, agent);
    draw_values(stage, (Point){at.x, at.y + frames_height(stage) + PADDING}, values);
    trail_draw(stage->trail, stage->page,
               (Box){0, game.height, game.width, stage->page->height - game.height},
               "value of the last 10 seconds");
}

const Picture *stage_draw(Stage *stage, Agent *agent)
{
    const bool panels = stage->shape.panels && agent != NULL;
    if (panels)
        draw_panels(stage, agent);
    if (panels && stage->view.layers && stage->activations != NULL) {
        layers_draw(stage->shape.network, stage->page, game_box(stage), stage->activations);
        return stage->page;
    }
    env_draw(stage->shape.env, stage->screen->rgb);
    picture_paste(stage->page, (Point){0, 0}, stage->screen, stage->by);
    return stage->page;
}
