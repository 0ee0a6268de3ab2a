#include "cli/learn.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/player.h"
#include "learn/descents.h"
#include "learn/pretrain.h"
#include "nn/weights.h"

static const OptionsHelp help = {
    "learn",
    "[DATA|RUN]",
    "Trains a network to tell classes apart, and tests it. DATA is 'fashion-mnist' (Debian's\n"
    "package dataset-fashion-mnist) or a folder: with train.csv and test.csv, whose last column "
    "is\n"
    "the class, or with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte,\n"
    "t10k-labels-idx1-ubyte, plain or .gz.\n\n"
    "NET is mlp, cnn or a file with the layers from the pixels up, as 'dense 64, relu, dense "
    "10';\n"
    "include/deepq_nn.h lists them all.\n\n"
    "The experiments are vanishing, initialisation, descent, dropout, prior, depth\n"
    "(docs/deep-learning.md); each writes its figure to -o FILE.png.\n\n"
    "With the folder of an agent's RUN as DATA, an autoencoder learns to restore the frames that "
    "the\n"
    "agent remembers; its encoder goes to -o FILE.safetensors, and `deepq train --init` begins "
    "with\n"
    "it.\n\n"
    "example: deepq learn fashion-mnist --net mlp --run runs/fashion\n"
    "         deepq learn --experiment vanishing -o vanishing.png\n"
    "         deepq learn runs/bricks-quick-1 -o bricks.safetensors\n",
};

volatile sig_atomic_t learn_stop_asked;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    learn_stop_asked = 1;
}

/* The second Ctrl-C kills at once, as without us. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to report, not a death */
}

/* ---- options ---- */

typedef struct {
    const char *net, *epochs, *batch, *rate, *optimiser, *seed, *threads, *examples, *validation;
    const char *weights, *pretraining, *run, *experiment, *output;
    int json, quiet;
} Texts;

static bool pick_optimiser(NnOptimiser *rule, const char *name, Error *error)
{
    char names[DESCENT_NAMES];
    const NamedDescent *descent = name != NULL ? descent_find(name) : NULL;
    if (descent != NULL)
        *rule = descent->rule;
    else if (name != NULL) {
        descent_names(names);
        return error_input(error, "there is no optimiser '%.60s': there are %s", name, names);
    }
    return true;
}

static bool read_plan(LearnPlan *plan, const Texts *texts, Error *error)
{
    const NamedNet *net = net_find(plan->net_name);
    plan->recipe = net != NULL ? net->recipe : recipe_default();
    int64_t epochs = plan->recipe.epochs, batch = plan->recipe.batch;
    if (!pick_optimiser(&plan->recipe.optimiser, texts->optimiser, error) ||
        !options_count(&epochs, texts->epochs, "epochs", 0, LEARN_EPOCHS_MAX, error) ||
        !options_count(&batch, texts->batch, "batch", 1, 65536, error) ||
        !options_real(&plan->recipe.optimiser.learning_rate, texts->rate, "rate", 0, 100, error) ||
        !options_count(&plan->seed, texts->seed, "seed", 0, INT64_MAX, error) ||
        !options_count(&plan->threads, texts->threads, "threads", 1, PARALLEL_THREADS_MAX, error) ||
        !options_count(&plan->examples, texts->examples, "examples", 1, INT32_MAX, error) ||
        !options_count(&plan->validation, texts->validation, "validation", 0, INT32_MAX, error))
        return false;
    plan->recipe.epochs = (int)epochs;
    plan->epochs_asked = texts->epochs != NULL ? (int)epochs : -1;
    plan->recipe.batch = (int)batch;
    plan->batch_asked = texts->batch != NULL ? (int)batch : -1;
    plan->rate_asked = texts->rate != NULL ? plan->recipe.optimiser.learning_rate : -1;
    return true;
}

/* ---- work ---- */

/* All that a training needs. */
typedef struct {
    const LearnPlan *plan;
    Data train_data, test_data;
    DataPart *train, *validation, *test;
    Parallel *team;
    Network *network;
    Learner *learner;
    LearnResult result;
    bool terminal;
} Job;

static bool read_net_file(char text[NET_TEXT], const char *path, Error *error)
{
    FileBytes file;
    if (!file_read(&file, path, NET_TEXT - 1, error))
        return false;
    snprintf(text, NET_TEXT, "%s", (const char *)file.bytes);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\n' ? ' ' : *c;
    file_free(&file);
    return true;
}

