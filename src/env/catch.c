#include "env/catch.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { ROWS = 10, COLUMNS = 5, CELL_PIXELS = 16, CELLS = ROWS * COLUMNS };

typedef struct {
    Random random;
    int32_t ball_row, ball_column, paddle_column;
    uint8_t frame[CELLS];
} CatchState;

typedef struct {
    Env env;
    CatchState state;
} Catch;

static CatchState *state_of(Env *env)
{
    return &((Catch *)env)->state;
}

static const CatchState *state_of_const(const Env *env)
{
    return &((const Catch *)env)->state;
}

static void show(CatchState *state)
{
    memset(state->frame, 0, sizeof state->frame);
    state->frame[(ROWS - 1) * COLUMNS + state->paddle_column] = 255;
    state->frame[state->ball_row * COLUMNS + state->ball_column] = 255;
}

static void catch_reset(Env *env)
{
    CatchState *state = state_of(env);
    state->ball_row = 0;
    state->ball_column = (int32_t)random_below(&state->random, COLUMNS);
    state->paddle_column = COLUMNS / 2;
    show(state);
}

static void catch_step(Env *env, const int actions[], EnvStep *step)
{
    CatchState *state = state_of(env);
    const int32_t moved = state->paddle_column + actions[0] - 1;
    if (moved >= 0 && moved < COLUMNS)
        state->paddle_column = moved;
    state->ball_row++;
    show(state);
    *step = (EnvStep){.frames = 1, .game_over = state->ball_row == ROWS - 1};
    if (step->game_over)
        step->reward[0] = state->ball_column == state->paddle_column ? 1 : -1;
}

static const uint8_t *catch_frame(const Env *env)
{
    return state_of_const(env)->frame;
}

static void catch_draw(const Env *env, uint8_t *rgb)
{
    const CatchState *state = state_of_const(env);
    for (int y = 0; y < ROWS * CELL_PIXELS; y++)
        for (int x = 0; x < COLUMNS * CELL_PIXELS; x++, rgb += 3)
            memset(rgb, state->frame[y / CELL_PIXELS * COLUMNS + x / CELL_PIXELS], 3);
}

static size_t catch_state_bytes(const Env *env)
{
    (void)env;
    return sizeof(CatchState);
}

static void catch_save(const Env *env, void *saved)
{
    memcpy(saved, state_of_const(env), sizeof(CatchState));
}

static void catch_load(Env *env, const void *saved)
{
    memcpy(state_of(env), saved, sizeof(CatchState));
}

static void catch_destroy(Env *env)
{
    free(env);
}

Env *catch_create(uint64_t seed, Error *error)
{
    static const EnvType type = {
        catch_reset,       catch_step, catch_frame, catch_draw,
        catch_state_bytes, catch_save, catch_load,  catch_destroy,
    };
    static const char *const action_names[] = {"LEFT", "STAY", "RIGHT"};
    Catch *game = calloc(1, sizeof *game);
    if (game == NULL) {
        error_work(error, "no memory for the game 'catch'");
        return NULL;
    }
    game->env.type = &type;
    game->env.spec = (EnvSpec){
        .name = "catch",
        .players = 1,
        .actions = 3,
        .action_names = action_names,
        .frame_height = ROWS,
        .frame_width = COLUMNS,
        .picture_height = ROWS * CELL_PIXELS,
        .picture_width = COLUMNS * CELL_PIXELS,
        .picture_aspect = 1,
        .frames_per_step = 1,
        .frames_per_second = 10,
    };
    game->state.random = random_stream(seed, "catch");
    return &game->env;
}
