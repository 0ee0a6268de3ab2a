/*
 * What a cartridge does, one line a step, in the form in which other emulators' traces are
 * compared: hashes of the RAM and of the screen (FNV-1a, 64 bits).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "env/ale.h"
#include "games/replay_rules.h"

static const OptionsHelp help = {
    "trace",
    "[GAME|ROM]",
    "Plays a game with actions from a linear congruential generator and prints, for each act,\n"
    "`step action reward lives over ram screen`; row 0 is the state after the reset. With --core,\n"
    "any cartridge runs without input, and a row is `frame scanlines ram screen`.\n\n"
    "The generator's state starts at L; before each act number i (from 1) with (i-1) divisible by\n"
    "max(1, 4/K) it becomes state * 1664525 + 1013904223 modulo 2^32, and the action is number\n"
    "(state >> 16) modulo n of the game's n minimal actions.\n\n"
    "With --rules, a file of made-up RAM and what each game's rule must say of it is replayed "
    "(see\n"
    "src/games/replay_rules.h); the last line is `N passed, M failed`.\n\n"
    "examples: deepq trace tetris.bin --seed 123 --sticky 0.25 --frame-skip 4 --lcg 2 --steps "
    "1000\n"
    "          deepq trace --core bricks --frames 240\n"
    "          deepq trace --core ./mine.bin --cartridge-type F8\n",
};

typedef struct {
    int64_t seed, frame_skip, lcg, steps, frames;
    int64_t mode, difficulty; /* mode -1: the game's first */
    double sticky;
} TracePlan;

static uint64_t ram_hash(const Console *console)
{
    return fnv1a64(FNV1A64_START, console->riot.ram, RIOT_RAM_BYTES);
}

static uint64_t screen_hash(const Console *console, const Screen *screen)
{
    const size_t pixels = (size_t)console->tia.height * SCREEN_COLUMNS;
    return fnv1a64(FNV1A64_START, console_picture(console, screen), pixels);
}

static void print_act(int64_t step, int action, int reward, const Ale *ale, const Screen *screen)
{
    printf("%" PRId64 " %d %d %d %d %016" PRIx64 " %016" PRIx64 "\n", step, action, reward,
           ale_lives(ale), ale->over ? 1 : 0, ram_hash(&ale->console),
           screen_hash(&ale->console, screen));
}

static void trace_acts(Ale *ale, Screen *screen, const TracePlan *plan)
{
    const Game *game = ale->game;
    const int64_t hold = plan->frame_skip < 4 ? 4 / plan->frame_skip : 1;
    uint32_t state = (uint32_t)plan->lcg;
    int action = ACTION_NOOP;
    print_act(0, -1, 0, ale, screen);
    for (int64_t step = 1; step <= plan->steps; step++) {
        if ((step - 1) % hold == 0) {
            state = state * 1664525u + 1013904223u;
            action = game->minimal_actions[(state >> 16) % (uint32_t)game->minimal_action_count];
        }
        int reward = 0;
        for (int64_t i = 0; i < plan->frame_skip; i++)
            reward += ale_act(ale, (Action)action, ACTION_NOOP, screen);
        print_act(step, action, reward, ale, screen);
        if (ale->over)
            ale_reset(ale, screen);
    }
}

static void trace_core(Console *console, const Cartridge *cartridge, Screen *screen, int64_t frames)
{
    Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    const ConsoleSetup setup = {.first_line = 34, .height = 210, .hmove_blanks = true};
    console_insert(console, cartridge, &setup, &noise);
    console_reset(console, cartridge, &noise);
    for (int64_t frame = 1; frame <= frames; frame++) {
        console_update(console, cartridge, screen);
        printf("%" PRId64 " %d %016" PRIx64 " %016" PRIx64 "\n", frame, console->lines,
               ram_hash(console), screen_hash(console, screen));
    }
}

typedef struct {
    Ale ale;
    Screen screen;
} Playing;

/* Bare: a file needs to belong to no game. A game's name means the game here, too, whatever lies in
 * the folder under that name. */
static bool run_core(Playing *playing, const char *what, const CartridgeRequest *request,
                     const TracePlan *plan, Error *error)
{
    Problem problem = {0};
    CartridgeType type;
    if (!problem_cartridge_type(&type, request, error))
        return false;
    if (game_by_name(what) == NULL && file_exists(what))
        problem.cartridge = cartridge_load(what, type, error);
    else if (problem_find(&problem, what, request, error) && problem.cartridge == NULL)
        error_input(error, "'%s' has no cartridge that could be traced", what);
    if (problem.cartridge == NULL)
        return false;
    trace_core(&playing->ale.console, problem.cartridge, &playing->screen, plan->frames);
    problem_free(&problem);
    return true;
}

/* As the traces begin: the cartridge is inserted in its first mode; mode and difficulty are chosen
 * with the reset that follows. */
