/*
 * How many frames a second the environment alone makes, with random actions, on one thread.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/measure.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "env/ale.h"
#include "env/eyes.h"

static const OptionsHelp help = {
    "bench env",
    "GAME|ROM",
    "Plays a game with random actions, each held for the frame skip, and counts emulator frames a\n"
    "second. --pixels says what is made of each skip: all frames drawn, the last2, those two and "
    "the\n"
    "84x84 picture that agents see, or none.\n\n"
    "example: deepq bench env tetris.bin --frames 20000 --frame-skip 1 --pixels all --json\n",
};

typedef enum { PIXELS_ALL, PIXELS_LAST2, PIXELS_84X84, PIXELS_NONE, PIXELS_KINDS } Pixels;

static const char *const pixels_name[PIXELS_KINDS] = {"all", "last2", "84x84", "none"};

typedef struct {
    Ale ale;
    Screen screen;
    uint8_t frame[EYES_ROWS * EYES_COLUMNS];
} Playing;

/* One held action. Returns the frames it took. */
static int64_t play_step(Playing *playing, Action action, int64_t skip, Pixels pixels)
{
    int64_t frames = 0;
    for (; frames < skip && !playing->ale.over; frames++) {
        const bool drawn = pixels == PIXELS_ALL || (pixels != PIXELS_NONE && frames + 2 >= skip);
        ale_act(&playing->ale, action, ACTION_NOOP, drawn ? &playing->screen : NULL);
    }
    return frames;
}

static double frames_per_second(Playing *playing, int64_t frames, int64_t skip, Pixels pixels)
{
    Ale *ale = &playing->ale;
    const Eyes eyes = eyes_make(EYES_2015, ale->console.setup.format, ale->console.tia.height);
    Random random = random_stream(1, "bench");
    const double begin = clock_seconds();
    for (int64_t played = 0; played < frames;) {
        const uint32_t choice = random_below(&random, (uint32_t)ale->game->minimal_action_count);
        played += play_step(playing, (Action)ale->game->minimal_actions[choice], skip, pixels);
        if (pixels == PIXELS_84X84)
            eyes_see(&eyes, playing->screen.pixels[ale->console.tia.picture],
                     playing->screen.pixels[ale->console.tia.picture ^ 1], playing->frame);
        if (ale->over)
            ale_reset(ale, &playing->screen);
    }
    return (double)frames / (clock_seconds() - begin);
}

static bool measure(const Problem *problem, int64_t frames, int64_t skip, Pixels pixels, bool json,
                    Error *error)
{
    if (problem->cartridge == NULL)
        return error_input(error, "'%s' has no cartridge that could be measured", problem->name);
    Playing *playing = calloc(1, sizeof *playing);
    if (playing == NULL)
        return error_work(error, "no memory for a console");
    const AleOptions options = {.seed = 1, .mode = (uint16_t)game_default_mode(problem->game, 1)};
    ale_load(&playing->ale, problem->game, problem->cartridge, &options, &playing->screen);
    ale_reset(&playing->ale, &playing->screen);
    const Measure measures[] = {
        {"game", 0, problem->name},
        {"frames", (double)frames, NULL},
        {"frame_skip", (double)skip, NULL},
        {"pixels", 0, pixels_name[pixels]},
        {"frames_per_second", frames_per_second(playing, frames, skip, pixels), NULL},
    };
    measure_print(measures, sizeof measures / sizeof measures[0], json);
    free(playing);
    return true;
}

static bool read_pixels(Pixels *pixels, const char *text, Error *error)
{
    for (int kind = 0; kind < PIXELS_KINDS; kind++) {
        if (text == NULL || strcmp(text, pixels_name[kind]) == 0) {
            *pixels = (Pixels)kind;
            return true;
        }
    }
    return error_input(error, "'--pixels' cannot be '%.60s': it is one of all, last2, 84x84, none",
                       text);
}

int bench_env(int argc, const char **argv)
{
    static char *frames_text, *skip_text, *pixels_text;
    static CartridgeRequest request;
    static int json;
    struct poptOption table[] = {
        {"frames", 0, POPT_ARG_STRING, &frames_text, 0, "how many to play (20000)", "N"},
        {"frame-skip", 0, POPT_ARG_STRING, &skip_text, 0, "frames an action is held (1)", "K"},
        {"pixels", 0, POPT_ARG_STRING, &pixels_text, 0, "all (default), last2, 84x84, none",
         "WHAT"},
        PROBLEM_OPTION_ROMS(request),
        PROBLEM_OPTION_TYPE(request),
        {"json", 0, POPT_ARG_NONE, &json, 0, "one JSON object", NULL},
        POPT_TABLEEND,
    };
    Options options;
    int status;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    Error error = {0};
    Problem problem = {0};
    Pixels pixels = PIXELS_ALL;
    int64_t frames = 20000, skip = 1;
    const bool done =
        options_count(&frames, frames_text, "frames", 1, INT64_C(1000000000), &error) &&
        options_count(&skip, skip_text, "frame-skip", 1, 1000, &error) &&
        read_pixels(&pixels, pixels_text, &error) &&
        problem_find(&problem, options.argument[0], &request, &error) &&
        measure(&problem, frames, skip, pixels, json, &error);
    problem_free(&problem);
    options_free(&options);
    return done ? STATUS_DONE : options_fail(&error);
}
