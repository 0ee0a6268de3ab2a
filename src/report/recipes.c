#include "report/recipes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In what they differ, but for the seed; NULL: in nothing. */
static const ConfigKey *difference(const Recipe *a, const Recipe *b)
{
    RunConfig same_seed = a->run[0]->config;
    same_seed.seed = b->run[0]->config.seed;
    return config_difference(&same_seed, &b->run[0]->config);
}

static bool same(const Recipe *a, const Recipe *b)
{
    return difference(a, b) == NULL && a->run[0]->has_init == b->run[0]->has_init;
}

static void add_run(Recipes *recipes, const SubjectRun *run)
{
    Recipe *new = &recipes->recipe[recipes->count];
    *new = (Recipe){.count = 1, .run = {run}};
    for (int i = 0; i < recipes->count; i++) {
        Recipe *recipe = &recipes->recipe[i];
        if (same(recipe, new)) {
            recipe->run[recipe->count++] = run;
            return;
        }
    }
    recipes->count++;
}

static void name_recipe(Recipe *recipe, const Recipes *recipes)
{
    const RunConfig *config = &recipe->run[0]->config;
    const bool has_init = recipe->run[0]->has_init;
    const ConfigKey *key = NULL;
    bool init_differs = false;
    char text[CONFIG_TEXT_BYTES];
    for (int i = 0; i < recipes->count && key == NULL; i++) {
        const Recipe *other = &recipes->recipe[i];
        if (other == recipe || strcmp(other->run[0]->config.preset, config->preset) != 0)
            continue;
        key = difference(recipe, other);
        init_differs = init_differs || other->run[0]->has_init != has_init;
    }
    if (key != NULL)
        snprintf(recipe->name, sizeof recipe->name, "%s, %s = %s", config->preset, key->name,
                 config_value(config, key, text));
    else
        snprintf(recipe->name, sizeof recipe->name, "%s%s", config->preset,
                 init_differs && has_init ? ", --init" : "");
}

Recipes *recipes_of(const Subject *subject, Error *error)
{
    Recipes *recipes = calloc(1, sizeof *recipes);
    if (recipes == NULL) {
        error_work(error, "no memory for the recipes of %d runs", subject->count);
        return NULL;
    }
    for (int i = 0; i < subject->count; i++)
        add_run(recipes, &subject->run[i]);
    for (int i = 0; i < recipes->count; i++)
        name_recipe(&recipes->recipe[i], recipes);
    return recipes;
}

const char *recipes_protocol(char text[RECIPES_PROTOCOL_BYTES], const Recipes *recipes)
{
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < recipes->count; i++) {
        const double epsilon = recipes->recipe[i].run[0]->config.dqn.eval_epsilon;
        least = fmin(least, epsilon);
        most = fmax(most, epsilon);
    }
    if (least < most)
        snprintf(text, RECIPES_PROTOCOL_BYTES, "protocol own: epsilon %g to %g", least, most);
    else
        snprintf(text, RECIPES_PROTOCOL_BYTES, "protocol own: epsilon %g", least);
    return text;
}
