#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/player.h"
#include "cli/stage.h"
#include "rl/evaluate.h"
#include "viewer/film.h"
#include "viewer/movie.h"
#include "viewer/png.h"

static const OptionsHelp help = {
    "record",
    "RUN|GAME|ROM",
    "Lets the agent of a run play one game and keeps it as a film (.mp4, .gif), or as a\n"
    "picture (.png) of one moment. Without a run, for a GAME or a ROM, a player who acts at random "
    "is recorded.\n\n"
    "example: deepq record runs/bricks-quick-1 -o agent.gif --panels\n",
};

typedef enum { RECORD_PICTURE, RECORD_FILM, RECORD_MOVIE } RecordKind; /* .png, .gif, .mp4 */

typedef struct {
    const char *output;
    RecordKind kind;
    int64_t frames, games, scale, seed;
    double epsilon;
    bool panels;
    StageView view;
} RecordPlan;

enum { FILM_FRAMES = 3600, PICTURE_FRAMES = 240 };

typedef struct {
    const RecordPlan *plan;
    Player *player;
    Stage *stage;
    Film *film;   /* of a .gif, else NULL */
    Movie *movie; /* of an .mp4, else NULL */
    int64_t frames;
    double score;
    Error *error;
} Recording;

static bool add_picture(Recording *recording, Agent *agent)
{
    if (recording->film != NULL)
        return film_add(recording->film, stage_draw(recording->stage, agent), recording->error);
    if (recording->movie != NULL)
        return movie_add(recording->movie, stage_draw(recording->stage, agent), recording->error);
    return true;
}

/* After each step: another picture of the film, or a look at the clock. */
static bool watch(void *context, Env *env, Agent *agent, const EnvStep *step, double score)
{
    Recording *recording = context;
    (void)env;
    recording->frames += step->frames;
    recording->score = score;
    stage_note(recording->stage, agent, step);
    return add_picture(recording, agent) && recording->frames < recording->plan->frames;
}

static bool play(Recording *recording)
{
    static double scores[EVALUATION_GAMES_MAX];
    const RecordPlan *plan = recording->plan;
    const EvaluationPlan games = {
        .games = (int)plan->games,
        .epsilon = plan->epsilon,
        .watch = watch,
        .context = recording,
    };
    Random stream = random_stream((uint64_t)plan->seed, "evaluate");
    evaluate(recording->player->env, recording->player->agent, &games, &stream, scores);
    return recording->error->kind == ERROR_NONE;
}

static double pictures_per_second(const Recording *recording)
{
    const EnvSpec *spec = &recording->player->env->spec;
    return spec->frames_per_second / spec->frames_per_step;
}

static bool record_film(Recording *recording)
{
    const Picture *picture = stage_draw(recording->stage, NULL);
    recording->film = film_create(recording->plan->output, picture->width, picture->height,
                                  pictures_per_second(recording), recording->error);
    const bool done = recording->film != NULL && play(recording) &&
                      film_finish(recording->film, recording->error);
    film_destroy(recording->film);
    return done;
}

static bool record_movie(Recording *recording)
{
    const Picture *picture = stage_draw(recording->stage, NULL);
    recording->movie = movie_create(recording->plan->output, picture->width, picture->height,
                                    pictures_per_second(recording), recording->error);
    const bool done = recording->movie != NULL && play(recording) &&
                      movie_finish(recording->movie, recording->error);
    movie_destroy(recording->movie);
    return done;
}

static bool record_picture(Recording *recording)
{
    return play(recording) &&
           png_save(recording->plan->output, stage_draw(recording->stage, recording->player->agent),
                    recording->error);
}

static bool record(Player *player, const RecordPlan *plan, Error *error)
{
    const StageShape shape = {
        .env = player->env,
        .scale = (int)plan->scale,
        .panels = plan->panels,
        .history = player->config.dqn.history,
        .network = player->network,
    };
    Stage *stage = stage_create(&shape, error);
    if (stage == NULL)
        return false;
    stage_view(stage, plan->view);
    Recording recording = {.plan = plan, .player = player, .stage = stage, .error = error};
    const bool done = plan->kind == RECORD_FILM    ? record_film(&recording)
                      : plan->kind == RECORD_MOVIE ? record_movie(&recording)
                                                   : record_picture(&recording);
    stage_destroy(stage);
    if (done)
        printf("%s: %lld frames of %s, score %g\n", plan->output, (long long)recording.frames,
               player->env->spec.name, recording.score);
    return done;
}

static bool choose_kind(RecordPlan *plan, Error *error)
{
    static const struct {
        const char *suffix;
        RecordKind kind;
        int frames, scale, panels_scale;
    } kinds[] = {
        {".png", RECORD_PICTURE, PICTURE_FRAMES, 2, 2},
        {".gif", RECORD_FILM, FILM_FRAMES, 1, 1},
        {".mp4", RECORD_MOVIE, FILM_FRAMES, 3, 2},
    };
    const char *suffix = plan->output == NULL ? NULL : strrchr(plan->output, '.');
    if (plan->output == NULL)
        return error_input(error, "the file's name is missing: -o FILE.mp4, FILE.gif or FILE.png");
    for (size_t i = 0; suffix != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (strcasecmp(suffix, kinds[i].suffix) == 0) {
            plan->kind = kinds[i].kind;
            plan->frames = kinds[i].frames;
            plan->scale = plan->panels ? kinds[i].panels_scale : kinds[i].scale;
            return true;
        }
    return error_input(error, "'%s' cannot be recorded: a name ends in .mp4, .gif or .png",
                       plan->output);
}

int command_record(int argc, const char **argv)
{
    const char *frames = NULL, *games = NULL, *scale = NULL, *seed = NULL, *epsilon = NULL;
    CartridgeRequest request = {0};
    int last = 0, panels = 0, saliency = 0, layers = 0;
    RecordPlan plan = {.games = 1, .seed = 1};
    struct poptOption table[] = {
        {"output", 'o', POPT_ARG_STRING, &plan.output, 0,
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
