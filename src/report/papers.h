/*
 * papers.h - what the papers reached in a game (papers.csv, built in).
 */
#ifndef DEEPQ_REPORT_PAPERS_H
#define DEEPQ_REPORT_PAPERS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    PAPER_RANDOM,
    PAPER_HUMAN,
    PAPER_DQN2013,
    PAPER_DQN2015,
    PAPER_RAINBOW,
    PAPERS
} Paper;

typedef struct {
    double score[PAPERS]; /* NaN: not published */
} PaperScores;

/* False: none of them played it. */
bool papers_find(PaperScores *scores, const char *game);

const char *paper_name(Paper paper);     /* "DQN, 2015" */
const char *paper_protocol(Paper paper); /* how the score was come by, in a sentence */

/* Per cent of the way from random play to a human's score: 100 (score - random) / (human - random).
 */
double papers_normalised(const PaperScores *scores, double score);

#endif