static bool make_network(Job *job, Error *error)
{
    const LearnPlan *plan = job->plan;
    const NamedNet *net = net_find(plan->net_name);
    const int classes = job->train_data.classes;
    const int batch =
        plan->recipe.batch > LEARN_SCORING_BATCH ? plan->recipe.batch : LEARN_SCORING_BATCH;
    char text[NET_TEXT];
    NnSpec spec;
    if (net != NULL)
        net_layers(net, classes, text);
    else if (!file_exists(plan->net_name))
        return error_input(error,
                           "there is no network '%.60s': there are mlp and cnn, or a file with the "
                           "layers",
                           plan->net_name);
    else if (!read_net_file(text, plan->net_name, error))
        return false;
    if (!nn_spec_parse(&spec, text, job->train_data.shape, error))
        return false;
    job->network = network_create(&spec, batch, NN_BACKEND_AUTO, job->team, error);
    if (job->network == NULL)
        return false;
    const int outputs = classifier_classes(job->network);
    if (outputs < classes || outputs > DATA_CLASSES_MAX)
        return error_input(error, "the network '%.60s' has %d outputs, the data have %d classes",
                           plan->net_name, outputs, classes);
    Random random = random_stream((uint64_t)plan->seed, "init");
    network_initialise(job->network, plan->recipe.init, &random);
    return plan->weights == NULL || weights_load(job->network, plan->weights, error);
}

static bool pretrain_network(Job *job, Error *error)
{
    const LearnPlan *plan = job->plan;
    if (plan->pretraining == NULL)
        return true;
    const bool rbm = strcmp(plan->pretraining, "rbm") == 0;
    if (!rbm && strcmp(plan->pretraining, "denoising") != 0)
        return error_input(error, "there is no pre-training '%.60s': there are rbm and denoising",
                           plan->pretraining);
    const PretrainRule rule = pretrain_default(rbm ? PRETRAIN_RBM : PRETRAIN_DENOISING);
    return pretrain(job->network, job->train, &rule, (uint64_t)plan->seed, NULL, error);
}

static bool take_parts(Job *job, Error *error)
{
    const LearnPlan *plan = job->plan;
    const int all = job->train_data.count;
    if (plan->validation + 1 > all || plan->examples + plan->validation > all)
        return error_input(error, "'%s' has %d examples to train with: fewer than are asked for",
                           plan->data_name, all);
    Random random = random_stream((uint64_t)plan->seed, "split");
    const int wanted = plan->examples > 0 ? (int)plan->examples : all - (int)plan->validation;
    DataPart *rest = NULL;
    if (!data_split(&job->train_data, wanted, &random, &job->train, wanted < all ? &rest : NULL,
                    error))
        return false;
    if (rest != NULL && plan->validation > 0 && plan->validation < rest->count)
        rest->count = (int)plan->validation;
    if (plan->validation > 0)
        job->validation = rest;
    else
        free(rest);
    job->test = data_all(&job->test_data, error);
    return job->test != NULL;
}

static bool prepare(Job *job, Error *error)
{
    const LearnPlan *plan = job->plan;
    if (plan->data_name == NULL)
        return error_input(error, "something to learn from is missing: 'fashion-mnist', or a "
                                  "folder");
    if (plan->folder != NULL && file_exists(plan->folder))
        return learn_folder_begin(plan->folder, error);
    return data_load_named(&job->train_data, &job->test_data, plan->data_name, error) &&
           take_parts(job, error) &&
           (job->team = parallel_create((int)plan->threads, error)) != NULL &&
           make_network(job, error) && pretrain_network(job, error) &&
           (job->learner = learner_begin(job->network, job->train, &plan->recipe,
                                         (uint64_t)plan->seed, error)) != NULL &&
           (plan->folder == NULL || learn_folder_begin(plan->folder, error));
}

static void clean_up(Job *job)
{
    learner_end(job->learner);
    network_destroy(job->network);
    parallel_destroy(job->team);
    free(job->train), free(job->validation), free(job->test);
    free(job->result.confusion), free(job->result.guess), free(job->result.epoch);
    data_free(&job->train_data);
    data_free(&job->test_data);
}

static bool measure(Job *job, const DataPart *part, int *confusion, int *guess, double *accuracy,
                    Error *error)
{
    Score score;
    if (!classifier_score(job->network, part, LEARN_SCORING_BATCH, confusion, guess, &score, error))
        return false;
    *accuracy = (double)score.right / score.count;
    return true;
}

