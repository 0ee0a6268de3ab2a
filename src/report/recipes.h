/*
 * recipes.h - which of a report's runs are seeds of one recipe, and what to call each recipe.
 *
 * Runs are of one recipe if nothing that results depend on differs but the seed: the same game,
 * preset, settings and length, and all or none begun with weights from elsewhere. Recipes stand in
 * the order of their first runs.
 */
#ifndef DEEPQ_REPORT_RECIPES_H
#define DEEPQ_REPORT_RECIPES_H

#include "report/subject.h"

enum { RECIPE_NAME_BYTES = 2 * CONFIG_TEXT_BYTES + 64 };

typedef struct {
    /* "quick"; where another recipe has that preset, too, with what differs: "quick, gamma = 0.9",
     * "quick, --init". */
    char name[RECIPE_NAME_BYTES];
    int count;
    const SubjectRun *run[SUBJECT_RUNS_MAX];
} Recipe;

typedef struct {
    int count;
    Recipe recipe[SUBJECT_RUNS_MAX];
} Recipes;

/* NULL: ERROR_WORK, no memory. To be freed with free(); not to be used when the subject is gone. */
Recipes *recipes_of(const Subject *subject, Error *error);

enum { RECIPES_PROTOCOL_BYTES = 64 };

/* "protocol own: epsilon 0.05", or "0.01 to 0.05" where recipes differ: how the evaluations were
 * played that the curves show. Returns `text`. */
const char *recipes_protocol(char text[RECIPES_PROTOCOL_BYTES], const Recipes *recipes);

#endif
