#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atari/palette.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/player.h"
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
    "  P, N, +, -         pause, one step, faster, slower\n"
    "  Esc, Q             quit\n\n"
    "example: deepq play rally --mode 1\n",
};

typedef struct {
    const char *what, *agent, *roms;
    int64_t mode, seed, scale;
    double epsilon;
    bool epsilon_given;
} PlayPlan;

enum { TITLE_BYTES = 128, SPEED_MIN = -3, SPEED_MAX = 4 };

/* Set by SIGINT and SIGTERM. */
static volatile sig_atomic_t stop_asked;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

/* What the keys of everybody have done so far. */
typedef struct {
    WindowInput input;
    bool paused;
    int speed; /* frames come 2^speed times as fast */
} Controls;

/* Take in the keys; true: the game goes on by a step now. */
static bool go_on(Window *window, Controls *controls, double frames_per_second)
{
    window_poll(window, &controls->input);
    controls->paused = controls->paused != controls->input.pause;
    controls->speed += controls->input.speed;
    controls->speed = controls->speed < SPEED_MIN   ? SPEED_MIN
                      : controls->speed > SPEED_MAX ? SPEED_MAX
                                                    : controls->speed;
    double rate = frames_per_second;
    for (int i = 0; i < abs(controls->speed); i++)
        rate *= controls->speed > 0 ? 2 : 0.5;
    window_wait_frame(window, controls->paused ? 60 : rate);
    return !controls->paused || controls->input.step;
}

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
    Controls controls = {0};
    Picture picture;
    for (int frame = 0; !stop_asked && !controls.input.quit; frame++) {
        if (go_on(window, &controls, FRAMES_PER_SECOND))
            sit(sitting, &controls.input);
        if (!window_show(window, picture_of(sitting, &picture), error))
            return false;
        if (frame % TITLE_FRAMES == 0)
            title_sitting(window, sitting, controls.paused);
    }
    return true;
}

static bool is_mode(const Game *game, int mode)
{
    return game_has_mode(game, 1, mode) || game_has_mode(game, 2, mode);
}

static bool switch_on(Sitting *sitting, const Problem *problem, const PlayPlan *plan, Error *error)
{
    const Game *game = problem->game;
    if (game == NULL)
        return error_input(error, "'%s' is a toy for agents: play it with --agent RUN",
                           problem->name);
    const int mode = plan->mode >= 0 ? (int)plan->mode : game_default_mode(game, 1);
    if (!is_mode(game, mode))
        return error_input(error, "'%s' has no mode %d", game->name, mode);
    const AleOptions options = {.seed = (uint32_t)plan->seed, .mode = (uint16_t)mode};
    if (!ale_load(&sitting->ale, game, problem->cartridge, &options, &sitting->screen))
        return error_input(error, "the cartridge of '%s' did not come to mode %d", game->name,
                           mode);
    return true;
}

static bool play_people(const PlayPlan *plan, Error *error)
{
    Problem problem = {0};
    Window *window = NULL;
    Sitting *sitting = calloc(1, sizeof *sitting);
    if (sitting == NULL)
        return error_work(error, "no memory for a console");
    bool done = problem_find(&problem, plan->what, plan->roms, NULL, error) &&
                switch_on(sitting, &problem, plan, error);
    if (done) {
        const WindowShape shape = {sitting->ale.game->title, SCREEN_COLUMNS,
                                   sitting->ale.console.tia.height, 12.0 / 7};
        window = window_create(&shape, error);
        done = window != NULL && sit_down(sitting, window, error);
    }
    window_destroy(window);
    problem_free(&problem);
    free(sitting);
    return done;
}

/* ---- agents ---- */

typedef struct {
    Player player;
    Random random;
    double epsilon;
    double score;
    int64_t games;
    EnvStep step;
} Performance;

static void begin_game(Performance *performance)
{
    Env *env = performance->player.env;
    env_reset(env);
    agent_begin(performance->player.agent, env_frame(env));
    performance->step = (EnvStep){0};
    performance->score = 0;
    performance->games++;
}

