/*
 * config.h - everything a run is told: the game, the recipe, the seed; as a struct and as a text
 * file.
 *
 * One table says for each key its section, its unit, what it may be and where in the struct it
 * lies. Reading, printing, the ranges in error sentences and the help text all go by it.
 *
 * Files are INI [inih]: sections, key = value, comments after ';'. A section named [game NAME]
 * holds keys of the others that override them when that game is learnt, so that one preset serves
 * games that need different settings:
 *
 *     [environment]
 *     frame_skip = 4            ; frames
 *     [game space_invaders]
 *     frame_skip = 3            ; frames
 *
 *     RunConfig config;
 *     config_preset(&config, "quick", "catch", &error);
 *     config_assign(&config, "gamma=0.9", &error);
 *     config_check(&config, &error);
 *     config_save(&config, "runs/catch-quick-1/config.ini", &error);
 *
 * What config_save writes, config_load reads back, value for value. Texts of [run] that may be
 * empty are so where a file lacks them, and its precision is f32.
 */
#ifndef DEEPQ_RUN_CONFIG_H
#define DEEPQ_RUN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "env/atari_env.h"
#include "nn/network.h"
#include "rl/dqn.h"

enum { CONFIG_NAME_BYTES = 64, CONFIG_TEXT_BYTES = 160, CONFIG_FILE_BYTES_MAX = 64 * 1024 };

/* F32 is what a file means that does not say. */
typedef enum { RUN_PRECISION_F32, RUN_PRECISION_BF16, RUN_PRECISION_AUTO } RunPrecision;

typedef struct {
    char preset[CONFIG_NAME_BYTES]; /* where the numbers came from; says nothing more */
    char game[CONFIG_NAME_BYTES];   /* "catch", "bricks", "breakout" */
    char rom[CONFIG_TEXT_BYTES];    /* where its cartridge was found last; "": built in, or none */
    char cartridge_type[CONFIG_NAME_BYTES]; /* that was asked for; "": by its bytes */
    uint64_t seed;                          /* of every random stream of the run */
    int threads;                            /* computing; results do not depend on their number */
    NnBackend backend;
    RunPrecision precision;     /* what is multiplied; auto: not settled yet (cli/precision.h) */
    AtariEnvConfig environment; /* not looked at by games that are not Atari's; one player acts */
    DqnConfig dqn;
} RunConfig;

typedef enum {
    CONFIG_INT,
    CONFIG_INT64,
    CONFIG_UINT64,
    CONFIG_REAL,
    CONFIG_BOOL,
    CONFIG_CHOICE, /* an enum: the value's index in `choices` */
    CONFIG_TEXT,
} ConfigType;

typedef struct {
    const char *section;
    const char *name;
    ConfigType type;
    size_t offset;    /* in RunConfig */
    double min, max;  /* numbers: both allowed. Texts: bytes, the ending 0 included, in max */
    const char *unit; /* "frames", "agent steps"; "": none */
    const char *help;
    const char *const *choices; /* ends with NULL */
} ConfigKey;

size_t config_key_count(void);
const ConfigKey *config_key_at(size_t index);

/* The built-in presets' names, in alphabetical order; NULL past the last. */
const char *config_preset_name(size_t index);

/* Whether a preset is named by its file: it has a '/' or ends in ".ini". */
bool config_preset_is_file(const char *preset);

/* Fill `config` from a built-in preset, or from a file if `preset` names one; sections of `game`
 * apply. [run]: game = `game`; where the preset does not say, seed = 1, threads = 1, backend =
 * auto, precision = f32. ERROR_INPUT, `config` untouched, if there is no such preset or it is not
 * complete. */
bool config_preset(RunConfig *config, const char *preset, const char *game, Error *error);

/* Fill `config` from a file that config_save wrote. */
bool config_load(RunConfig *config, const char *path, Error *error);

/* Set one key. ERROR_INPUT, nothing changed, says what is wrong with key or value, and which would
 * be right. */
bool config_set(RunConfig *config, const char *key, const char *value, Error *error);
bool config_assign(RunConfig *config, const char *key_equals_value, Error *error);

/* Whether the values go together: ERROR_INPUT names the two that do not. */
bool config_check(const RunConfig *config, Error *error);

/* Who does the arithmetic, once precision is settled. */
NnBackend config_backend(const RunConfig *config);

/* The value of `key` as text that config_set reads back exactly. Returns `text`. */
const char *config_value(const RunConfig *config, const ConfigKey *key,
                         char text[CONFIG_TEXT_BYTES]);

/* Whether results depend on it: all keys but rom and threads. */
bool config_key_matters(const ConfigKey *key);

/* Whether results depend on it and --set sets it: what makes a recipe, beside game and preset. */
bool config_key_is_setting(const ConfigKey *key);

/* The first key that results depend on in which the two differ; NULL: they are of the same run. */
const ConfigKey *config_difference(const RunConfig *a, const RunConfig *b);

/* "a whole number from 1 to 60", "yes or no", "one of: squared, huber". Returns `text`. */
const char *config_range(const ConfigKey *key, char text[CONFIG_TEXT_BYTES]);

/* Replace the file at `path` with all keys, sections and units. */
bool config_save(const RunConfig *config, const char *path, Error *error);

#endif
