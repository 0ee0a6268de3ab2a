#include <stdio.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/recording.h"
#include "rl/evaluate.h"

static const OptionsHelp help = {
    "record",
    "RUN|GAME|ROM",
    "Lets the agent of a run play one game and keeps it as a film (.mp4, .gif), or as a\n"
    "picture (.png) of one moment. Without a run, for a GAME or a ROM, a player who acts at random "
    "is recorded.\n\n"
    "example: deepq record runs/bricks-quick-1 -o agent.gif --panels\n",
};

enum { FILM_FRAMES = 3600, PICTURE_FRAMES = 240 };

static bool choose_kind(RecordingPlan *plan, Error *error)
{
    static const struct {
        const char *suffix;
        RecordingKind kind;
        int frames, scale, panels_scale;
    } kinds[] = {
        {".png", RECORDING_PNG, PICTURE_FRAMES, 2, 2},
        {".gif", RECORDING_GIF, FILM_FRAMES, 1, 1},
        {".mp4", RECORDING_MP4, FILM_FRAMES, 3, 2},
    };
    if (plan->path == NULL)
        return error_input(error, "the file's name is missing: -o FILE.mp4, FILE.gif or FILE.png");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (file_ends_in(plan->path, kinds[i].suffix)) {
            plan->kind = kinds[i].kind;
            plan->frames = kinds[i].frames;
            plan->scale = plan->panels ? kinds[i].panels_scale : kinds[i].scale;
            return true;
        }
    return error_input(error, "'%s' cannot be recorded: a name ends in .mp4, .gif or .png",
                       plan->path);
}

static bool record(Player *player, const RecordingPlan *plan, Error *error)
{
    RecordingResult result;
    if (!recording_make(player, plan, &result, error))
        return false;
    printf("%s: %lld frames of %s, score %g\n", plan->path, (long long)result.frames,
           player->env->spec.name, result.score);
    return true;
}

int command_record(int argc, const char **argv)
{
    const char *frames = NULL, *games = NULL, *scale = NULL, *seed = NULL, *epsilon = NULL;
    CartridgeRequest request = {0};
    int last = 0, panels = 0, saliency = 0, layers = 0;
    RecordingPlan plan = {.games = 1, .seed = 1};
    struct poptOption table[] = {
        {"output", 'o', POPT_ARG_STRING, &plan.path, 0,
         ".mp4, .gif or .png; replaced if it is there", "FILE"},
        {"frames", 0, POPT_ARG_STRING, &frames, 0,
         "of the emulator: a film ends there at the latest (default 3600, a minute), a picture is "
         "of "
         "that moment (default 240)",
         "N"},
        {"games", 0, POPT_ARG_STRING, &games, 0, "to record at the most (default 1)", "N"},
        {"scale", 0, POPT_ARG_STRING, &scale, 0,
         "rows for each row of the game's picture (default .gif 1, .png 2, .mp4 3)", "N"},
        {"panels", 0, POPT_ARG_NONE, &panels, 0, "beside it, what the agent sees and values", NULL},
        {"saliency", 0, POPT_ARG_NONE, &saliency, 0, "... with the pixels that matter", NULL},
        {"layers", 0, POPT_ARG_NONE, &layers, 0, "... with the network in the game's place", NULL},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "probability of a random action (default: eval_epsilon of the run)", "E"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "of what is played here (default 1)", "N"},
        {"last", 0, POPT_ARG_NONE, &last, 0, "the newest weights, not the best", NULL},
        PROBLEM_OPTION_ROMS(request),
        PROBLEM_OPTION_TYPE(request),
        POPT_TABLEEND,
    };
    Options options;
    Player player = {0};
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    plan.view = (StageView){saliency, layers};
    plan.panels = panels || saliency || layers;
    const char *what = options.argument[0];
    bool done = choose_kind(&plan, &error) &&
                options_count(&plan.frames, frames, "frames", 1, INT64_C(10000000), &error) &&
                options_count(&plan.games, games, "games", 1, EVALUATION_GAMES_MAX, &error) &&
                options_count(&plan.scale, scale, "scale", 1, STAGE_SCALE_MAX, &error) &&
                options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
                options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error);
    if (done && player_is_run(what))
        done = player_open(&player, what, last ? RUN_WEIGHTS_LAST : RUN_WEIGHTS_BEST, &request,
                           (uint64_t)plan.seed, &error);
    else if (done)
        done = player_open_random(&player, what, &request, (uint64_t)plan.seed, &error);
    if (done && epsilon == NULL)
        plan.epsilon = player.config.dqn.eval_epsilon;
    if (!done || !record(&player, &plan, &error))
        status = options_fail(&error);
    player_close(&player);
    options_free(&options);
    return status;
}
