#include "run/sweep.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "run/ini_text.h"

enum { FILE_BYTES_MAX = 64 * 1024 };

/* The keys that can stand but once. */
static const char *const single_keys[] = {"games", "presets", "seeds", "frames", "protocol"};

enum { SINGLE_KEYS = sizeof single_keys / sizeof single_keys[0] };

typedef struct {
    IniText text;
    SweepPlan *plan;
    bool seen[SINGLE_KEYS];
} Reader;

/* ---- values ---- */

static char *trimmed(char *word)
{
    word += strspn(word, " \t");
    size_t length = strlen(word);
    while (length > 0 && (word[length - 1] == ' ' || word[length - 1] == '\t'))
        word[--length] = 0;
    return word;
}

/* Words between commas; false: there is none, an empty one, or one too many. */
static bool take_list(SweepList *list, const char *value, int line)
{
    *list = (SweepList){.line = line};
    snprintf(list->text, sizeof list->text, "%s", value);
    for (char *word = list->text, *comma; word != NULL; word = comma == NULL ? NULL : comma + 1) {
        comma = strchr(word, ',');
        if (comma != NULL)
            *comma = 0;
        word = trimmed(word);
        if (list->count == SWEEP_LIST_MAX || word[0] == 0)
            return false;
        list->word[list->count++] = word;
    }
    return true;
}

static bool is_number(const char *text)
{
    return text[0] != 0 && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 18;
}

static int take_seeds(Reader *reader, const char *value)
{
    SweepList *seeds = &reader->plan->seeds;
    if (!take_list(seeds, value, reader->text.line))
        return ini_text_fail(&reader->text, "'%s' should list seeds: 1, 2, 3", "seeds");
    for (int i = 0; i < seeds->count; i++)
        if (!is_number(seeds->word[i]) || (seeds->word[i][0] == '0' && seeds->word[i][1] != 0))
            return ini_text_fail(&reader->text,
                                 "a seed cannot be '%.60s': it is a whole number, like 0 or 12",
                                 seeds->word[i]);
    return 1;
}

static int take_presets(Reader *reader, const char *value)
{
    SweepList *presets = &reader->plan->presets;
    RunConfig config;
    Error error = {0};
    if (!take_list(presets, value, reader->text.line))
        return ini_text_fail(&reader->text, "'%s' should list presets: quick, nips2013", "presets");
    for (int i = 0; i < presets->count; i++)
        if (!config_preset(&config, presets->word[i], "catch", &error))
            return ini_text_fail(&reader->text, "%.280s", error.text);
    return 1;
}

/* One more setting; its key and value are tried with the presets later. */
static int take_set(Reader *reader, const char *value)
{
    SweepList *sets = &reader->plan->sets;
    const size_t used = sets->count == 0 ? 0
                                         : (size_t)(sets->word[sets->count - 1] - sets->text) +
                                               strlen(sets->word[sets->count - 1]) + 1;
    if (used + strlen(value) + 1 > sizeof sets->text || sets->count == SWEEP_LIST_MAX)
        return ini_text_fail(&reader->text, "%s is more than a sweep can have", "this 'set'");
    if (strncmp(value, "seed=", 5) == 0)
        return ini_text_fail(&reader->text, "the seeds are the words of '%s', not a setting",
                             "seeds");
    RunConfig config;
    Error error = {0};
    if (config_preset(&config, "quick", "catch", &error) && !config_assign(&config, value, &error))
        return ini_text_fail(&reader->text, "%.280s", error.text);
    strcpy(sets->text + used, value);
    sets->word[sets->count++] = sets->text + used;
    sets->line = reader->text.line;
    return 1;
}

static bool seen_before(Reader *reader, const char *name)
{
    for (int i = 0; i < SINGLE_KEYS; i++)
        if (strcmp(name, single_keys[i]) == 0) {
            const bool before = reader->seen[i];
            reader->seen[i] = true;
            return before;
        }
    return false;
}