static void show_progress(const Job *job, int epoch, int64_t update, double seconds)
{
    if (!job->terminal || job->plan->quiet || job->plan->json)
        return;
    printf("\repoch %d of %d, update %" PRId64 ", loss %.4f, %.0f s   ", epoch,
           job->plan->recipe.epochs, update, learner_loss(job->learner), seconds);
    fflush(stdout);
}

/* The seconds that training alone took. */
static double train_epoch(Job *job, int epoch, double seconds_before)
{
    const double begin = clock_seconds();
    double next = begin + 0.2;
    while (!learn_stop_asked && !learner_step(job->learner))
        if (clock_seconds() > next) {
            next = clock_seconds() + 0.2;
            show_progress(job, epoch, learner_updates(job->learner),
                          seconds_before + clock_seconds() - begin);
        }
    return clock_seconds() - begin;
}

static void tell_epoch(const Job *job, const LearnEpoch *epoch)
{
    if (job->plan->quiet || job->plan->json)
        return;
    printf("%sepoch %d: loss %.4f, test accuracy %.2f %%", job->terminal ? "\r" : "", epoch->epoch,
           epoch->loss, 100 * epoch->accuracy);
    if (epoch->validation_accuracy >= 0)
        printf(", validation %.2f %%", 100 * epoch->validation_accuracy);
    printf(", %.1f s of training\n", epoch->seconds);
    fflush(stdout);
}

static bool measure_test(Job *job, double *accuracy, Error *error)
{
    LearnResult *result = &job->result;
    memset(result->confusion, 0, (size_t)(result->classes * result->classes) * sizeof(int));
    return measure(job, job->test, result->confusion, result->guess, accuracy, error);
}

bool learn_check_weights(const Network *network, Error *error)
{
    return network_is_finite(network) ||
           error_work(error, "the weights are not finite numbers any more: a smaller '--rate' "
                             "would help");
}

static bool run_epochs(Job *job, Error *error)
{
    LearnResult *result = &job->result;
    for (int e = 1; e <= job->plan->recipe.epochs; e++) {
        const clock_t begin = clock();
        result->seconds += train_epoch(job, e, result->seconds);
        result->processor_seconds += (double)(clock() - begin) / CLOCKS_PER_SEC;
        if (learn_stop_asked)
            break;
        if (!learn_check_weights(job->network, error))
            return false;
        LearnEpoch *epoch = &result->epoch[result->epochs++];
        *epoch = (LearnEpoch){.epoch = e,
                              .loss = learner_epoch_loss(job->learner),
                              .validation_accuracy = -1,
                              .seconds = result->seconds};
        if (!measure_test(job, &epoch->accuracy, error) ||
            (job->validation != NULL &&
             !measure(job, job->validation, NULL, NULL, &epoch->validation_accuracy, error)))
            return false;
        tell_epoch(job, epoch);
    }
    return true;
}

static bool sum_up(Job *job, Error *error)
{
    LearnResult *result = &job->result;
    const double seen = (double)result->epochs * job->train->count;
    result->examples_per_second = result->seconds > 0 ? seen / result->seconds : 0;
    if (result->epochs > 0 && !learn_stop_asked)
        result->test_accuracy = result->epoch[result->epochs - 1].accuracy;
    else if (!measure_test(job, &result->test_accuracy, error))
        return false;
    return measure(job, job->train, NULL, NULL, &result->train_accuracy, error);
}

static bool begin_result(Job *job, Error *error)
{
    const int classes = classifier_classes(job->network);
    LearnResult *result = &job->result;
    *result = (LearnResult){
        .plan = job->plan,
        .data = &job->train_data,
        .test = job->test,
        .network = job->network,
        .class_names = data_class_names(job->plan->data_name),
        .classes = classes,
        .confusion = calloc((size_t)(classes * classes), sizeof(int)),
        .guess = calloc((size_t)job->test->count, sizeof(int)),
        .epoch = calloc((size_t)job->plan->recipe.epochs + 1, sizeof(LearnEpoch)),
    };
    return (result->confusion != NULL && result->guess != NULL && result->epoch != NULL) ||
           error_work(error, "no memory for what comes out");
}

static void tell_confusion(const LearnResult *result)
{
    char room[16];
    printf("\n%-10s said:", "truth");
    for (int k = 0; k < result->classes; k++)
        printf(" %8.8s", learn_class_name(result, k, room));
    for (int t = 0; t < result->classes; t++) {
        printf("\n%-15.15s", learn_class_name(result, t, room));
        for (int k = 0; k < result->classes; k++)
            printf(" %8d", result->confusion[t * result->classes + k]);
    }
    printf("\n\n");
}

