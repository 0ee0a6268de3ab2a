/*
 * deepq_atari.c - the face of libdeepq-atari: games by handle, over env/ale.h.
 */
#include "deepq_atari.h"

#include <stdlib.h>
#include <string.h>

#include "atari/phosphor.h"
#include "base/parallel.h"
#include "env/ale.h"
#include "env/eyes.h"

#define PUBLIC __attribute__((visibility("default")))

struct DeepqAtari {
    Ale ale;
    Screen screen;
    TiaMemory memory;
    Cartridge *cartridge;
    int frame_skip;
    bool draw_all;
    Eyes eyes;
};

_Static_assert((int)DEEPQ_ATARI_ACTIONS == (int)ACTION_COUNT, "the field's eighteen actions");
_Static_assert((int)DEEPQ_ATARI_DOWNLEFTFIRE == (int)ACTION_DOWNLEFTFIRE, "in the field's order");

/* ---- opening ---- */

static void tell(DeepqAtariError *told, const Error *error)
{
    if (told != NULL)
        memcpy(told->text, error->text, sizeof told->text);
}

static bool check(const DeepqAtariOptions *options, Error *error)
{
    enum { SKIP_MAX = 60 };
    if (!(options->sticky >= 0 && options->sticky <= 1))
        return error_input(error, "sticky cannot be %g: it is a probability", options->sticky);
    if (options->frame_skip < 0 || options->frame_skip > SKIP_MAX)
        return error_input(error, "frame_skip cannot be %d: it is 1 to %d frames, or 0 for 1",
                           options->frame_skip, SKIP_MAX);
    if (options->max_frames < 0)
        return error_input(error, "max_frames cannot be negative");
    if (options->players < 0 || options->players > 2)
        return error_input(error, "players cannot be %d: one or two play", options->players);
    return true;
}

static const Game *find_game(const Cartridge *cartridge, const char *name, Error *error)
{
    const Game *game = name != NULL ? game_by_name(name) : game_by_md5(cartridge->md5);
    if (game == NULL && name != NULL)
        error_input(error, "there is no game '%.60s'", name);
    else if (game == NULL)
        error_input(error, "the cartridge with md5 %s is that of no game that is known",
                    cartridge->md5);
    return game;
}

static bool check_variant(const Game *game, const DeepqAtariOptions *options, int players, int mode,
                          Error *error)
{
    if (players == 2 && !game_is_for_two(game))
        return error_input(error, "'%s' cannot be played by two at once", game->name);
    if (players < game_players_min(game))
        return error_input(error, "'%s' is for two players", game->name);
    if (!game_has_mode(game, players, mode))
        return error_input(error, "'%s' has no mode %d for %d", game->name, mode, players);
    if (!game_has_difficulty(game, options->difficulty))
        return error_input(error, "'%s' has no difficulty %d", game->name, options->difficulty);
    return true;
}

static bool switch_on(DeepqAtari *opened, const Game *game, const DeepqAtariOptions *options,
                      Error *error)
{
    const int players = options->players == 2 ? 2 : 1;
    const int mode = options->mode != 0 ? options->mode : game_default_mode(game, players);
    if (!check_variant(game, options, players, mode, error))
        return false;
    const AleOptions ale_options = {
        .seed = options->seed,
        .sticky = options->sticky,
        .max_frames = options->max_frames,
        .difficulty = (uint8_t)options->difficulty,
        .mode = (uint16_t)mode,
        .players = players,
        .frame_skip = opened->frame_skip,
        .memory = &opened->memory,
    };
    if (!ale_load(&opened->ale, game, opened->cartridge, &ale_options, &opened->screen))
        return error_input(error, "the cartridge of '%s' did not come to mode %d", game->name,
                           mode);
    const Console *console = &opened->ale.console;
    opened->eyes = eyes_make(EYES_2015, console->setup.format, console->tia.height);
    return true;
}

