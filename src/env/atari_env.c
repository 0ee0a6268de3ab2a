#include "env/atari_env.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>
#include <string.h>

#include "atari/palette.h"
#include "base/random.h"
#include "env/ale.h"

/* Everything that the future depends on: what is saved and loaded. */
typedef struct {
    Ale ale;
    Screen screen;
    Random random; /* of the no-ops */
    int32_t lives; /* after the last step */
    uint8_t frame[EYES_ROWS * EYES_COLUMNS];
} AtariState;

typedef struct {
    Env env;
    AtariEnvConfig config;
    Eyes eyes;
    uint8_t actions[ACTION_COUNT];
    const char *action_names[ACTION_COUNT];
    TiaMemory memory;
    AtariState state;
} AtariEnv;

static AtariEnv *atari_of(Env *env)
{
    return (AtariEnv *)env;
}

static const AtariEnv *atari_of_const(const Env *env)
{
    return (const AtariEnv *)env;
}

/* ---- playing ---- */

static void look(AtariEnv *atari, bool pool)
{
    AtariState *state = &atari->state;
    const uint8_t *picture = console_picture(&state->ale.console, &state->screen);
    const uint8_t *before = state->screen.pixels[state->ale.console.tia.picture ^ 1];
    eyes_see(&atari->eyes, picture, pool ? before : NULL, state->frame);
}

static int hold(AtariEnv *atari, Action left, Action right, int frames, int reward[2])
{
    return ale_hold(&atari->state.ale, left, right, frames, &atari->state.screen, reward);
}

static int wait_some_frames(AtariEnv *atari, int reward[2])
{
    if (atari->config.noop_max == 0)
        return 0;
    const uint32_t frames =
        1 + random_below(&atari->state.random, (uint32_t)atari->config.noop_max);
    return hold(atari, ACTION_NOOP, ACTION_NOOP, (int)frames, reward);
}

static void atari_reset(Env *env)
{
    AtariEnv *atari = atari_of(env);
    int reward[2] = {0}; /* of the opening frames: nobody's */
    do {
        ale_reset(&atari->state.ale, &atari->state.screen);
        wait_some_frames(atari, reward);
        if (atari->config.fire_at_reset)
            hold(atari, ACTION_FIRE, ACTION_NOOP, atari->config.frame_skip, reward);
    } while (atari->state.ale.over);
    atari->state.lives = ale_lives(&atari->state.ale);
    look(atari, false);
}

static void atari_step(Env *env, const int actions[], EnvStep *step)
{
    AtariEnv *atari = atari_of(env);
    AtariState *state = &atari->state;
    const Action left = (Action)atari->actions[actions[0]];
    const Action right = env->spec.players == 2 ? (Action)atari->actions[actions[1]] : ACTION_NOOP;
    int reward[2] = {0};
    *step = (EnvStep){.frames = hold(atari, left, right, atari->config.frame_skip, reward)};
    step->lives = ale_lives(&state->ale);
    step->life_lost = step->lives < state->lives;
    if (step->life_lost && atari->config.noops_after_life) {
        look(atari, atari->config.pool_frames);
        step->frames += wait_some_frames(atari, reward);
        step->lives = ale_lives(&state->ale);
    }
    state->lives = step->lives;
    step->reward[0] = reward[0];
    step->reward[1] = reward[1];
    step->time_over = state->ale.time_over && !state->ale.rule.over;
    step->game_over = state->ale.rule.over;
    look(atari, atari->config.pool_frames);
}

/* ---- seeing and saving ---- */

static const uint8_t *atari_frame(const Env *env)
{
    return atari_of_const(env)->state.frame;
}

static void atari_draw(const Env *env, uint8_t *rgb)
{
    const AtariState *state = &atari_of_const(env)->state;
    const Console *console = &state->ale.console;
    const uint8_t *picture = console_picture(console, &state->screen);
    for (int i = 0; i < console->tia.height * SCREEN_COLUMNS; i++) {
        const uint32_t colour = palette_rgb(console->setup.format, picture[i]);
        rgb[3 * i] = (uint8_t)(colour >> 16);
        rgb[3 * i + 1] = (uint8_t)(colour >> 8);
        rgb[3 * i + 2] = (uint8_t)colour;
    }
}

static size_t atari_state_bytes(const Env *env)
{
    (void)env;
    return sizeof(AtariState);
}

/* What is the same for as long as the environment lives is left out: pointers, which are of this
 * process, and options, which have gaps between them. So equal states have equal bytes. */
static void atari_save(const Env *env, void *saved)
{
    const size_t game = offsetof(AtariState, ale.game);
    const size_t cartridge = offsetof(AtariState, ale.cartridge);
    const size_t options = offsetof(AtariState, ale.options);
    memcpy(saved, &atari_of_const(env)->state, sizeof(AtariState));
    memset((char *)saved + game, 0, sizeof(const Game *));
    memset((char *)saved + cartridge, 0, sizeof(const Cartridge *));
    memset((char *)saved + options, 0, sizeof(AleOptions));
}