static int take(void *user, const char *section, const char *name, const char *value)
{
    Reader *reader = user;
    SweepPlan *plan = reader->plan;
    if (strcmp(section, "sweep") != 0)
        return ini_text_fail(&reader->text, "there is no section '%.60s': all keys are in [sweep]",
                             section);
    if (seen_before(reader, name))
        return ini_text_fail(&reader->text, "'%s' stands there a second time", name);
    if (strcmp(name, "games") == 0)
        return take_list(&plan->games, value, reader->text.line) ||
               ini_text_fail(&reader->text, "'%s' should list games: bricks, rally", name);
    if (strcmp(name, "presets") == 0)
        return take_presets(reader, value);
    if (strcmp(name, "seeds") == 0)
        return take_seeds(reader, value);
    if (strcmp(name, "set") == 0)
        return take_set(reader, value);
    if (strcmp(name, "protocol") == 0)
        return (plan->protocol = protocol_find(value)) != NULL || strcmp(value, "own") == 0 ||
               ini_text_fail(&reader->text,
                             "there is no protocol '%.60s': there are 2013, 2015, 2018 and own",
                             value);
    if (strcmp(name, "frames") != 0)
        return ini_text_fail(
            &reader->text,
            "there is no key '%.60s': there are games, presets, seeds, frames, protocol, "
            "set",
            name);
    if (!is_number(value) || value[0] == '0')
        return ini_text_fail(&reader->text, "'frames' cannot be '%.60s': it is a whole number",
                             value);
    snprintf(plan->frames, sizeof plan->frames, "%s", value);
    plan->frames_line = reader->text.line;
    return 1;
}

/* ---- the file ---- */

static bool read_text(SweepPlan *plan, const char *text, const char *path, Error *error)
{
    Reader reader = {.text = {.name = path, .left = text, .error = error}, .plan = plan};
    if (!ini_text_read(&reader.text, take, &reader))
        return false;
    if (plan->games.count == 0)
        return error_input(error, "'%.80s' has no key 'games' in section [sweep]", path);
    if (sweep_count(plan) > SWEEP_RUNS_MAX)
        return error_input(error, "'%.80s' asks for %d runs: at most %d", path, sweep_count(plan),
                           SWEEP_RUNS_MAX);
    return true;
}

bool sweep_read(SweepPlan *plan, const char *path, Error *error)
{
    FileBytes file;
    *plan = (SweepPlan){.protocol = protocol_find("2015")};
    take_list(&plan->presets, "quick", 0);
    take_list(&plan->seeds, "1", 0);
    if (!file_read(&file, path, FILE_BYTES_MAX, error))
        return false;
    const bool done = memchr(file.bytes, 0, file.count) == NULL
                          ? read_text(plan, (const char *)file.bytes, path, error)
                          : error_input(error, "'%s' is no text file", path);
    file_free(&file);
    return done;
}

bool sweep_config(RunConfig *config, const SweepPlan *plan, const SweepRun *run, const char *path,
                  const char *name, Error *error)
{
    Error why = {0};
    int line = plan->presets.line;
    bool done = config_preset(config, run->preset, name, &why) &&
                config_set(config, "seed", run->seed, &why);
    if (done && plan->frames[0] != 0) {
        line = plan->frames_line;
        done = config_set(config, "train_frames", plan->frames, &why);
    }
    for (int i = 0; done && i < plan->sets.count; i++) {
        line = plan->sets.line;
        done = config_assign(config, plan->sets.word[i], &why);
    }
    if (done && config->precision == RUN_PRECISION_AUTO)
        done = error_input(&why, "what 'precision' = auto comes to may differ from run to run: a "
                                 "sweep's is f32 or bf16");
    return (done && config_check(config, &why)) ||
           error_input(error, "'%.80s', line %d: %.300s", path, line, why.text);
}

int sweep_count(const SweepPlan *plan)
{
    return plan->games.count * plan->presets.count * plan->seeds.count;
}

SweepRun sweep_run(const SweepPlan *plan, int index)
{
    const int seeds = plan->seeds.count, presets = plan->presets.count;
    return (SweepRun){
        .game = plan->games.word[index / (seeds * presets)],
        .preset = plan->presets.word[index / seeds % presets],
        .seed = plan->seeds.word[index % seeds],
    };
}