/* The cartridge belongs to the game from now on, also where it fails. */
static DeepqAtari *open_cartridge(Cartridge *cartridge, const DeepqAtariOptions *options,
                                  Error *error)
{
    const Game *game = find_game(cartridge, options->game, error);
    DeepqAtari *opened = game != NULL ? calloc(1, sizeof *opened) : NULL;
    if (game != NULL && opened == NULL)
        error_work(error, "no memory for the game '%s'", game->name);
    if (opened == NULL) {
        cartridge_destroy(cartridge);
        return NULL;
    }
    opened->cartridge = cartridge;
    opened->frame_skip = options->frame_skip > 0 ? options->frame_skip : 1;
    opened->draw_all = options->draw_all;
    if (switch_on(opened, game, options, error))
        return opened;
    deepq_atari_close(opened);
    return NULL;
}

static DeepqAtari *open_any(const char *path, const void *bytes, size_t count,
                            const DeepqAtariOptions *options, Error *error)
{
    CartridgeType type = CARTRIDGE_DETECT;
    if (!check(options, error) || (options->cartridge_type != NULL &&
                                   !cartridge_type_parse(&type, options->cartridge_type, error)))
        return NULL;
    Cartridge *cartridge = path != NULL ? cartridge_load(path, type, error)
                                        : cartridge_create(bytes, count, type, "cartridge", error);
    return cartridge != NULL ? open_cartridge(cartridge, options, error) : NULL;
}

PUBLIC DeepqAtari *deepq_atari_open(const char *path, const DeepqAtariOptions *options,
                                    DeepqAtariError *told)
{
    Error error = {0};
    const DeepqAtariOptions usual = {0};
    DeepqAtari *game = open_any(path, NULL, 0, options != NULL ? options : &usual, &error);
    if (game == NULL)
        tell(told, &error);
    return game;
}

PUBLIC DeepqAtari *deepq_atari_open_bytes(const void *bytes, size_t count,
                                          const DeepqAtariOptions *options, DeepqAtariError *told)
{
    Error error = {0};
    const DeepqAtariOptions usual = {0};
    DeepqAtari *game = open_any(NULL, bytes, count, options != NULL ? options : &usual, &error);
    if (game == NULL)
        tell(told, &error);
    return game;
}

PUBLIC void deepq_atari_close(DeepqAtari *game)
{
    if (game == NULL)
        return;
    cartridge_destroy(game->cartridge);
    free(game);
}

PUBLIC const char *deepq_atari_name(const DeepqAtari *game)
{
    return game->ale.game->name;
}

PUBLIC int deepq_atari_minimal_actions(const DeepqAtari *game, const uint8_t **actions)
{
    *actions = game->ale.game->minimal_actions;
    return game->ale.game->minimal_action_count;
}

PUBLIC const char *deepq_atari_action_name(int action)
{
    return action >= 0 && action < ACTION_COUNT ? action_name((Action)action) : NULL;
}

/* ---- playing ---- */

PUBLIC void deepq_atari_reset(DeepqAtari *game)
{
    ale_reset(&game->ale, &game->screen);
}

static Action action_of(int action)
{
    return action >= 0 && action < ACTION_COUNT ? (Action)action : ACTION_NOOP;
}

PUBLIC double deepq_atari_act_two(DeepqAtari *game, int first, int second, double *second_reward)
{
    const Action a = action_of(first), b = action_of(second);
    int reward[2] = {0};
    if (!game->draw_all)
        ale_hold(&game->ale, a, b, game->frame_skip, &game->screen, reward);
    for (int i = 0; game->draw_all && i < game->frame_skip && !game->ale.over; i++) {
        reward[0] += ale_act(&game->ale, a, b, &game->screen);
        reward[1] += game->ale.rule.reward_second;
    }
    if (second_reward != NULL)
        *second_reward = reward[1];
    return reward[0];
}

PUBLIC double deepq_atari_act(DeepqAtari *game, int action)
{
    return deepq_atari_act_two(game, action, ACTION_NOOP, NULL);
}

PUBLIC bool deepq_atari_over(const DeepqAtari *game)
{
    return game->ale.over;
}

PUBLIC bool deepq_atari_time_over(const DeepqAtari *game)
{
    return game->ale.time_over;
}

PUBLIC int deepq_atari_lives(const DeepqAtari *game)
{
    return ale_lives(&game->ale);
}