static bool load(Playing *playing, const Problem *problem, const TracePlan *plan, Error *error)
{
    const Game *game = problem->game;
    const int mode = plan->mode >= 0 ? (int)plan->mode : game_default_mode(game, 1);
    if (!game_has_mode(game, 1, mode) || !game_has_difficulty(game, (int)plan->difficulty))
        return error_input(error,
                           "'%s' has no mode %d with difficulty %d: `deepq games %s` lists "
                           "those it has",
                           game->name, mode, (int)plan->difficulty, game->name);
    const AleOptions loading = {
        .seed = (uint32_t)plan->seed,
        .sticky = plan->sticky,
        .mode = (uint16_t)game_default_mode(game, 1),
        .frame_skip = (int)plan->frame_skip,
    };
    ale_load(&playing->ale, game, problem->cartridge, &loading, &playing->screen);
    playing->ale.options.mode = (uint16_t)mode;
    playing->ale.options.difficulty = (uint8_t)plan->difficulty;
    return ale_reset(&playing->ale, &playing->screen) ||
           error_input(error, "the cartridge of '%s' did not come to mode %d", game->name, mode);
}

static bool run_acts(Playing *playing, const char *what, const CartridgeRequest *request,
                     const TracePlan *plan, Error *error)
{
    Problem problem;
    if (!problem_find(&problem, what, request, error))
        return false;
    const bool done = problem.cartridge != NULL
                          ? load(playing, &problem, plan, error)
                          : error_input(error, "'%s' has no cartridge that could be traced", what);
    if (done)
        trace_acts(&playing->ale, &playing->screen, plan);
    problem_free(&problem);
    return done;
}

/* Exit status 1 if a rule says something else. */
static int run_rules(const char *path)
{
    enum { RULES_BYTES_MAX = 64 << 20 };
    Error error = {0};
    FileBytes file;
    RulesReplay replay;
    if (!file_read(&file, path, RULES_BYTES_MAX, &error))
        return options_fail(&error);
    const bool read = replay_rules(&replay, (const char *)file.bytes, path, &error);
    file_free(&file);
    if (!read)
        return options_fail(&error);
    printf("%ld games, %ld of them unknown\n", replay.games, replay.unknown);
    if (replay.first_failure[0] != 0)
        printf("the first that failed: %s\n", replay.first_failure);
    printf("%ld passed, %ld failed\n", replay.passed, replay.failed);
    return replay.failed == 0 ? STATUS_DONE : STATUS_FAILED;
}

int command_trace(int argc, const char **argv)
{
    static char *seed, *sticky, *skip, *lcg, *steps, *frames, *rules, *mode, *difficulty;
    static CartridgeRequest request;
    static int core;
    struct poptOption table[] = {
        {"core", 0, POPT_ARG_NONE, &core, 0, "the bare console, without input", NULL},
        {"rules", 0, POPT_ARG_STRING, &rules, 0, "replay this file of rules instead", "FILE"},
        {"frames", 0, POPT_ARG_STRING, &frames, 0, "with --core: how many (240)", "N"},
        {"steps", 0, POPT_ARG_STRING, &steps, 0, "acts (1000)", "N"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of sticky actions (0)", "S"},
        {"sticky", 0, POPT_ARG_STRING, &sticky, 0, "their probability (0)", "P"},
        {"frame-skip", 0, POPT_ARG_STRING, &skip, 0, "frames an act is held (1)", "K"},
        {"lcg", 0, POPT_ARG_STRING, &lcg, 0, "where the generator of actions starts (1)", "L"},
        {"mode", 0, POPT_ARG_STRING, &mode, 0, "game mode (the game's first)", "M"},
        {"difficulty", 0, POPT_ARG_STRING, &difficulty, 0, "difficulty switches (0)", "D"},
        PROBLEM_OPTION_ROMS(request),
        PROBLEM_OPTION_TYPE(request),
        POPT_TABLEEND,
    };
    Options options;
    int status;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    if (rules != NULL) {
        status = run_rules(rules);
        options_free(&options);
        return status;
    }
    Error error = {0};
    TracePlan plan = {.frame_skip = 1, .lcg = 1, .steps = 1000, .frames = 240, .mode = -1};
    Playing *playing = calloc(1, sizeof *playing);
    if (playing == NULL)
        error_work(&error, "no memory for a console");
    const char *what = options.argument[0];
    if (what == NULL)
        error_input(&error, "something is missing of 'GAME|ROM'; or --rules FILE");
    const bool done =
        playing != NULL && what != NULL &&
        options_count(&plan.seed, seed, "seed", 0, UINT32_MAX, &error) &&
        options_real(&plan.sticky, sticky, "sticky", 0, 1, &error) &&
        options_count(&plan.frame_skip, skip, "frame-skip", 1, 1000, &error) &&
        options_count(&plan.lcg, lcg, "lcg", 0, UINT32_MAX, &error) &&
        options_count(&plan.mode, mode, "mode", 0, UINT16_MAX, &error) &&
        options_count(&plan.difficulty, difficulty, "difficulty", 0, 3, &error) &&
        options_count(&plan.steps, steps, "steps", 0, INT64_C(1000000000), &error) &&
        options_count(&plan.frames, frames, "frames", 0, INT64_C(1000000000), &error) &&
        (core ? run_core : run_acts)(playing, what, &request, &plan, &error);
    free(playing);
    options_free(&options);
    return done ? STATUS_DONE : options_fail(&error);
}