static void atari_load(Env *env, const void *saved)
{
    AtariState *state = &atari_of(env)->state;
    const Game *game = state->ale.game;
    const Cartridge *cartridge = state->ale.cartridge;
    const AleOptions options = state->ale.options;
    memcpy(state, saved, sizeof *state);
    state->ale.game = game;
    state->ale.cartridge = cartridge;
    state->ale.options = options;
}

static void atari_destroy(Env *env)
{
    free(env);
}

/* ---- life ---- */

static void fill_actions(AtariEnv *atari, const Game *game)
{
    const bool all = atari->config.all_actions;
    const int choices = all ? (int)ACTION_COUNT : game->minimal_action_count;
    int count = 0;
    for (int i = 0; i < choices; i++) {
        const uint8_t action = all ? (uint8_t)i : game->minimal_actions[i];
        if (!game_action_is_legal(game, (Action)action))
            continue;
        atari->actions[count] = action;
        atari->action_names[count++] = action_name((Action)action);
    }
    atari->env.spec.actions = count;
    atari->env.spec.action_names = atari->action_names;
}

static void fill_spec(AtariEnv *atari, const Game *game)
{
    EnvSpec *spec = &atari->env.spec;
    *spec = (EnvSpec){
        .name = game->name,
        .players = atari->config.players,
        .frame_height = EYES_ROWS,
        .frame_width = EYES_COLUMNS,
        .picture_height = atari->state.ale.console.tia.height,
        .picture_width = SCREEN_COLUMNS,
        .picture_aspect = 12.0 / 7.0, /* of a pixel on an NTSC television */
        .frames_per_step = atari->config.frame_skip,
        .frames_per_second = 60,
    };
    fill_actions(atari, game);
}

/* "0, 4, 8", as many as there is room for. */
static const char *list_modes(char *text, size_t bytes, const Game *game, int players)
{
    enum { MODE_MAX = 10000 };
    size_t length = 0;
    text[0] = 0;
    for (int mode = 0; mode < MODE_MAX && length + 8 < bytes; mode++)
        if (game_has_mode(game, players, mode))
            length += (size_t)snprintf(text + length, bytes - length, "%s%d",
                                       length == 0 ? "" : ", ", mode);
    return text;
}

static bool is_possible(const Game *game, const AtariEnvConfig *config, int mode, Error *error)
{
    char modes[128];
    if (config->players == 2 && !game_is_for_two(game))
        return error_input(error, "'%s' cannot be played by two at once", game->name);
    if (config->players < game_players_min(game))
        return error_input(error, "'%s' is for two players", game->name);
    if (!game_has_mode(game, config->players, mode))
        return error_input(error, "'%s' has no mode %d: it has %s", game->name, mode,
                           list_modes(modes, sizeof modes, game, config->players));
    if (!game_has_difficulty(game, config->difficulty))
        return error_input(error, "'%s' has no difficulty %d", game->name, config->difficulty);
    return true;
}

/* Insert the cartridge and look whether its first reset comes to the mode. */
static bool switch_on(AtariEnv *atari, const Game *game, const Cartridge *cartridge,
                      const AleOptions *options, Error *error)
{
    if (ale_load(&atari->state.ale, game, cartridge, options, &atari->state.screen))
        return true;
    return error_input(error,
                       "the cartridge of '%s' did not come to mode %d in %d presses of SELECT",
                       game->name, options->mode, ALE_PRESSES_MAX);
}

Env *atari_env_create(const Game *game, const Cartridge *cartridge, const AtariEnvConfig *config,
                      uint64_t seed, Error *error)
{
    static const EnvType type = {
        atari_reset,       atari_step, atari_frame, atari_draw,
        atari_state_bytes, atari_save, atari_load,  atari_destroy,
    };
    assert(config->frame_skip >= 1 && config->frame_skip <= ATARI_FRAME_SKIP_MAX);
    assert(config->players == 1 || config->players == 2);
    const int mode = config->mode >= 0 ? config->mode : game_default_mode(game, config->players);
    if (!is_possible(game, config, mode, error))
        return NULL;
    AtariEnv *atari =
        calloc(1, sizeof *atari); /* all of it, gaps too: the state is digested byte by byte */
    if (atari == NULL) {
        error_work(error, "no memory for the game '%s'", game->name);
        return NULL;
    }
    atari->env.type = &type;
    atari->config = *config;
    atari->state.random = random_stream(seed, "no-ops");
    Random sticky = random_stream(seed, "sticky");
    const AleOptions options = {
        .seed = (uint32_t)random_bits(&sticky),
        .sticky = config->sticky,
        .max_frames = config->max_episode_frames,
        .mode = (uint16_t)mode,
        .players = config->players,
        .difficulty = (uint8_t)config->difficulty,
        .frame_skip = config->frame_skip,
        .memory = &atari->memory,
    };
    if (!switch_on(atari, game, cartridge, &options, error)) {
        free(atari);
        return NULL;
    }
    atari->eyes = eyes_make(config->eyes, atari->state.ale.console.setup.format,
                            atari->state.ale.console.tia.height);
    fill_spec(atari, game);
    return &atari->env;
}
