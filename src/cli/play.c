#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atari/palette.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/pace.h"
#include "cli/performance.h"
#include "cli/stage.h"
#include "env/ale.h"
#include "rl/agent.h"
#include "viewer/window.h"

static const OptionsHelp help = {
    "play",
    "GAME|ROM|RUN",
    "Opens a window on a game and lets you play, or an agent: the one of a RUN, or of --agent "
    "RUN.\n\n"
    "  arrows, space      steer, fire; player 2: W A S D, left control\n"
    "  F1, F2             the console's SELECT and RESET\n"
    "  P, N, +, -         pause, one step of a pause, faster, slower\n"
    "  V, L               of an agent: the pixels that matter, the network's layers\n"
    "  Esc, Q             quit\n\n"
    "example: deepq play rally --mode 1\n",
};

/* -1: not asked for. */
typedef struct {
    const char *what, *agent;
    CartridgeRequest cartridge;
    int64_t mode, seed, scale;
    double epsilon;
} PlayPlan;

enum {
    TITLE_BYTES = 128,
    MODE_MAX = 10000,
};

/* ---- people ---- */

typedef struct {
    Ale ale;
    Screen screen;
    long score;
    uint8_t rgb[SCREEN_ROWS_MAX * SCREEN_COLUMNS * 3];
} Sitting;

static Action action_of(const WindowJoystick *stick)
{
    static const Action still[3][3] = {
        {ACTION_UPLEFT, ACTION_UP, ACTION_UPRIGHT},
        {ACTION_LEFT, ACTION_NOOP, ACTION_RIGHT},
        {ACTION_DOWNLEFT, ACTION_DOWN, ACTION_DOWNRIGHT},
    };
    static const Action firing[3][3] = {
        {ACTION_UPLEFTFIRE, ACTION_UPFIRE, ACTION_UPRIGHTFIRE},
        {ACTION_LEFTFIRE, ACTION_FIRE, ACTION_RIGHTFIRE},
        {ACTION_DOWNLEFTFIRE, ACTION_DOWNFIRE, ACTION_DOWNRIGHTFIRE},
    };
    const int y = 1 + stick->down - stick->up, x = 1 + stick->right - stick->left;
    return stick->fire ? firing[y][x] : still[y][x];
}

static void sit(Sitting *sitting, const WindowInput *input)
{
    const uint8_t switches =
        (uint8_t)((input->select ? SWCHB_SELECT : 0) | (input->reset ? SWCHB_RESET : 0));
    if (switches != 0)
        sitting->score = 0;
    sitting->score += ale_sit(&sitting->ale, action_of(&input->joystick[0]),
                              action_of(&input->joystick[1]), switches, &sitting->screen);
}

static const Picture *picture_of(Sitting *sitting, Picture *picture)
{
    const Console *console = &sitting->ale.console;
    const uint8_t *pixels = console_picture(console, &sitting->screen);
    *picture = (Picture){SCREEN_COLUMNS, console->tia.height, sitting->rgb};
    for (int i = 0; i < SCREEN_COLUMNS * console->tia.height; i++) {
        const uint32_t colour = palette_rgb(console->setup.format, pixels[i]);
        sitting->rgb[3 * i] = (uint8_t)(colour >> 16);
        sitting->rgb[3 * i + 1] = (uint8_t)(colour >> 8);
        sitting->rgb[3 * i + 2] = (uint8_t)colour;
    }
    return picture;
}

static void title_sitting(Window *window, const Sitting *sitting, bool paused)
{
    char title[TITLE_BYTES];
    const GameState *rule = &sitting->ale.rule;
    snprintf(title, sizeof title, "%s - score %ld%s%s", sitting->ale.game->title, sitting->score,
             rule->over ? " - game over: F2 begins again" : "", paused ? " - paused" : "");
    window_set_title(window, title);
}

static bool sit_down(Sitting *sitting, Window *window, Error *error)
{
    enum { FRAMES_PER_SECOND = 60, TITLE_FRAMES = 15 };
    Pace pace = {0};
    Picture picture;
    if (!window_show(window, picture_of(sitting, &picture), error))
        return false;
    for (int look = 0; !pace_stopped() && !pace.input.quit; look++) {
        if (pace_go_on(&pace, window, FRAMES_PER_SECOND)) {
            sit(sitting, &pace.input);
            if (!window_show(window, picture_of(sitting, &picture), error))
                return false;
        }
        if (pace.changed || look % TITLE_FRAMES == 0)
            title_sitting(window, sitting, pace.paused);
    }
    return true;
}

static int default_mode(const Game *game)
{
    return game_default_mode(game, game_players_min(game));
}

static bool is_mode(const Game *game, int mode)
{
    return game_has_mode(game, 1, mode) || game_has_mode(game, 2, mode);
}

/* All of them, whether for one player or for two: "0, 1, 2", as many as there is room for. */
static const char *list_modes(char *text, size_t bytes, const Game *game)
{
    enum { ROOM = 8 };
    size_t length = 0;
    text[0] = 0;
    for (int mode = 0; mode <= MODE_MAX && length + ROOM < bytes; mode++)
        if (is_mode(game, mode))
            length += (size_t)snprintf(text + length, bytes - length, "%s%d",
                                       length == 0 ? "" : ", ", mode);
    return text;
}

