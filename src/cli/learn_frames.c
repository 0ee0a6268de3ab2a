/* deepq learn RUN: an autoencoder of the frames that an agent remembers. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/learn.h"
#include "cli/options.h"
#include "learn/autoencoder.h"
#include "nn/weights.h"
#include "rl/replay.h"
#include "run/replay_log.h"
#include "run/run.h"

enum {
    STATES_AN_EPOCH = 32000,
    EPOCHS = 3,
    HELDOUT_BATCHES = 20,
    PATH_BYTES = CSV_PATH_BYTES + 32
};

typedef struct {
    const LearnPlan *plan;
    RunConfig config;
    NnSpec spec; /* of the agent's network */
    Parallel *team;
    Replay *replay;
    ReplayBatch batch;
    Autoencoder *autoencoder;
    AutoencoderRule rule;
    int epochs, updates_an_epoch;
    double loss; /* of states that it did not learn from lately, nothing of them set to 0 */
    double seconds;
} FramesJob;

/* ---- the memory ---- */

static bool load_log(FramesJob *job, ReplayLog *log, Error *error)
{
    for (int env = 0; env < job->config.dqn.envs; env++) {
        int64_t oldest, newest;
        if (!replay_log_span(log, env, &oldest, &newest, error) ||
            !replay_log_load(log, env, oldest, newest, error))
            return false;
    }
    return replay_count(job->replay) > 0 ||
           error_input(error, "'%s' remembers no states yet", job->plan->data_name);
}

static bool load_memory(FramesJob *job, Error *error)
{
    char folder[PATH_BYTES];
    const DqnConfig *dqn = &job->config.dqn;
    const NnShape input = job->spec.input;
    const ReplaySetup setup = {
        .capacity = dqn->replay_steps,
        .frame_bytes = (size_t)input.height * (size_t)input.width,
        .history = input.channels,
        .envs = dqn->envs,
        .packed = dqn->replay_packed,
        .return_steps = 1,
        .gamma = dqn->gamma,
    };
    snprintf(folder, sizeof folder, "%s/checkpoints", job->plan->data_name);
    job->replay = replay_create(&setup, error);
    if (job->replay == NULL)
        return false;
    ReplayLog *log = replay_log_create(folder, job->replay, error);
    const bool done = log != NULL && load_log(job, log, error);
    replay_log_destroy(log);
    return done && replay_batch_create(&job->batch, job->replay, job->rule.batch, error);
}

/* ---- work ---- */

static bool prepare(FramesJob *job, Error *error)
{
    const LearnPlan *plan = job->plan;
    char weights[CSV_PATH_BYTES];
    run_weights_path(weights, plan->data_name, RUN_WEIGHTS_LAST);
    job->team = parallel_create((int)plan->threads, error);
    if (job->team == NULL || !run_load_config(&job->config, plan->data_name, error) ||
        !weights_spec(&job->spec, weights, error))
        return false;
    job->autoencoder =
        autoencoder_create(&job->spec, &job->rule, job->team, (uint64_t)plan->seed, error);
    return job->autoencoder != NULL && load_memory(job, error);
}

static NnInput draw(FramesJob *job, Random *random)
{
    replay_sample(job->replay, random, job->rule.batch, job->team, &job->batch);
    return (NnInput){.planes = job->batch.state};
}

static double heldout_loss(FramesJob *job)
{
    Random random = random_stream((uint64_t)job->plan->seed, "heldout");
    double sum = 0;
    for (int i = 0; i < HELDOUT_BATCHES; i++) {
        const NnInput input = draw(job, &random);
        sum += autoencoder_loss(job->autoencoder, &input);
    }
    return sum / HELDOUT_BATCHES;
}

static void tell_epoch(const FramesJob *job, int epoch, double loss)
{
    if (job->plan->quiet || job->plan->json)
        return;
    printf("epoch %d of %d: loss %.5f with lost pixels, %.5f without, %.0f s\n", epoch, job->epochs,
           loss, job->loss, job->seconds);
    fflush(stdout);
}

/* False: interrupted. */
static bool learn_epochs(FramesJob *job)
{
    Random random = random_stream((uint64_t)job->plan->seed, "replay");
    const double begin = clock_seconds();
    for (int epoch = 1; epoch <= job->epochs; epoch++) {
        double sum = 0;
        for (int u = 0; u < job->updates_an_epoch; u++) {
            if (learn_stop_asked)
                return false;
            const NnInput input = draw(job, &random);
            sum += autoencoder_learn(job->autoencoder, &input);
        }
        job->loss = heldout_loss(job);
        job->seconds = clock_seconds() - begin;
        tell_epoch(job, epoch, sum / job->updates_an_epoch);
    }
    return true;
}

static bool save(const FramesJob *job, const char *output, Error *error)
{
    Network *encoder = autoencoder_encoder(job->autoencoder, error);
    const WeightsNote notes[] = {{"game", job->config.game}, {"from", "autoencoder"}};
    const bool done = encoder != NULL && learn_check_weights(encoder, error) &&
                      weights_save(encoder, output, notes, 2, error);
    network_destroy(encoder);
    return done;
}

static void tell_result(const FramesJob *job, const char *output)
{
    char layers[NN_SPEC_TEXT];
    nn_spec_text(autoencoder_spec(job->autoencoder), layers, sizeof layers);
    const int64_t updates = (int64_t)job->epochs * job->updates_an_epoch;
    if (job->plan->json)
        printf("{\"layers\": \"%s\", \"states\": %" PRId64 ", \"updates\": %" PRId64
               ", \"loss\": %.6g, \"seconds\": %.3f}\n",
               layers, replay_count(job->replay), updates, job->loss, job->seconds);
    else
        printf("%s: the encoder of '%s', after %" PRId64 " updates\n"
               "`deepq train %s --init %s` begins with it\n",
               output, layers, updates, job->config.game, output);
}

static bool check_request(const LearnPlan *plan, const char *output, Error *error)
{
    if (output == NULL)
        return error_input(error, "the weights' name is missing: -o FILE.safetensors");
    if (plan->epochs_asked == 0)
        return error_input(error, "'--epochs' is 0: an encoder learns for at least 1");
    if (plan->folder != NULL || plan->weights != NULL || plan->pretraining != NULL)
        return error_input(error,
                           "an autoencoder of the frames of '%s' has neither '--run' nor "
                           "'--init' nor '--pretrain'",
                           plan->data_name);
    return true;
}

int learn_frames(const LearnPlan *plan, const char *output)
{
    Error error = {0};
    FramesJob job = {.plan = plan, .rule = autoencoder_default()};
    const int64_t states = plan->examples > 0 ? plan->examples : STATES_AN_EPOCH;
    job.rule.batch = plan->batch_asked > 0 ? plan->batch_asked : job.rule.batch;
    job.rule.rate = plan->rate_asked >= 0 ? plan->rate_asked : job.rule.rate;
    job.epochs = plan->epochs_asked >= 0 ? plan->epochs_asked : EPOCHS;
    job.updates_an_epoch = (int)((states + job.rule.batch - 1) / job.rule.batch);
    bool done = check_request(plan, output, &error) && prepare(&job, &error);
    if (done && learn_epochs(&job)) {
        done = save(&job, output, &error);
        if (done)
            tell_result(&job, output);
    }
    autoencoder_destroy(job.autoencoder);
    replay_batch_destroy(&job.batch);
    replay_destroy(job.replay);
    parallel_destroy(job.team);
    if (!done)
        return options_fail(&error);
    return learn_stop_asked ? STATUS_INTERRUPTED : STATUS_DONE;
}