PUBLIC int64_t deepq_atari_frames(const DeepqAtari *game)
{
    return game->ale.episode_frames;
}

/* ---- looking ---- */

PUBLIC int deepq_atari_width(const DeepqAtari *game)
{
    (void)game;
    return SCREEN_COLUMNS;
}

PUBLIC int deepq_atari_height(const DeepqAtari *game)
{
    return game->ale.console.tia.height;
}

PUBLIC const uint8_t *deepq_atari_screen(const DeepqAtari *game)
{
    return game->screen.pixels[game->ale.console.tia.picture];
}

PUBLIC const uint8_t *deepq_atari_screen_before(const DeepqAtari *game)
{
    return game->screen.pixels[game->ale.console.tia.picture ^ 1];
}

static size_t pixel_count(const DeepqAtari *game)
{
    return (size_t)game->ale.console.tia.height * SCREEN_COLUMNS;
}

/* Blended pictures are made in the caller's memory, `room`, which has a byte for each pixel. */
static const uint8_t *shown(const DeepqAtari *game, bool averaged, uint8_t *room)
{
    if (!averaged)
        return deepq_atari_screen(game);
    phosphor_blend(game->ale.console.setup.format, deepq_atari_screen(game),
                   deepq_atari_screen_before(game), pixel_count(game), room);
    return room;
}

PUBLIC void deepq_atari_gray(const DeepqAtari *game, bool averaged, uint8_t *gray)
{
    const uint8_t *screen = shown(game, averaged, gray);
    const size_t count = pixel_count(game);
    for (size_t i = 0; i < count; i++)
        gray[i] = game->eyes.luminance[screen[i]];
}

/* From the last pixel to the first, for the blended picture lies where the first third goes. */
PUBLIC void deepq_atari_rgb(const DeepqAtari *game, bool averaged, uint8_t *rgb)
{
    const uint8_t *screen = shown(game, averaged, rgb);
    for (size_t i = pixel_count(game); i-- > 0;) {
        const uint32_t colour = palette_rgb(game->ale.console.setup.format, screen[i]);
        rgb[3 * i] = (uint8_t)(colour >> 16);
        rgb[3 * i + 1] = (uint8_t)(colour >> 8);
        rgb[3 * i + 2] = (uint8_t)colour;
    }
}

PUBLIC void deepq_atari_84x84(const DeepqAtari *game, uint8_t *gray)
{
    eyes_see(&game->eyes, deepq_atari_screen(game), deepq_atari_screen_before(game), gray);
}

PUBLIC const uint8_t *deepq_atari_ram(const DeepqAtari *game)
{
    return game->ale.console.riot.ram;
}

/* ---- saving ---- */

/* What of an Ale changes, besides console and random numbers. */
typedef struct {
    GameState rule;
    int64_t episode_frames;
    uint32_t paddle[2];
    uint8_t action[2];
    bool over, time_over, short_frames;
} Episode;

enum { RANDOM_BYTES = 2 * sizeof(Mt19937) };

PUBLIC size_t deepq_atari_state_bytes(const DeepqAtari *game, bool with_random)
{
    return sizeof(Episode) + console_bytes(game->cartridge) + (with_random ? RANDOM_BYTES : 0);
}

PUBLIC void deepq_atari_save(const DeepqAtari *game, bool with_random, void *state)
{
    const Ale *ale = &game->ale;
    Episode episode;
    memset(&episode, 0, sizeof episode); /* gaps, too: equal states have equal bytes */
    episode.rule = ale->rule;
    episode.episode_frames = ale->episode_frames;
    memcpy(episode.paddle, ale->paddle, sizeof episode.paddle);
    memcpy(episode.action, ale->action, sizeof episode.action);
    episode.over = ale->over;
    episode.time_over = ale->time_over;
    episode.short_frames = ale->short_frames;
    char *to = state;
    memcpy(to, &episode, sizeof episode);
    memcpy(to += sizeof episode, &ale->console, console_bytes(game->cartridge));
    if (!with_random)
        return;
    memcpy(to += console_bytes(game->cartridge), &ale->noise, sizeof ale->noise);
    memcpy(to + sizeof ale->noise, &ale->random, sizeof ale->random);
}

