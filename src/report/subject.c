#include "report/subject.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/file.h"

enum { SUMMARY_BYTES_MAX = 1 << 20 };

double subject_value(const Table *table, const char *column, int row)
{
    const double *values = table_column(table, column);
    return values != NULL && row < table->rows ? values[row] : NAN;
}

static bool path_in(char file[CSV_PATH_BYTES], const char *folder, const char *name)
{
    return snprintf(file, CSV_PATH_BYTES, "%s/%s", folder, name) < CSV_PATH_BYTES;
}

/* ---- summary.json ---- */

static void take_text(char text[SUBJECT_TEXT_BYTES], const cJSON *object, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    snprintf(text, SUBJECT_TEXT_BYTES, "%s", value != NULL ? value : "");
}

/* The JSON object in a file; NULL with ERROR_INPUT if there is none in it. */
static cJSON *read_object(const char *path, Error *error)
{
    FileBytes file;
    if (!file_read(&file, path, SUMMARY_BYTES_MAX, error))
        return NULL;
    cJSON *object = cJSON_Parse((const char *)file.bytes);
    file_free(&file);
    if (cJSON_IsObject(object))
        return object;
    cJSON_Delete(object);
    error_input(error, "'%s' is damaged: it is not one JSON object", path);
    return NULL;
}

static double number_in(const cJSON *object, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool read_summary(SubjectRun *run, Error *error)
{
    char path[CSV_PATH_BYTES];
    run->summary.seconds = NAN;
    if (!path_in(path, run->path, "summary.json") || !file_exists(path))
        return true;
    cJSON *object = read_object(path, error);
    if (object == NULL)
        return false;
    run->summary.there = true;
    take_text(run->summary.end, object, "end");
    take_text(run->summary.program, object, "program");
    take_text(run->summary.state_digest, object, "state_digest");
    run->summary.seconds = number_in(object, "seconds");
    cJSON_Delete(object);
    return true;
}

/* ---- evaluations by protocols ---- */

static bool read_evaluation(SubjectScore *score, const char *path, Error *error)
{
    cJSON *object = read_object(path, error);
    if (object == NULL)
        return false;
    const cJSON *agent = cJSON_GetObjectItemCaseSensitive(object, "agent");
    const double games = number_in(agent, "games");
    *score = (SubjectScore){
        .games = games >= 1 && games <= 1e6 ? (int)games : 0,
        .mean = number_in(agent, "mean"),
        .ci95 = number_in(agent, "ci95"),
    };
    cJSON_Delete(object);
    return (score->games > 0 && isfinite(score->mean)) ||
           error_input(error, "'%s' is damaged: it is not what `deepq eval -o` writes of one run",
                       path);
}

static bool read_evaluations(SubjectRun *run, Error *error)
{
    for (size_t i = 0; i < SUBJECT_PROTOCOLS_MAX; i++)
        run->by_protocol[i] = (SubjectScore){.mean = NAN, .ci95 = NAN};
    for (size_t i = 0; i < SUBJECT_PROTOCOLS_MAX && protocol_at(i) != NULL; i++) {
        char path[CSV_PATH_BYTES];
        protocol_path(protocol_at(i), run->path, path, sizeof path);
        if (file_exists(path) && !read_evaluation(&run->by_protocol[i], path, error))
            return false;
    }
    return true;
}

/* ---- tables ---- */

static SubjectScore score_at(const Table *metrics, int row)
{
    return (SubjectScore){
        .epoch = (int64_t)subject_value(metrics, "epoch", row),
        .frames = (int64_t)subject_value(metrics, "frames", row),
        .games = (int)subject_value(metrics, "eval_games", row),
        .mean = subject_value(metrics, "eval_mean_score", row),
        .ci95 = subject_value(metrics, "eval_ci95", row),
    };
}

static void find_scores(SubjectRun *run)
{
    run->best = run->last = (SubjectScore){.mean = NAN, .ci95 = NAN};
    for (int row = 0; row < run->metrics.rows; row++)
        if (isfinite(subject_value(&run->metrics, "eval_mean_score", row))) {
            run->last = score_at(&run->metrics, row);
            if (!(run->best.mean >= run->last.mean))
                run->best = run->last;
        }
}

/* Every column that the page reads must be there, and those that become whole numbers be such. */
static bool check_metrics(const Table *metrics, const char *path, Error *error)
{
    static const char *const whole[] = {"epoch", "frames", "eval_games"};
    static const char *const others[] = {
        "mean_score_100_games", "epsilon",  "mean_loss", "heldout_q",
        "eval_mean_score",      "eval_ci95"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (table_column(metrics, others[i]) == NULL)
            return error_input(error, "'%s' is no metrics.csv of a run: it has no column '%s'",
                               path, others[i]);
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        const double *values = table_column(metrics, whole[i]);
        if (values == NULL)
            return error_input(error, "'%s' is no metrics.csv of a run: it has no column '%s'",
                               path, whole[i]);
        for (int row = 0; row < metrics->rows; row++)
            if (!(values[row] >= 0 && values[row] <= 2e9))
                return error_input(error, "'%s' is damaged: '%s' is no count in line %d", path,
                                   whole[i], row + 2);
    }
    return true;
}

static bool read_tables(SubjectRun *run, Error *error)
{
    char path[CSV_PATH_BYTES];
    if (!path_in(path, run->path, "metrics.csv"))
        return error_input(error, "'%.60s...' is no path for a run's folder", run->path);
    if (!table_read(&run->metrics, path, error) || !check_metrics(&run->metrics, path, error))
        return false;
    find_scores(run);
    path_in(path, run->path, "timing.csv");
    return !file_exists(path) || table_read(&run->timing, path, error);
}

/* ---- life ---- */

static bool has_init(const char *path)
{
    char file[CSV_PATH_BYTES];
    run_init_path(file, path);
    return file_exists(file);
}

Subject *subject_create(const char *const *paths, int count, Error *error)
{
    Subject *subject = calloc(1, sizeof *subject);
    if (subject == NULL) {
        error_work(error, "no memory for %d runs", count);
        return NULL;
    }
    for (int i = 0; i < count; i++) {
        SubjectRun *run = &subject->run[subject->count++];
        run->path = paths[i];
        run->has_init = has_init(paths[i]);
        bool done = run_load_config(&run->config, paths[i], error) && read_tables(run, error) &&
                    read_summary(run, error) && read_evaluations(run, error);
        const RunConfig *first = &subject->run[0].config;
        if (done && strcmp(run->config.game, first->game) != 0)
            done = error_input(error, "'%.200s' learnt %s and '%.200s' %s: a report is of one game",
                               paths[0], first->game, paths[i], run->config.game);
        if (!done) {
            subject_destroy(subject);
            return NULL;
        }
    }
    return subject;
}

void subject_destroy(Subject *subject)
{
    for (int i = 0; subject != NULL && i < subject->count; i++) {
        table_free(&subject->run[i].metrics);
        table_free(&subject->run[i].timing);
    }
    free(subject);
}

const SubjectRun *subject_best(const Subject *subject)
{
    const SubjectRun *best = &subject->run[0];
    for (int i = 1; i < subject->count; i++)
        if (subject->run[i].best.mean > best->best.mean || isnan(best->best.mean))
            best = &subject->run[i];
    return best;
}