static bool tell_result(const Job *job, Error *error)
{
    const LearnResult *result = &job->result;
    if (job->plan->json) {
        char *text = learn_summary(result, false, error);
        if (text == NULL)
            return false;
        fputs(text, stdout);
        free(text);
        return true;
    }
    enum { CLASSES_SHOWN = 12 };
    if (!job->plan->quiet && result->classes <= CLASSES_SHOWN)
        tell_confusion(result);
    printf(
        "test accuracy %.2f %%, training accuracy %.2f %%, %.1f s of training, %.0f examples/s\n",
        100 * result->test_accuracy, 100 * result->train_accuracy, result->seconds,
        result->examples_per_second);
    if (job->plan->folder != NULL)
        printf("%s/report.html shows it\n", job->plan->folder);
    return true;
}

static int learn(const LearnPlan *plan)
{
    Job job = {.plan = plan, .terminal = isatty(STDOUT_FILENO)};
    Error error = {0};
    const bool done = prepare(&job, &error) && begin_result(&job, &error) &&
                      run_epochs(&job, &error) && sum_up(&job, &error) &&
                      (plan->folder == NULL || learn_folder_write(&job.result, &error)) &&
                      tell_result(&job, &error);
    clean_up(&job);
    if (!done)
        return options_fail(&error);
    return learn_stop_asked ? STATUS_INTERRUPTED : STATUS_DONE;
}

int command_learn(int argc, const char **argv)
{
    Texts texts = {0};
    char optimisers[DESCENT_NAMES];
    descent_names(optimisers);
    struct poptOption table[] = {
        {"net", 0, POPT_ARG_STRING, &texts.net, 0, "mlp (the default), cnn, or a file", "NET"},
        {"epochs", 0, POPT_ARG_STRING, &texts.epochs, 0, "times through all examples", "N"},
        {"batch", 0, POPT_ARG_STRING, &texts.batch, 0, "examples of an update", "N"},
        {"optimiser", 0, POPT_ARG_STRING, &texts.optimiser, 0, optimisers, "NAME"},
        {"rate", 0, POPT_ARG_STRING, &texts.rate, 0, "the learning rate it begins with", "R"},
        {"examples", 0, POPT_ARG_STRING, &texts.examples, 0, "train with so many alone", "N"},
        {"validation", 0, POPT_ARG_STRING, &texts.validation, 0,
         "keep so many of them aside and measure on them", "N"},
        {"init", 0, POPT_ARG_STRING, &texts.weights, 0, "weights to begin with", "FILE"},
        {"pretrain", 0, POPT_ARG_STRING, &texts.pretraining, 0,
         "rbm or denoising: layers of sigmoids first learn without labels", "HOW"},
        {"seed", 0, POPT_ARG_STRING, &texts.seed, 0, "of every random stream", "N"},
        {"threads", 0, POPT_ARG_STRING, &texts.threads, 0, "no result depends on it", "N"},
        {"run", 0, POPT_ARG_STRING, &texts.run, 0, "a new folder for all that comes out", "DIR"},
        {"experiment", 0, POPT_ARG_STRING, &texts.experiment, 0, "see above", "NAME"},
        {"output", 'o', POPT_ARG_STRING, &texts.output, 0,
         "the experiment's figure, or the encoder", "FILE"},
        {"json", 0, POPT_ARG_NONE, &texts.json, 0, "one object at the end", NULL},
        {"quiet", 'q', POPT_ARG_NONE, &texts.quiet, 0, "no progress", NULL},
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    LearnPlan plan = {
        .data_name = options.argument[0],
        .net_name = texts.net != NULL ? texts.net : "mlp",
        .seed = 1,
        .threads = 2,
        .json = texts.json,
        .quiet = texts.quiet,
        .weights = texts.weights,
        .pretraining = texts.pretraining,
        .folder = texts.run,
    };
    catch_signals();
    if (!read_plan(&plan, &texts, &error))
        status = options_fail(&error);
    else if (texts.experiment != NULL)
        status = learn_experiment(texts.experiment, &plan, texts.output);
    else if (plan.data_name != NULL && player_is_run(plan.data_name))
        status = learn_frames(&plan, texts.output);
    else if (texts.output != NULL) {
        error_input(&error,
                    "'--output' is for an experiment's figure or the encoder of a run: what "
                    "comes of data goes to the folder '--run'");
        status = options_fail(&error);
    } else
        status = learn(&plan);
    options_free(&options);
    return status;
}