static void perform(Performance *performance)
{
    Player *player = &performance->player;
    if (performance->step.game_over || performance->step.time_over)
        begin_game(performance);
    int actions[ENV_PLAYERS_MAX] = {
        agent_act(player->agent, performance->epsilon, &performance->random)};
    env_step(player->env, actions, &performance->step);
    agent_see(player->agent, env_frame(player->env));
    performance->score += performance->step.reward[0];
}

static void title_performance(Window *window, const Performance *performance, bool paused)
{
    char title[TITLE_BYTES];
    snprintf(title, sizeof title, "%s - an agent - game %lld - score %g%s",
             performance->player.env->spec.name, (long long)performance->games, performance->score,
             paused ? " - paused" : "");
    window_set_title(window, title);
}

static bool watch(Performance *performance, Stage *stage, Window *window, Error *error)
{
    const EnvSpec *spec = &performance->player.env->spec;
    Controls controls = {0};
    begin_game(performance);
    while (!stop_asked && !controls.input.quit) {
        if (go_on(window, &controls, spec->frames_per_second / spec->frames_per_step))
            perform(performance);
        if (!window_show(window, stage_draw(stage, performance->player.agent), error))
            return false;
        title_performance(window, performance, controls.paused);
    }
    return true;
}

static bool play_agent(const PlayPlan *plan, const char *run, Error *error)
{
    Performance performance = {.random = random_stream((uint64_t)plan->seed, "evaluate")};
    Player *player = &performance.player;
    Stage *stage = NULL;
    Window *window = NULL;
    bool done = player_open(player, run, RUN_WEIGHTS_BEST, plan->roms, (uint64_t)plan->seed, error);
    if (done) {
        performance.epsilon = plan->epsilon_given ? plan->epsilon : player->config.dqn.eval_epsilon;
        stage = stage_create(player->env, (int)plan->scale, player->config.dqn.history, error);
        done = stage != NULL;
    }
    if (done) {
        const Picture *page = stage_draw(stage, NULL);
        const WindowShape shape = {player->env->spec.name, page->width, page->height, 1};
        window = window_create(&shape, error);
        done = window != NULL && watch(&performance, stage, window, error);
    }
    window_destroy(window);
    stage_destroy(stage);
    player_close(player);
    return done;
}

/* ---- the command ---- */

static bool is_of_game(const PlayPlan *plan, Error *error)
{
    RunConfig config;
    Problem problem = {0};
    if (!run_load_config(&config, plan->agent, error) ||
        !problem_find(&problem, plan->what, plan->roms, NULL, error))
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
    if (player_is_run(plan->what))
        return play_agent(plan, plan->what, error);
    if (plan->agent != NULL)
        return is_of_game(plan, error) && play_agent(plan, plan->agent, error);
    return play_people(plan, error);
}

int command_play(int argc, const char **argv)
{
    const char *mode = NULL, *seed = NULL, *scale = NULL, *epsilon = NULL;
    PlayPlan plan = {.mode = -1, .seed = 1, .scale = 2};
    struct poptOption table[] = {
        {"agent", 0, POPT_ARG_STRING, &plan.agent, 0, "let the agent of this run play", "RUN"},
        {"mode", 0, POPT_ARG_STRING, &mode, 0, "game mode (default: the game's first)", "M"},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "the agent's probability of a random action (default: eval_epsilon of the run)", "E"},
        {"scale", 0, POPT_ARG_STRING, &scale, 0,
         "rows for each row of the agent's game (default 2)", "N"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of what is random (default 1)", "N"},
        {"roms", 0, POPT_ARG_STRING, &plan.roms, 0, "where to look for cartridges", "DIR"},
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    plan.what = options.argument[0];
    plan.epsilon_given = epsilon != NULL;
    const struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    const bool done = options_count(&plan.mode, mode, "mode", 0, 10000, &error) &&
                      options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
                      options_count(&plan.scale, scale, "scale", 1, STAGE_SCALE_MAX, &error) &&
                      options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error) &&
                      play(&plan, &error);
    status = !done ? options_fail(&error) : stop_asked ? STATUS_INTERRUPTED : STATUS_DONE;
    options_free(&options);
    return status;
}
