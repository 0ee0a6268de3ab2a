#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/performance.h"
#include "nn/weights.h"

static const OptionsHelp help = {
    "watch",
    "RUN",
    "Opens a window on the agent of a run at play: the game, the frames that its network sees, "
    "the\n"
    "value of each action, the value of the last seconds. A run that is still in training is\n"
    "followed: its newest weights play as soon as they are saved, and it does not notice.\n\n"
    "  P, N, +, -         pause, one step of a pause, faster, slower\n"
    "  V                  colour the frames by how much each pixel matters to the best value\n"
    "  L                  what each layer of the network makes of the frames\n"
    "  Esc, Q             quit\n\n"
    "example: deepq watch runs/bricks-quick-1\n",
};

typedef struct {
    int64_t seed, scale, frames, speed;
    double epsilon;
    bool best;
    StageView view;
    CartridgeRequest cartridge;
} WatchPlan;

/* A file of weights that a training may replace. */
typedef struct {
    char path[CSV_PATH_BYTES];
    struct stat seen; /* of the file that the network has */
    Network *network;
    int renewals;
    char word[40];
} LiveWeights;

/* Take the newest weights if there are newer ones. They are replaced whole (base/file.h), so this
 * reads a whole file, old or new; one that cannot be read leaves the network as it is. */
static const char *renew(void *context)
{
    LiveWeights *live = context;
    Error error = {0};
    struct stat now;
    if (stat(live->path, &now) != 0 ||
        (now.st_ino == live->seen.st_ino && now.st_mtim.tv_sec == live->seen.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == live->seen.st_mtim.tv_nsec))
        return live->word;
    live->seen = now;
    if (weights_load(live->network, live->path, &error))
        snprintf(live->word, sizeof live->word, "weights renewed %d times", ++live->renewals);
    return live->word;
}

static bool watch(const char *run, const WatchPlan *plan, Error *error)
{
    LiveWeights live = {.word = ""};
    const RunWeights weights = plan->best ? RUN_WEIGHTS_BEST : RUN_WEIGHTS_LAST;
    Performance performance = {
        .random = random_stream((uint64_t)plan->seed, "evaluate"),
        .frames_max = plan->frames,
        .view = plan->view,
        .speed = (int)plan->speed,
        .renew = plan->best ? NULL : renew,
        .context = &live,
    };
    Player *player = &performance.player;
    run_weights_path(live.path, run, weights);
    (void)stat(live.path, &live.seen); /* before reading: what comes in between is read again */
    const bool opened =
        player_open(player, run, weights, &plan->cartridge, (uint64_t)plan->seed, error);
    live.network = player->network;
    performance.epsilon = plan->epsilon >= 0 ? plan->epsilon : player->config.dqn.eval_epsilon;
    const bool done = opened && performance_show(&performance, (int)plan->scale, error);
    if (done)
        printf("%s: %" PRId64 " frames, %" PRId64 " games, weights renewed %d times\n", run,
               performance.frames, performance.games, live.renewals);
    player_close(player);
    return done;
}

int command_watch(int argc, const char **argv)
{
    const char *seed = NULL, *scale = NULL, *epsilon = NULL, *frames = NULL, *speed = NULL;
    int best = 0, saliency = 0, layers = 0;
    WatchPlan plan = {.seed = 1, .epsilon = -1};
    struct poptOption table[] = {
        {"best", 0, POPT_ARG_NONE, &best, 0, "the best weights, not the newest", NULL},
        {"saliency", 0, POPT_ARG_NONE, &saliency, 0, "begin as after the key V", NULL},
        {"layers", 0, POPT_ARG_NONE, &layers, 0, "begin as after the key L", NULL},
        {"epsilon", 0, POPT_ARG_STRING, &epsilon, 0,
         "the agent's probability of a random action (default: eval_epsilon of the run)", "E"},
        {"scale", 0, POPT_ARG_STRING, &scale, 0,
         "rows of the window for each of the game (default: as fits)", "N"},
        {"speed", 0, POPT_ARG_STRING, &speed, 0, "2^N times as fast, -3 to 4 (default 0)", "N"},
        {"frames", 0, POPT_ARG_STRING, &frames, 0, "close after so many (default: never)", "N"},
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
    plan.best = best;
    plan.view = (StageView){saliency, layers};
    pace_catch_signals();
    const bool done =
        options_count(&plan.seed, seed, "seed", 0, INT64_MAX, &error) &&
        options_count(&plan.scale, scale, "scale", 1, STAGE_SCALE_MAX, &error) &&
        options_count(&plan.frames, frames, "frames", 1, INT64_MAX, &error) &&
        options_count(&plan.speed, speed, "speed", PACE_SPEED_MIN, PACE_SPEED_MAX, &error) &&
        options_real(&plan.epsilon, epsilon, "epsilon", 0, 1, &error) &&
        watch(options.argument[0], &plan, &error);
    status = !done ? options_fail(&error) : pace_stopped() ? STATUS_INTERRUPTED : STATUS_DONE;
    options_free(&options);
    return status;
}
