#include "learn/classifier.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "nn/loss.h"

Recipe recipe_default(void)
{
    return (Recipe){
        .epochs = 10,
        .batch = 64,
        .optimiser = {.kind = NN_ADAMW,
                      .learning_rate = 1e-3,
                      .momentum = 0.9,
                      .decay = 0.999,
                      .epsilon = 1e-8,
                      .weight_decay = 0.01},
        .rate = NN_RATE_COSINE,
        .init = NN_INIT_HE,
    };
}

struct Learner {
    Network *network;
    DataPart *part;
    const Recipe *recipe;
    Batches batches;
    Random order, dropout;
    int classes;
    int64_t updates, all_updates;
    double loss, loss_sum, epoch_loss;
    float *inputs, *outputs;
    int *labels;
    float room[];
};

static size_t example_size(const Data *data)
{
    return (size_t)data->shape.channels * (size_t)data->shape.height * (size_t)data->shape.width;
}

int classifier_classes(const Network *network)
{
    const NnSpec *spec = network_spec(network);
    const NnShape out = nn_spec_shape(spec, spec->layer_count - 1);
    return out.channels * out.height * out.width;
}

static void begin_epoch(Learner *learner)
{
    batches_begin(&learner->batches, learner->part, learner->recipe->batch, &learner->order,
                  &learner->recipe->augmentation);
    learner->loss_sum = 0;
}

Learner *learner_begin(Network *network, DataPart *part, const Recipe *recipe, uint64_t seed,
                       Error *error)
{
    const int classes = classifier_classes(network);
    const size_t batch = (size_t)recipe->batch, size = example_size(part->data);
    assert(part->count >= 1 && classes >= part->data->classes && classes <= DATA_CLASSES_MAX);
    Learner *learner =
        calloc(1, sizeof *learner + batch * (size + (size_t)classes + 1) * sizeof(float));
    if (learner == NULL) {
        error_work(error, "no memory for batches of %zu examples", batch);
        return NULL;
    }
    const int64_t batches = (part->count + recipe->batch - 1) / recipe->batch;
    *learner = (Learner){
        .network = network,
        .part = part,
        .recipe = recipe,
        .order = random_stream(seed, "order"),
        .dropout = random_stream(seed, "dropout"),
        .classes = classes,
        .all_updates = batches * (recipe->epochs > 0 ? recipe->epochs : 1),
        .inputs = learner->room,
        .outputs = learner->room + batch * size,
        .labels = (int *)(void *)(learner->room + batch * (size + (size_t)classes)),
    };
    begin_epoch(learner);
    return learner;
}

void learner_end(Learner *learner)
{
    free(learner);
}

bool learner_step(Learner *learner)
{
    const Recipe *recipe = learner->recipe;
    const int count = batches_next(&learner->batches, learner->inputs, learner->labels);
    const NnInput input = {.values = learner->inputs};
    NnOptimiser rule = recipe->optimiser;
    rule.learning_rate *=
        nn_rate(recipe->rate, learner->updates, learner->all_updates, recipe->warm_up);
    network_forward_train(learner->network, &input, count, learner->outputs, &learner->dropout);
    learner->loss = nn_cross_entropy_batch(learner->outputs, learner->labels, count,
                                           learner->classes, learner->outputs);
    learner->loss_sum += learner->loss * count;
    network_backward(learner->network, learner->outputs);
    if (recipe->clip > 0)
        network_clip_gradients(learner->network, recipe->clip);
    network_update(learner->network, &rule);
    learner->updates++;
    if (learner->batches.next < learner->part->count)
        return false;
    learner->epoch_loss = learner->loss_sum / learner->part->count;
    begin_epoch(learner);
    return true;
}

double learner_loss(const Learner *learner)
{
    return learner->loss;
}

double learner_epoch_loss(const Learner *learner)
{
    return learner->epoch_loss;
}

int64_t learner_updates(const Learner *learner)
{
    return learner->updates;
}

double learner_epoch(Learner *learner)
{
    while (!learner_step(learner))
        continue;
    return learner->epoch_loss;
}

static int largest(const float *scores, int classes)
{
    int best = 0;
    for (int k = 1; k < classes; k++)
        if (scores[k] > scores[best])
            best = k;
    return best;
}

typedef struct {
    const DataPart *part;
    int begin, count, classes;
    const float *outputs;
    int *confusion, *guess;
} Answers;

static void count_answers(const Answers *a, Score *score)
{
    for (int n = 0; n < a->count; n++) {
        const int truth = a->part->data->label[a->part->index[a->begin + n]];
        float scores[DATA_CLASSES_MAX];
        memcpy(scores, a->outputs + n * a->classes, (size_t)a->classes * sizeof *scores);
        const int said = largest(scores, a->classes);
        score->right += said == truth;
        score->loss +=
            nn_cross_entropy_batch(scores, &truth, 1, a->classes, scores) / a->part->count;
        if (a->confusion != NULL)
            a->confusion[truth * a->classes + said]++;
        if (a->guess != NULL)
            a->guess[a->begin + n] = said;
    }
}

bool classifier_score(Network *network, const DataPart *part, int batch, int *confusion, int *guess,
                      Score *score, Error *error)
{
    const int classes = classifier_classes(network);
    const size_t size = example_size(part->data);
    float *inputs = malloc((size_t)batch * (size + (size_t)classes) * sizeof *inputs);
    if (inputs == NULL)
        return error_work(error, "no memory for batches of %d examples", batch);
    Answers answers = {.part = part,
                       .classes = classes,
                       .outputs = inputs + (size_t)batch * size,
                       .confusion = confusion,
                       .guess = guess};
    *score = (Score){.count = part->count};
    for (; answers.begin < part->count; answers.begin += batch) {
        const int left = part->count - answers.begin;
        answers.count = left < batch ? left : batch;
        for (int n = 0; n < answers.count; n++)
            data_read(part->data, part->index[answers.begin + n], inputs + (size_t)n * size);
        network_forward(network, &(NnInput){.values = inputs}, answers.count,
                        inputs + (size_t)batch * size);
        count_answers(&answers, score);
    }
    free(inputs);
    return true;
}
