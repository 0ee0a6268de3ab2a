/*
 * subject.h - the runs that a report is about, read from their folders.
 *
 * All are of one game: curves of different games have no common scale. Their recipes may differ;
 * the page says in what (recipes.h). A run without summary.json has not ended, or was killed: what
 * there is of it counts.
 */
#ifndef DEEPQ_REPORT_SUBJECT_H
#define DEEPQ_REPORT_SUBJECT_H

#include "run/config.h"
#include "run/protocol.h"
#include "run/run.h"
#include "run/table.h"

enum { SUBJECT_RUNS_MAX = 32, SUBJECT_TEXT_BYTES = 64, SUBJECT_PROTOCOLS_MAX = 8 };

/* One evaluation of a run. */
typedef struct {
    int64_t epoch, frames;
    int games;
    double mean, ci95; /* NaN: there is none */
} SubjectScore;

/* What summary.json says; texts "" and numbers NaN where it does not. */
typedef struct {
    bool there;
    char end[SUBJECT_TEXT_BYTES];     /* "done", "interrupted", "failed" */
    char program[SUBJECT_TEXT_BYTES]; /* which deepq has written it */
    char state_digest[SUBJECT_TEXT_BYTES];
    double seconds;
} SubjectSummary;

typedef struct {
    const char *path; /* not owned */
    RunConfig config;
    bool has_init; /* it began with the weights of init.safetensors */
    SubjectSummary summary;
    Table metrics;
    Table timing; /* no rows: there is none */
    SubjectScore best, last;
    /* By a protocol, by protocol_at's index: what `deepq eval --protocol` left at protocol_path;
     * mean NaN: nothing. */
    SubjectScore by_protocol[SUBJECT_PROTOCOLS_MAX];
} SubjectRun;

typedef struct {
    int count;
    SubjectRun run[SUBJECT_RUNS_MAX];
} Subject;

/* Read `count` runs (1 .. SUBJECT_RUNS_MAX). The paths must outlive the subject. NULL: ERROR_INPUT
 * for what is no run, or not of the first one's game. */
Subject *subject_create(const char *const *paths, int count, Error *error);
void subject_destroy(Subject *subject); /* NULL is fine */

/* The run with the highest evaluation; the first, if none was evaluated. */
const SubjectRun *subject_best(const Subject *subject);

/* Row `row` of a column, NaN where there is none. */
double subject_value(const Table *table, const char *column, int row);

#endif
