#include "run/config.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/suggest.h"

static_assert(sizeof(NnBackend) == sizeof(int) && sizeof(NnLoss) == sizeof(int) &&
                  sizeof(EyesKind) == sizeof(int),
              "choices are read and written as int");

static const ConfigKey *find_key(const char *name)
{
    for (size_t i = 0; i < config_key_count(); i++)
        if (strcmp(config_key_at(i)->name, name) == 0)
            return config_key_at(i);
    return NULL;
}

/* preset, game, rom and cartridge_type say which run it is: commands set them, not --set. */
static bool says_which_run(const ConfigKey *key)
{
    return key->type == CONFIG_TEXT && strcmp(key->section, "run") == 0;
}

bool config_key_is_setting(const ConfigKey *key)
{
    return config_key_matters(key) && !says_which_run(key) && strcmp(key->name, "seed") != 0;
}

static const char *name_to_suggest(size_t index)
{
    for (size_t i = 0; i < config_key_count(); i++)
        if (!says_which_run(config_key_at(i)) && index-- == 0)
            return config_key_at(i)->name;
    return NULL;
}

static bool error_value(Error *error, const ConfigKey *key, const char *value)
{
    char range[CONFIG_TEXT_BYTES];
    return error_input(error, "'%s' cannot be '%.60s': it is %s", key->name, value,
                       config_range(key, range));
}

/* Decimal numbers only: what strtod would also take (nan, inf, hexadecimal) is nothing to write in
 * a configuration. */
static bool parse_real(double *number, const char *value)
{
    if (value[0] == 0 || strspn(value, "0123456789+-.eE") != strlen(value))
        return false;
    char *end;
    *number = strtod(value, &end);
    return *end == 0 && isfinite(*number);
}

static bool parse_seed(uint64_t *seed, const char *value)
{
    if (value[0] == 0 || strspn(value, "0123456789") != strlen(value))
        return false;
    errno = 0;
    const unsigned long long number = strtoull(value, NULL, 10);
    if (errno != 0)
        return false;
    *seed = number;
    return true;
}

static int find_word(const char *const words[], const char *word)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static const char *const no_words[] = {"no", "false", "off", "0", NULL};
static const char *const yes_words[] = {"yes", "true", "on", "1", NULL};

static bool set_number(const ConfigKey *key, void *field, const char *value)
{
    double number;
    if (!parse_real(&number, value) || number < key->min || number > key->max)
        return false;
    if (key->type == CONFIG_REAL) {
        *(double *)field = number;
        return true;
    }
    if (number != floor(number))
        return false;
    if (key->type == CONFIG_INT)
        *(int *)field = (int)number;
    else
        *(int64_t *)field = (int64_t)number;
    return true;
}

/* What would end a line or begin a comment in the file could not be read back. */
static bool set_text(const ConfigKey *key, char *field, const char *value)
{
    const size_t length = strlen(value);
    if ((double)length >= key->max || (double)length + 1 < key->min ||
        strpbrk(value, ";\n\r") != NULL)
        return false;
    memcpy(field, value, length + 1);
    return true;
}

static bool set_field(const ConfigKey *key, void *field, const char *value)
{
    switch (key->type) {
    case CONFIG_INT:
    case CONFIG_INT64:
    case CONFIG_REAL: return set_number(key, field, value);
    case CONFIG_UINT64: return parse_seed(field, value);
    case CONFIG_TEXT: return set_text(key, field, value);
    case CONFIG_BOOL: {
        const bool yes = find_word(yes_words, value) >= 0;
        if (yes || find_word(no_words, value) >= 0)
            *(bool *)field = yes;
        return yes || find_word(no_words, value) >= 0;
    }
    case CONFIG_CHOICE: {
        const int index = find_word(key->choices, value);
        if (index >= 0)
            memcpy(field, &index, sizeof index);
        return index >= 0;
    }
    }
    return false;
}

bool config_set(RunConfig *config, const char *name, const char *value, Error *error)
{
    const ConfigKey *key = find_key(name);
    if (key == NULL)
        return error_input(error, "there is no key '%.60s': the nearest is '%s'", name,
                           suggest_nearest(name, name_to_suggest));
    if (!set_field(key, (char *)config + key->offset, value))
        return error_value(error, key, value);
    return true;
}

bool config_assign(RunConfig *config, const char *key_equals_value, Error *error)
{
    const char *equals = strchr(key_equals_value, '=');
    char key[CONFIG_NAME_BYTES];
    const size_t length = equals == NULL ? 0 : (size_t)(equals - key_equals_value);
    if (length == 0 || length >= sizeof key)
        return error_input(error, "'%.60s' is not of the form key=value", key_equals_value);
    memcpy(key, key_equals_value, length);
    key[length] = 0;
    if (find_key(key) != NULL && says_which_run(find_key(key)))
        return error_input(error, "'%s' cannot be set: it follows from the command's arguments",
                           key);
    return config_set(config, key, equals + 1, error);
}