PUBLIC void deepq_atari_load(DeepqAtari *game, bool with_random, const void *state)
{
    Ale *ale = &game->ale;
    Episode episode;
    const char *from = state;
    memcpy(&episode, from, sizeof episode);
    memcpy(&ale->console, from += sizeof episode, console_bytes(game->cartridge));
    ale->rule = episode.rule;
    ale->episode_frames = episode.episode_frames;
    memcpy(ale->paddle, episode.paddle, sizeof ale->paddle);
    memcpy(ale->action, episode.action, sizeof ale->action);
    ale->over = episode.over;
    ale->time_over = episode.time_over;
    ale->short_frames = episode.short_frames;
    if (!with_random)
        return;
    memcpy(&ale->noise, from += console_bytes(game->cartridge), sizeof ale->noise);
    memcpy(&ale->random, from + sizeof ale->noise, sizeof ale->random);
}

/* ---- many at once ---- */

struct DeepqAtariBatch {
    Parallel *team;
    int count;
    const int *actions; /* of the act that is being done, as the next three */
    double *rewards;
    bool *over;
    uint8_t *frames;
    DeepqAtari *game[];
};

static bool open_games(DeepqAtariBatch *batch, const char *path, const DeepqAtariOptions *options,
                       int count, Error *error)
{
    DeepqAtariOptions own = *options;
    for (; batch->count < count; batch->count++, own.seed++)
        if ((batch->game[batch->count] = open_any(path, NULL, 0, &own, error)) == NULL)
            return false;
    return true;
}

PUBLIC DeepqAtariBatch *deepq_atari_batch_open(const char *path, const DeepqAtariOptions *options,
                                               int count, int threads, DeepqAtariError *told)
{
    Error error = {0};
    const DeepqAtariOptions usual = {0};
    DeepqAtariBatch *batch = NULL;
    bool opened = false;
    if (count < 1 || count > PARALLEL_PIECES_MAX)
        error_input(&error, "count cannot be %d: it is 1 to %d", count, (int)PARALLEL_PIECES_MAX);
    else if (threads < 1 || threads > PARALLEL_THREADS_MAX)
        error_input(&error, "threads cannot be %d: it is 1 to %d", threads,
                    (int)PARALLEL_THREADS_MAX);
    else if ((batch = calloc(1, sizeof *batch + (size_t)count * sizeof batch->game[0])) == NULL)
        error_work(&error, "no memory for %d games", count);
    else
        opened = (batch->team = parallel_create(threads, &error)) != NULL &&
                 open_games(batch, path, options != NULL ? options : &usual, count, &error);
    if (opened)
        return batch;
    tell(told, &error);
    deepq_atari_batch_close(batch);
    return NULL;
}

PUBLIC void deepq_atari_batch_close(DeepqAtariBatch *batch)
{
    if (batch == NULL)
        return;
    for (int i = 0; i < batch->count; i++)
        deepq_atari_close(batch->game[i]);
    parallel_destroy(batch->team);
    free(batch);
}

PUBLIC DeepqAtari *deepq_atari_batch_game(const DeepqAtariBatch *batch, int index)
{
    return batch->game[index];
}

static void act_one(void *context, int i)
{
    DeepqAtariBatch *batch = context;
    DeepqAtari *game = batch->game[i];
    double reward = 0;
    if (game->ale.over)
        deepq_atari_reset(game);
    else
        reward = deepq_atari_act(game, batch->actions[i]);
    if (batch->rewards != NULL)
        batch->rewards[i] = reward;
    if (batch->over != NULL)
        batch->over[i] = game->ale.over;
    if (batch->frames != NULL)
        deepq_atari_84x84(game, batch->frames + (size_t)i * EYES_ROWS * EYES_COLUMNS);
}

PUBLIC void deepq_atari_batch_act(DeepqAtariBatch *batch, const int *actions, double *rewards,
                                  bool *over, uint8_t *frames)
{
    batch->actions = actions;
    batch->rewards = rewards;
    batch->over = over;
    batch->frames = frames;
    parallel_run(batch->team, batch->count, act_one, batch);
}
