/*
 * replay_rules.h - what somebody else's rules said of made-up RAM, said again by ours.
 *
 * The text has one line a step:
 *
 *     game breakout                   the rule begins, the RAM is all 0
 *     reset                           the rule begins, the RAM stays
 *     1 0 5 4d=7 39=5                 reward over lives, then RAM bytes by address: they change,
 * then the rule looks, and must find that reward, end and lives
 *
 * Numbers are hexadecimal after the = and before it, decimal elsewhere; addresses are 80 .. ff.
 */
#ifndef DEEPQ_GAMES_REPLAY_RULES_H
#define DEEPQ_GAMES_REPLAY_RULES_H

#include "base/error.h"
#include "games/games.h"

enum { REPLAY_FAILURE_BYTES = 160 };

typedef struct {
    long games;   /* that were begun */
    long unknown; /* of them, games without a row: all their lines fail */
    long passed;  /* looks that found what they should */
    long failed;
    char first_failure[REPLAY_FAILURE_BYTES]; /* "": none */
} RulesReplay;

/* Replay `text`, which ends with a 0. False with ERROR_INPUT and the number of the line that cannot
 * be read; `name` is for the sentence. */
bool replay_rules(RulesReplay *replay, const char *text, const char *name, Error *error);

#endif