static bool check_at_most(int64_t value, const char *name, int64_t limit, const char *limit_name,
                          Error *error)
{
    if (value <= limit)
        return true;
    return error_input(error, "'%s' is %" PRId64 ": it can be at most '%s', which is %" PRId64,
                       name, value, limit_name, limit);
}

static bool check_values(const DqnConfig *dqn, Error *error)
{
    if (dqn->returns != DQN_RETURNS_CATEGORIES || dqn->value_min < dqn->value_max)
        return true;
    return error_input(error, "'value_min' is %g: with returns = c51 it is below 'value_max', %g",
                       dqn->value_min, dqn->value_max);
}

/* What is behind the taus is done for each by itself, by convolutions: nothing there is noisy. */
static bool check_taus(const DqnConfig *dqn, Error *error)
{
    if (dqn->returns != DQN_RETURNS_IMPLICIT || !dqn->noisy)
        return true;
    return error_input(error, "'returns' = iqn and noisy = yes do not go together: with noisy "
                              "layers returns = qr, with iqn noisy = no");
}

static bool check_precision(const RunConfig *config, Error *error)
{
    if (config->precision == RUN_PRECISION_F32 || config->backend == NN_BACKEND_AUTO ||
        config->backend == NN_BACKEND_VECTOR)
        return true;
    return error_input(error, "'precision' can be f32 alone with this 'backend': bf16 is for auto "
                              "and vector");
}

NnBackend config_backend(const RunConfig *config)
{
    assert(config->precision != RUN_PRECISION_AUTO);
    return config->precision == RUN_PRECISION_BF16 ? NN_BACKEND_BF16 : config->backend;
}

/* What learning from rollouts has no use for, and what would be right. */
static bool check_rollouts(const DqnConfig *dqn, Error *error)
{
    const struct {
        bool wrong;
        const char *what, *why;
    } clashes[] = {
        {dqn->prioritised, "prioritised = yes",
         "there is no memory to draw from: prioritised = no"},
        {dqn->return_steps > 1, "return_steps above 1",
         "lambda says how far returns reach: return_steps = 1"},
        {dqn->double_q, "double_q = yes",
         "there is no target network to differ from: double_q = no"},
        {dqn->munchausen > 0, "munchausen above 0",
         "returns are sums of the game's rewards: munchausen = 0"},
        {dqn->target_every_steps > 0, "target_every_steps above 0",
         "there is no target network: target_every_steps = 0"},
        {dqn->acting_lag_updates > 0, "acting_lag_updates = 1",
         "a rollout is played by one network: acting_lag_updates = 0"},
    };
    for (size_t i = 0; i < sizeof clashes / sizeof clashes[0]; i++)
        if (clashes[i].wrong)
            return error_input(error, "'rollout_steps' above 0 and %s do not go together: %s",
                               clashes[i].what, clashes[i].why);
    const int steps = dqn->rollout_steps * dqn->envs;
    if (steps % dqn->minibatch != 0)
        return error_input(
            error, "'minibatch' is %d: it must divide 'rollout_steps' times 'envs', which is %d",
            dqn->minibatch, steps);
    return true;
}

/* Without a copy the network that chooses is the one that values: plain Q-learning by another name.
 */
static bool check_double_q(const DqnConfig *dqn, Error *error)
{
    if (!dqn->double_q || dqn->target_every_steps > 0)
        return true;
    return error_input(error,
                       "'double_q' = yes and target_every_steps = 0 do not go together: there "
                       "is no target network to differ from: double_q = no");
}

/* Else a game could be over before it has begun, however often it is begun. */
static bool check_time_limit(const AtariEnvConfig *game, Error *error)
{
    const int opening = game->noop_max + (game->fire_at_reset ? game->frame_skip : 0);
    if (game->max_episode_frames == 0 || game->max_episode_frames > opening)
        return true;
    return error_input(error,
                       "'max_episode_frames' is %" PRId64 ": it must be more than the %d frames "
                       "that 'noop_max' and 'fire_at_reset' may take, or 0 for no limit",
                       game->max_episode_frames, opening);
}

/* Where acting lags, a whole stretch is remembered before any of it is saved (run/replay_log.h):
 * half of an environment's memory may wait for that, and each step of a stretch may end a game,
 * which takes a slot of its own. */
