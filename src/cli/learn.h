/*
 * learn.h - what the files of `deepq learn` do for each other.
 *
 *     learn.c              options, training, the figures at the end
 *     learn_report.c       the folder: metrics, weights, pictures, a page
 *     learn_experiment.c   --experiment
 *     learn_frames.c       a run's name instead of data: an autoencoder of its frames
 */
#ifndef DEEPQ_CLI_LEARN_H
#define DEEPQ_CLI_LEARN_H

#include <signal.h>

#include "learn/nets.h"

enum { LEARN_SCORING_BATCH = 100, LEARN_EPOCHS_MAX = 10000 };

/* What was asked for. */
typedef struct {
    const char *data_name;
    const char *net_name;
    Recipe recipe;
    int64_t seed, threads, examples, validation;
    const char *pretraining; /* rbm or denoising; NULL: none */
    int epochs_asked;        /* negative: the usual ones */
    int batch_asked;         /* likewise */
    double rate_asked;       /* likewise */
    bool json, quiet;
    const char *weights; /* to begin with; NULL: fresh ones */
    const char *folder;  /* NULL: nothing is kept */
} LearnPlan;

typedef struct {
    int epoch;
    double loss;                          /* mean over the epoch */
    double accuracy, validation_accuracy; /* on test and validation examples; the latter -1: none */
    double seconds;                       /* of training alone, since the beginning */
} LearnEpoch;

/* What came of it. */
typedef struct {
    const LearnPlan *plan;
    const Data *data; /* the training data */
    const DataPart *test;
    const Network *network;
    const char *const *class_names; /* NULL: numbers */
    int classes;
    int *confusion; /* [classes][classes], of the test examples */
    int *guess;     /* of each test example */
    LearnEpoch *epoch;
    int epochs;
    double test_accuracy, train_accuracy, seconds, examples_per_second;
    double processor_seconds; /* of all threads, for training alone */
} LearnResult;

/* Refuses a folder that is there already; else makes it. */
bool learn_folder_begin(const char *folder, Error *error);

/* metrics.csv, weights.safetensors, confusion.png, mistakes.png, features.png, summary.json and
 * report.html, which shows them. */
bool learn_folder_write(const LearnResult *result, Error *error);

/* The summary as JSON, one line; to be freed. */
char *learn_summary(const LearnResult *result, bool lines, Error *error);

/* "T-shirt", or the number. */
const char *learn_class_name(const LearnResult *result, int k, char room[16]);

/* Run one experiment; NAME's list stands in learn/experiments.h. */
int learn_experiment(const char *name, const LearnPlan *plan, const char *output);

/* Learn to restore the frames that the run `plan->data_name` remembers; the encoder goes to
 * `output`. */
int learn_frames(const LearnPlan *plan, const char *output);

/* Ctrl-C was pressed: what is done is kept, the rest is left. */
extern volatile sig_atomic_t learn_stop_asked;

/* ERROR_WORK if a weight is not a finite number: nothing like that is kept. */
bool learn_check_weights(const Network *network, Error *error);

#endif