static bool switch_on(Sitting *sitting, const Problem *problem, const PlayPlan *plan, Error *error)
{
    char modes[TITLE_BYTES];
    const Game *game = problem->game;
    const int mode = plan->mode >= 0 ? (int)plan->mode : default_mode(game);
    if (!is_mode(game, mode))
        return error_input(error, "'%s' has no mode %d: it has %s", game->name, mode,
                           list_modes(modes, sizeof modes, game));
    const AleOptions options = {.seed = (uint32_t)plan->seed,
                                .mode = (uint16_t)mode,
                                .players = game_has_mode(game, 2, mode) ? 2 : 1};
    if (!ale_load(&sitting->ale, game, problem->cartridge, &options, &sitting->screen))
        return error_input(error, "the cartridge of '%s' did not come to mode %d", game->name,
                           mode);
    return true;
}

static bool play_console(const PlayPlan *plan, const Problem *problem, Error *error)
{
    Window *window = NULL;
    Sitting *sitting = calloc(1, sizeof *sitting);
    if (sitting == NULL)
        return error_work(error, "no memory for a console");
    bool done = switch_on(sitting, problem, plan, error);
    if (done) {
        const WindowShape shape = {problem->game->title, SCREEN_COLUMNS,
                                   sitting->ale.console.tia.height, 12.0 / 7,
                                   plan->scale > 0 ? (int)plan->scale : 0};
        window = window_create(&shape, error);
        done = window != NULL && sit_down(sitting, window, error);
    }
    window_destroy(window);
    free(sitting);
    return done;
}

/* ---- agents, and people at the toy ---- */

static bool play_agent(const PlayPlan *plan, const char *run, Error *error)
{
    Performance performance = {.random = random_stream((uint64_t)plan->seed, "evaluate")};
    Player *player = &performance.player;
    if (plan->mode >= 0)
        return error_input(error, "'--mode' is for people: an agent plays what it has learnt");
    const bool opened =
        player_open(player, run, RUN_WEIGHTS_BEST, &plan->cartridge, (uint64_t)plan->seed, error);
    performance.epsilon = plan->epsilon >= 0 ? plan->epsilon : player->config.dqn.eval_epsilon;
    const bool done = opened && performance_show(&performance, (int)plan->scale, error);
    player_close(player);
    return done;
}

static bool play_toy(const PlayPlan *plan, const Problem *problem, Error *error)
{
    Performance performance = {.player.problem = *problem};
    if (plan->mode >= 0)
        return error_input(error, "'%s' is a toy without modes: leave out '--mode'", problem->name);
    performance.player.env = problem_env(problem, NULL, (uint64_t)plan->seed, error);
    if (performance.player.env == NULL)
        return false;
    const bool done = performance_show(&performance, (int)plan->scale, error);
    env_destroy(performance.player.env);
    return done;
}

static bool play_people(const PlayPlan *plan, Error *error)
{
    Problem problem = {0};
    if (plan->epsilon >= 0)
        return error_input(error, "'--epsilon' is for agents: name a run with --agent");
    if (!problem_find(&problem, plan->what, &plan->cartridge, error))
        return false;
    const bool done = problem.game != NULL ? play_console(plan, &problem, error)
                                           : play_toy(plan, &problem, error);
    problem_free(&problem);
    return done;
}

/* ---- the command ---- */

static bool is_of_game(const PlayPlan *plan, Error *error)
{
    RunConfig config;
    Problem problem = {0};
    if (!run_load_config(&config, plan->agent, error) ||
        !problem_find(&problem, plan->what, &plan->cartridge, error))
        return false;
    const bool same = strcmp(problem.name, config.game) == 0;
    if (!same)
        error_input(error, "the agent of '%s' has learnt '%s', not '%s'", plan->agent, config.game,
                    problem.name);
    problem_free(&problem);
    return same;
}

static bool play(const PlayPlan *plan, Error *error)
{
    if (player_is_run(plan->what) && plan->agent != NULL)
        return error_input(
            error, "'%s' is a run itself: name its game there, or leave out '--agent'", plan->what);
    if (player_is_run(plan->what))
        return play_agent(plan, plan->what, error);
    if (plan->agent != NULL)
        return is_of_game(plan, error) && play_agent(plan, plan->agent, error);
    return play_people(plan, error);
}

int command_play(int argc, const char **argv)
{
    const char *mode = NULL, *seed = NULL, *scale = NULL, *epsilon = NULL;
    PlayPlan plan = {.mode = -1, .seed = 1, .scale = -1, .epsilon = -1};
    struct poptOption table[] = {
        {"agent", 0, POPT_ARG_STRING, &plan.agent, 0, "let the agent of this run play", "RUN"},
        {"mode", 0, POPT_ARG_STRING, &mode, 0, "game mode (default: the game's first)", "M"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "the agent's probability of a random action (default: eval_epsilon of the run)", "E"},
        {"scale", 0, POPT_ARG_STRING, &scale, 0,
         "rows of the window for each of the game (default: as fits)", "N"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of what is random (default 1)", "N"},
        PROBLEM_OPTION_ROMS(plan.cartridge),
        PROBLEM_OPTION_TYPE(plan.cartridge),
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    plan.what = options.argument[0];
    pace_catch_signals();
    const bool done = options_count(&plan.mode, mode, "mode", 0, MODE_MAX, &error) &&
                      options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
                      options_count(&plan.scale, scale, "scale", 1, STAGE_SCALE_MAX, &error) &&
                      options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error) &&
                      play(&plan, &error);
    status = !done ? options_fail(&error) : pace_stopped() ? STATUS_INTERRUPTED : STATUS_DONE;
    options_free(&options);
    return status;
}
