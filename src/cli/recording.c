#include "cli/recording.h"

#include "rl/evaluate.h"
#include "viewer/film.h"
#include "viewer/movie.h"
#include "viewer/png.h"

typedef struct {
    const RecordingPlan *plan;
    RecordingResult *result;
    Player *player;
    Stage *stage;
    Film *film;   /* of a .gif, else NULL */
    Movie *movie; /* of an .mp4, else NULL */
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
    recording->result->frames += step->frames;
    recording->result->score = score;
    stage_note(recording->stage, agent, step);
    return add_picture(recording, agent) && recording->result->frames < recording->plan->frames;
}

static bool play(Recording *recording)
{
    static double scores[EVALUATION_GAMES_MAX];
    const EvaluationPlan games = {
        .games = (int)recording->plan->games,
        .epsilon = recording->plan->epsilon,
        .watch = watch,
        .context = recording,
    };
    Random stream = random_stream((uint64_t)recording->plan->seed, "evaluate");
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
    recording->film = film_create(recording->plan->path, picture->width, picture->height,
                                  pictures_per_second(recording), recording->error);
    const bool done = recording->film != NULL && play(recording) &&
                      film_finish(recording->film, recording->error);
    film_destroy(recording->film);
    return done;
}

static bool record_movie(Recording *recording)
{
    const Picture *picture = stage_draw(recording->stage, NULL);
    recording->movie = movie_create(recording->plan->path, picture->width, picture->height,
                                    pictures_per_second(recording), recording->error);
    const bool done = recording->movie != NULL && play(recording) &&
                      movie_finish(recording->movie, recording->error);
    movie_destroy(recording->movie);
    return done;
}

static bool record_picture(Recording *recording)
{
    return play(recording) &&
           png_save(recording->plan->path, stage_draw(recording->stage, recording->player->agent),
                    recording->error);
}

bool recording_make(Player *player, const RecordingPlan *plan, RecordingResult *result,
                    Error *error)
{
    const StageShape shape = {
        .env = player->env,
        .scale = (int)plan->scale,
        .panels = plan->panels,
        .history = player->config.dqn.history,
        .network = player->network,
    };
    Recording recording = {.plan = plan, .result = result, .player = player, .error = error};
    bool done = false;
    *result = (RecordingResult){0};
    recording.stage = stage_create(&shape, error);
    if (recording.stage == NULL)
        return false;
    stage_view(recording.stage, plan->view);
    switch (plan->kind) {
    case RECORDING_PNG: done = record_picture(&recording); break;
    case RECORDING_GIF: done = record_film(&recording); break;
    case RECORDING_MP4: done = record_movie(&recording); break;
    }
    stage_destroy(recording.stage);
    return done;
}
