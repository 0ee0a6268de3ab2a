/*
 * run.h - a run on the disk: a folder that says what was done, how it went, and holds what was
 * learnt.
 *
 *     runs/bricks-quick-1/
 *         config.ini                  what the run was told, loadable again (config.h)
 *         init.safetensors            the weights of `train --init`, where that was asked for
 *         episodes.csv                a row for each finished game
 *         metrics.csv                 a row for each epoch
 *         weights.safetensors         the newest, renewed with each epoch and at the end
 *         weights-best.safetensors    those of the best evaluation
 *         summary.json                how it ended
 *         timing.csv                  how fast it went (cli/epoch_log.h)
 *         tensorboard/                the same numbers for TensorBoard (tensorboard.h)
 *         checkpoints/                the run as it stood, to go on from (checkpoint.h)
 *         lock                        held by the process that trains here
 *
 * Files are replaced whole or grow by whole rows, so that a crash, a kill or a full disk leaves
 * what was there before. docs/run-format.md describes them all.
 *
 *     Run run;
 *     run_begin(&run, "runs/mine", &config, &error);
 *     run_add_episode(&run, &episode, &error);  run_add_epoch(&run, &epoch, &error);
 * run_save_weights(...) run_end(&run);
 *
 * Columns of episodes.csv: game (from 1); frames, agent_steps: of this game; frames_so_far: of the
 * run; score: true. Columns of metrics.csv: epoch (from 1); frames (of the emulator), agent_steps,
 * updates, games: so far; mean_score_100_games: of the last hundred; epsilon: at the epoch's end;
 * mean_loss, mean_q: of the epoch's updates; heldout_q: mean maximal Q of the held-out states;
 * eval_games, eval_mean_score, eval_ci95, eval_median_score: of the evaluation after the epoch;
 * best: 1 if none before had a higher mean; dead_units: part of the last hidden layer's units that
 * no held-out state excites; runs from before that column go on without it. A number that does not
 * exist is left empty.
 */
#ifndef DEEPQ_RUN_RUN_H
#define DEEPQ_RUN_RUN_H

#include "rl/train.h"
#include "run/config.h"
#include "run/csv.h"

enum { RUN_PATH_BYTES = CSV_PATH_BYTES - 64 };

typedef struct {
    char path[RUN_PATH_BYTES];
    CsvFile episodes;
    CsvFile metrics;
    int lock;        /* descriptor of the file */
    bool has_dead;   /* metrics.csv has the column dead_units */
    bool has_best;   /* weights-best.safetensors is there */
    Evaluation best; /* its evaluation; games 0: none yet */
} Run;

/* How a run ended, for summary.json. */
typedef struct {
    TrainEnd end;
    TrainProgress progress;
    double seconds;      /* of the clock on the wall */
    uint64_t digest;     /* training_digest: state_digest in the file */
    const char *program; /* which deepq it was: "deepq 0.1.0 (0123abc)" */
} RunEnd;

/* Which weights of a run. */
typedef enum { RUN_WEIGHTS_BEST, RUN_WEIGHTS_LAST } RunWeights;

/* runs/GAME-PRESET-SEED, or the first of ...-2, ...-3 that is not there yet. */
void run_default_path(char path[RUN_PATH_BYTES], const RunConfig *config);

/* Make the folder and what it begins with. ERROR_INPUT if something by that name is there; nothing
 * is left behind on failure. */
bool run_begin(Run *run, const char *path, const RunConfig *config, Error *error);

/* Open a run that is there, to go on with it: checkpoints_resume comes next. ERROR_INPUT if it is
 * none, or if another process trains in it. */
bool run_open(Run *run, const char *path, Error *error);

/* Remove a run that never began: what run_begin makes, and checkpoints. Whatever else is in the
 * folder stays, and the folder then, too. ERROR_INPUT if another process trains in it. */
bool run_remove(const char *path, Error *error);

void run_end(Run *run); /* close its tables, let go of the lock */

bool run_add_episode(Run *run, const TrainEpisode *episode, Error *error);
bool run_add_epoch(Run *run, const TrainEpoch *epoch, Error *error);

/* ERROR_WORK if a weight is not a finite number: nothing like that is saved. */
bool run_check_weights(const Network *network, Error *error);

/* Save as the newest weights, and as the best, too, if `best` or while there are none. */
bool run_save_weights(Run *run, const Network *network, const RunConfig *config, int64_t frames,
                      bool best, Error *error);

bool run_write_summary(const Run *run, const RunConfig *config, const RunEnd *end, Error *error);

/* Of a run that is there: its configuration, the path of its weights. */
bool run_load_config(RunConfig *config, const char *path, Error *error);
void run_weights_path(char file[CSV_PATH_BYTES], const char *path, RunWeights which);

/* ... and the path of the weights that it began with, a file that is there after `train --init`. */
void run_init_path(char file[CSV_PATH_BYTES], const char *path);

#endif
