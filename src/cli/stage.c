#include "cli/stage.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PANEL_PADDING = 8,
    NEWEST_SIDE = 168, /* of the newest frame, about */
    OLDER_COLUMNS = 4,
    BAR_ROW = 12,
    BAR_LEFT = 90, /* where bars begin, after the action's name */
    BAR_LENGTH = 90,
    VALUE_BYTES = 32,
    PANEL_WIDTH = 2 * PANEL_PADDING + 3 * (NEWEST_SIDE / 2 + 1), /* three older frames wide */
};

static const Colour paper = {18, 20, 26}, ink = {150, 156, 168}, bright = {255, 200, 80};
static const Colour bar = {70, 110, 170};

struct Stage {
    const Env *env;
    int history;
    Enlargement by;
    Picture *page;
    Picture *screen; /* the game's own picture */
};

static int panel_height(const Env *env)
{
    const int frames = NEWEST_SIDE + NEWEST_SIDE / 2;
    return frames + 4 * PANEL_PADDING + env->spec.actions * BAR_ROW;
}

static int page_height(const Stage *stage)
{
    const int game = stage->env->spec.picture_height * stage->by.down;
    const int panel = stage->history > 0 ? panel_height(stage->env) : 0;
    return game > panel ? game : panel;
}

Stage *stage_create(const Env *env, int scale, int history, Error *error)
{
    assert(scale >= 1 && scale <= STAGE_SCALE_MAX);
    const EnvSpec *spec = &env->spec;
    Stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL) {
        error_work(error, "no memory for a picture of '%s'", spec->name);
        return NULL;
    }
    stage->env = env;
    stage->history = history;
    stage->by = enlargement_of(spec->picture_aspect, scale);
    const int game_width = spec->picture_width * stage->by.across;
    stage->screen = picture_create(spec->picture_width, spec->picture_height, error);
    stage->page =
        picture_create(game_width + (history > 0 ? PANEL_WIDTH : 0), page_height(stage), error);
    if (stage->screen == NULL || stage->page == NULL) {
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
    free(stage);
}

/* ---- the panel ---- */

/* A frame, enlarged by whole pixels to about `side`. Returns the height that was used. */
static int draw_frame(Stage *stage, Point at, const uint8_t *frame, int side)
{
    const EnvSpec *spec = &stage->env->spec;
    const int longer =
        spec->frame_height > spec->frame_width ? spec->frame_height : spec->frame_width;
    const int times = side / longer > 0 ? side / longer : 1;
    const Box box = {at.x, at.y, spec->frame_width * times, spec->frame_height * times};
    picture_fill(stage->page, box, (Colour){0, 0, 0});
    if (frame != NULL)
        picture_paste_grey(stage->page, at,
                           &(GreyPicture){spec->frame_width, spec->frame_height, frame},
                           (Enlargement){times, times});
    return box.height;
}

/* The newest large, the older ones below it, half as large; as many as there is room for. */
static int draw_state(Stage *stage, Point at, Agent *agent)
{
    const uint8_t *const *planes = agent_state(agent);
    const int side = NEWEST_SIDE / 2;
    int y = at.y + draw_frame(stage, at, planes[stage->history - 1], NEWEST_SIDE) + PANEL_PADDING;
    int below = 0;
    for (int age = 1; age < stage->history && age < OLDER_COLUMNS; age++) {
        const Point older = {at.x + (age - 1) * (side + 1), y};
        if (older.x + side > stage->page->width)
            break;
        below = draw_frame(stage, older, planes[stage->history - 1 - age], side);
    }
    return y + below + PANEL_PADDING;
}

/* Bars from the lowest value (none) to the highest (whole). */
static void draw_values(Stage *stage, Point at, Agent *agent)
{
    const EnvSpec *spec = &stage->env->spec;
    const float *values = agent_values(agent);
    float lowest = values[0], highest = values[0];
    for (int i = 1; i < spec->actions; i++) {
        lowest = values[i] < lowest ? values[i] : lowest;
        highest = values[i] > highest ? values[i] : highest;
    }
    const float range = highest > lowest ? highest - lowest : 1;
    for (int i = 0; i < spec->actions; i++) {
        char number[VALUE_BYTES];
        const bool best = values[i] >= highest;
        const Point row = {at.x, at.y + i * BAR_ROW};
        const int length = 2 + (int)((values[i] - lowest) / range * (BAR_LENGTH - 2));
        snprintf(number, sizeof number, "%.2f", (double)values[i]);
        picture_write(stage->page, row, 1, best ? bright : ink, spec->action_names[i]);
        picture_fill(stage->page, (Box){row.x + BAR_LEFT, row.y, length, BAR_ROW - 5},
                     best ? bright : bar);
        picture_write(stage->page, (Point){row.x + BAR_LEFT + BAR_LENGTH + 6, row.y}, 1,
                      best ? bright : ink, number);
    }
}

static void draw_panel(Stage *stage, Agent *agent)
{
    const int left = stage->screen->width * stage->by.across;
    const Point at = {left + PANEL_PADDING, PANEL_PADDING};
    picture_fill(stage->page, (Box){left, 0, PANEL_WIDTH, stage->page->height}, paper);
    const int y = draw_state(stage, at, agent);
    draw_values(stage, (Point){at.x, y}, agent);
}

const Picture *stage_draw(Stage *stage, Agent *agent)
{
    env_draw(stage->env, stage->screen->rgb);
    picture_paste(stage->page, (Point){0, 0}, stage->screen, stage->by);
    if (stage->history > 0 && agent != NULL)
        draw_panel(stage, agent);
    return stage->page;
}
