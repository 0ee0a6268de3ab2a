#include "run/sweep.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

enum { LINE_BYTES_MAX = 190, FILE_BYTES_MAX = 64 * 1024 };

typedef struct {
    SweepPlan *plan;
    const char *path;
    const char *text; /* what is left to read */
    int line;
    Error *error; /* the first */
} Reader;

static bool error_line(Error *error, const char *path, int line, const char *what)
{
    return error_input(error, "'%.80s', line %d: %.300s", path, line, what);
}

static int fail(Reader *reader, const char *what, const char *name)
{
    char text[300];
    snprintf(text, sizeof text, what, name);
    if (reader->error->kind == ERROR_NONE)
        error_line(reader->error, reader->path, reader->line, text);
    return 0;
}

static char *read_line(char *line, int bytes, void *stream)
{
    Reader *reader = stream;
    size_t length = strcspn(reader->text, "\n");
    length += reader->text[length] == '\n';
    if (length == 0 || reader->error->kind != ERROR_NONE)
        return NULL;
    reader->line++;
    if (length > LINE_BYTES_MAX || length >= (size_t)bytes) {
        fail(reader, "longer than %s bytes", "190");
        return NULL;
    }
    memcpy(line, reader->text, length);
    line[length] = 0;
    reader->text += length;
    return line;
}

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
    for (char *word = strtok(list->text, ","); word != NULL; word = strtok(NULL, ",")) {
        if (list->count == SWEEP_LIST_MAX || trimmed(word)[0] == 0)
            return false;
        list->word[list->count++] = trimmed(word);
    }
    return list->count > 0;
}

static bool is_number(const char *text)
{
    return text[0] != 0 && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 18;
}

static int take_seeds(Reader *reader, const char *value)
{
    SweepList *seeds = &reader->plan->seeds;
    if (!take_list(seeds, value, reader->line))
        return fail(reader, "'%s' should list seeds: 1, 2, 3", "seeds");
    for (int i = 0; i < seeds->count; i++)
        if (!is_number(seeds->word[i]))
            return fail(reader, "a seed cannot be '%.60s': it is a whole number", seeds->word[i]);
    return 1;
}

static int take_presets(Reader *reader, const char *value)
{
    SweepList *presets = &reader->plan->presets;
    RunConfig config;
    Error error = {0};
    if (!take_list(presets, value, reader->line))
        return fail(reader, "'%s' should list presets: quick, nips2013", "presets");
    for (int i = 0; i < presets->count; i++)
        if (!config_preset(&config, presets->word[i], "catch", &error))
            return fail(reader, "%.280s", error.text);
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
        return fail(reader, "%s is more than a sweep can have", "this 'set'");
    if (strncmp(value, "seed=", 5) == 0)
        return fail(reader, "the seeds are the words of '%s', not a setting", "seeds");
    RunConfig config;
    Error error = {0};
    if (config_preset(&config, "quick", "catch", &error) && !config_assign(&config, value, &error))
        return fail(reader, "%.280s", error.text);
    strcpy(sets->text + used, value);
    sets->word[sets->count++] = sets->text + used;
    sets->line = reader->line;
    return 1;
}

static int take(void *user, const char *section, const char *name, const char *value)
{
    Reader *reader = user;
    SweepPlan *plan = reader->plan;
    if (strcmp(section, "sweep") != 0)
        return fail(reader, "there is no section '%.60s': all keys are in [sweep]", section);
    if (strcmp(name, "games") == 0)
        return take_list(&plan->games, value, reader->line) ||
               fail(reader, "'%s' should list games: bricks, rally", name);
    if (strcmp(name, "presets") == 0)
        return take_presets(reader, value);
    if (strcmp(name, "seeds") == 0)
        return take_seeds(reader, value);
    if (strcmp(name, "set") == 0)
        return take_set(reader, value);
    if (strcmp(name, "protocol") == 0)
        return (plan->protocol = protocol_find(value)) != NULL || strcmp(value, "own") == 0 ||
               fail(reader, "there is no protocol '%.60s': there are 2013, 2015, 2018 and own",
                    value);
    if (strcmp(name, "frames") != 0)
        return fail(reader,
                    "there is no key '%.60s': there are games, presets, seeds, frames, protocol, "
                    "set",
                    name);
    if (!is_number(value) || value[0] == '0')
        return fail(reader, "'frames' cannot be '%.60s': it is a whole number", value);
    snprintf(plan->frames, sizeof plan->frames, "%s", value);
    plan->frames_line = reader->line;
    return 1;
}

/* ---- the file ---- */

static bool read_text(SweepPlan *plan, const char *text, const char *path, Error *error)
{
    Reader reader = {.plan = plan, .path = path, .text = text, .error = error};
    if (ini_parse_stream(read_line, &reader, take, &reader) != 0)
        fail(&reader, "neither [sweep] nor %s", "key = value");
    if (error->kind != ERROR_NONE)
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
    return (done && config_check(config, &why)) || error_line(error, path, line, why.text);
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