static bool check_stretch(const DqnConfig *dqn, Error *error)
{
    const int64_t stretch = (dqn->update_every_steps + dqn->envs - 1) / dqn->envs;
    const int64_t least = 4 * stretch * dqn->envs;
    if (dqn->acting_lag_updates == 0 || dqn->replay_steps >= least)
        return true;
    return error_input(error,
                       "'replay_steps' is %" PRId64 ": with 'acting_lag_updates' = 1, which plays "
                       "'update_every_steps' = %d at a time, at least %" PRId64,
                       dqn->replay_steps, dqn->update_every_steps, least);
}

bool config_check(const RunConfig *config, Error *error)
{
    const DqnConfig *dqn = &config->dqn;
    if (!check_precision(config, error) || !check_taus(dqn, error) ||
        !check_time_limit(&config->environment, error))
        return false;
    if (dqn->rollout_steps > 0)
        return check_values(dqn, error) && check_rollouts(dqn, error);
    return check_values(dqn, error) && check_double_q(dqn, error) && check_stretch(dqn, error) &&
           check_at_most(dqn->learn_start_steps, "learn_start_steps", dqn->replay_steps,
                         "replay_steps", error) &&
           check_at_most(dqn->minibatch, "minibatch", dqn->learn_start_steps, "learn_start_steps",
                         error);
}

/* The shortest of the decimal forms that read back as the same number. */
static void print_real(double number, char text[CONFIG_TEXT_BYTES])
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, CONFIG_TEXT_BYTES, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

const char *config_value(const RunConfig *config, const ConfigKey *key,
                         char text[CONFIG_TEXT_BYTES])
{
    const void *field = (const char *)config + key->offset;
    switch (key->type) {
    case CONFIG_INT: snprintf(text, CONFIG_TEXT_BYTES, "%d", *(const int *)field); break;
    case CONFIG_INT64:
        snprintf(text, CONFIG_TEXT_BYTES, "%" PRId64, *(const int64_t *)field);
        break;
    case CONFIG_UINT64:
        snprintf(text, CONFIG_TEXT_BYTES, "%" PRIu64, *(const uint64_t *)field);
        break;
    case CONFIG_REAL: print_real(*(const double *)field, text); break;
    case CONFIG_BOOL:
        snprintf(text, CONFIG_TEXT_BYTES, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case CONFIG_CHOICE: {
        int index;
        memcpy(&index, field, sizeof index);
        snprintf(text, CONFIG_TEXT_BYTES, "%s", key->choices[index]);
        break;
    }
    case CONFIG_TEXT: snprintf(text, CONFIG_TEXT_BYTES, "%s", (const char *)field); break;
    }
    return text;
}

bool config_key_matters(const ConfigKey *key)
{
    static const size_t matters_not[] = {
        offsetof(RunConfig, rom),
        offsetof(RunConfig, threads),
    };
    for (size_t i = 0; i < sizeof matters_not / sizeof matters_not[0]; i++)
        if (key->offset == matters_not[i])
            return false;
    return true;
}

const ConfigKey *config_difference(const RunConfig *a, const RunConfig *b)
{
    for (size_t i = 0; i < config_key_count(); i++) {
        const ConfigKey *key = config_key_at(i);
        char value_a[CONFIG_TEXT_BYTES], value_b[CONFIG_TEXT_BYTES];
        if (config_key_matters(key) &&
            strcmp(config_value(a, key, value_a), config_value(b, key, value_b)) != 0)
            return key;
    }
    return NULL;
}

static void range_of_choices(const ConfigKey *key, char text[CONFIG_TEXT_BYTES])
{
    size_t used = (size_t)snprintf(text, CONFIG_TEXT_BYTES, "one of");
    for (int i = 0; key->choices[i] != NULL && used < CONFIG_TEXT_BYTES; i++)
        used += (size_t)snprintf(text + used, CONFIG_TEXT_BYTES - used, "%s %s", i > 0 ? "," : ":",
                                 key->choices[i]);
}

const char *config_range(const ConfigKey *key, char text[CONFIG_TEXT_BYTES])
{
    switch (key->type) {
    case CONFIG_INT:
    case CONFIG_INT64:
        snprintf(text, CONFIG_TEXT_BYTES, "a whole number from %.0f to %.0f", key->min, key->max);
        break;
    case CONFIG_UINT64:
        snprintf(text, CONFIG_TEXT_BYTES, "a whole number from 0 to %" PRIu64, UINT64_MAX);
        break;
    case CONFIG_REAL:
        snprintf(text, CONFIG_TEXT_BYTES, "a number from %g to %g", key->min, key->max);
        break;
    case CONFIG_BOOL: snprintf(text, CONFIG_TEXT_BYTES, "yes or no"); break;
    case CONFIG_CHOICE: range_of_choices(key, text); break;
    case CONFIG_TEXT:
        snprintf(text, CONFIG_TEXT_BYTES, "a text of at most %.0f bytes without ';'", key->max - 1);
        break;
    }
    return text;
}
