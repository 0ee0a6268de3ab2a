/*
 * Reading a sweep's file: every word is checked on its line.
 */
#include <ini.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/sweep.h"

enum { FILE_BYTES_MAX = 64 * 1024, LINE_BYTES_MAX = 190, JOBS_MAX = 256 };

typedef struct {
    Sweep *sweep;
    const char *text; /* what is left to read */
    int line;
    int protocol_line, set_line; /* 0: there is none */
    Error *error;
    bool failed;
} Reader;

/* Put the file and the line before what `error` says. */
static int fail_at(Reader *reader, int line)
{
    Error what = *reader->error;
    if (!reader->failed)
        error_input(reader->error, "'%.100s', line %d: %.380s", reader->sweep->file, line,
                    what.text);
    reader->failed = true;
    return 0;
}

static int finish(Reader *reader, bool done)
{
    return done ? 1 : fail_at(reader, reader->line);
}

static char *read_line(char *line, int bytes, void *stream)
{
    Reader *reader = stream;
    if (reader->failed || reader->text[0] == 0)
        return NULL;
    reader->line++;
    size_t length = strcspn(reader->text, "\n");
    length += reader->text[length] == '\n';
    if (length > LINE_BYTES_MAX || length >= (size_t)bytes) {
        finish(reader, error_input(reader->error, "longer than %d bytes", LINE_BYTES_MAX));
        return NULL;
    }
    memcpy(line, reader->text, length);
    line[length] = 0;
    reader->text += length;
    return line;
}

/* ---- one word ---- */

static bool check_game(const Sweep *sweep, const char *word, Error *error)
{
    Problem problem;
    if (!problem_find(&problem, word, &(CartridgeRequest){.roms = sweep->roms}, error))
        return false;
    problem_free(&problem);
    return true;
}

static bool check_preset(const Sweep *sweep, const char *word, Error *error)
{
    RunConfig config;
    (void)sweep;
    return config_preset(&config, word, "catch", error);
}

/* Whether a key of configurations may have that value. */
static bool check_value(const char *key, const char *value, Error *error)
{
    RunConfig config;
    return config_preset(&config, "quick", "catch", error) &&
           config_set(&config, key, value, error);
}

static bool check_seed(const Sweep *sweep, const char *word, Error *error)
{
    (void)sweep;
    return check_value("seed", word, error);
}

typedef bool CheckWord(const Sweep *sweep, const char *word, Error *error);

static bool add_word(const Sweep *sweep, SweepList *list, const char *word, CheckWord *check,
                     Error *error)
{
    if (list->count == SWEEP_LIST_MAX)
        return error_input(error, "more than %d in a list", SWEEP_LIST_MAX);
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->word[i], word) == 0)
            return error_input(error, "'%s' stands there twice", word);
    if (!check(sweep, word, error))
        return false;
    strcpy(list->word[list->count++], word);
    return true;
}

/* "a, b, c" */
static bool add_words(Reader *reader, SweepList *list, const char *value, CheckWord *check)
{
    char words[LINE_BYTES_MAX + 1], *rest = NULL;
    snprintf(words, sizeof words, "%s", value);
    list->line = reader->line;
    for (char *word = strtok_r(words, ", \t", &rest); word != NULL;
         word = strtok_r(NULL, ", \t", &rest))
        if (strlen(word) >= SWEEP_WORD_BYTES ||
            !add_word(reader->sweep, list, word, check, reader->error))
            return false;
    return list->count > 0 || error_input(reader->error, "the list is empty");
}

static bool take_text(char text[SWEEP_WORD_BYTES], const char *name, const char *value,
                      Error *error)
{
    if (text[0] != 0)
        return error_input(error, "'%s' stands there twice", name);
    if (value[0] == 0 || strlen(value) >= SWEEP_WORD_BYTES)
        return error_input(error, "'%s' is a text of 1 to %d bytes", name, SWEEP_WORD_BYTES - 1);
    strcpy(text, value);
    return true;
}

static bool take_set(Sweep *sweep, const char *key, const char *value, Error *error)
{
    char set[SWEEP_WORD_BYTES + CONFIG_NAME_BYTES];
    RunConfig config;
    if (sweep->set_count == SWEEP_SETS_MAX)
        return error_input(error, "more than %d switches", SWEEP_SETS_MAX);
    snprintf(set, sizeof set, "%s=%s", key, value);
    if (strcmp(key, "seed") == 0 || strcmp(key, "train_frames") == 0 || strcmp(key, "threads") == 0)
        return error_input(error, "'%s' belongs in [sweep]: seeds, frames, threads", key);
    if (!config_preset(&config, "quick", "catch", error) || !config_assign(&config, set, error))
        return false;
    strcpy(sweep->set[sweep->set_count++], set);
    return true;
}

static bool take_key(Reader *reader, const char *name, const char *value)
{
    Sweep *sweep = reader->sweep;
    Error *error = reader->error;
    if (strcmp(name, "games") == 0)
        return add_words(reader, &sweep->games, value, check_game);
    if (strcmp(name, "presets") == 0)
        return add_words(reader, &sweep->presets, value, check_preset);
    if (strcmp(name, "seeds") == 0)
        return add_words(reader, &sweep->seeds, value, check_seed);
    if (strcmp(name, "frames") == 0)
        return check_value("train_frames", value, error) &&
               take_text(sweep->frames, name, value, error);
    if (strcmp(name, "threads") == 0)
        return check_value("threads", value, error) &&
               take_text(sweep->threads, name, value, error);
    if (strcmp(name, "folder") == 0)
        return take_text(sweep->folder, name, value, error);
    if (strcmp(name, "jobs") == 0)
        return options_count(&sweep->jobs, value, "jobs", 1, JOBS_MAX, error);
    if (strcmp(name, "protocol") == 0) {
        reader->protocol_line = reader->line;
        sweep->protocol = protocol_find(value, error);
        return sweep->protocol != NULL;
    }
    return error_input(error,
                       "there is no key '%.60s' in [sweep]: there are games, presets, seeds, "
                       "frames, protocol, folder, jobs, threads",
                       name);
}

static int take(void *context, const char *section, const char *name, const char *value)
{
    Reader *reader = context;
    if (reader->failed)
        return 0;
    if (strcmp(section, "sweep") == 0)
        return finish(reader, take_key(reader, name, value));
    if (strcmp(section, "set") == 0) {
        reader->set_line = reader->line;
        return finish(reader, take_set(reader->sweep, name, value, reader->error));
    }
    return finish(reader, error_input(reader->error,
                                      "'%.60s' stands in [%.60s]: there are [sweep] and [set]",
                                      name, section));
}

/* ---- the runs ---- */

/* What a preset is called in a folder's name: "recipes/mine.ini" -> "mine". */
static void short_name(char name[CONFIG_NAME_BYTES], const char *preset)
{
    snprintf(name, CONFIG_NAME_BYTES, "%.63s", file_name(preset));
    char *ending = strstr(name, ".ini");
    if (ending != NULL)
        *ending = 0;
}

static bool add_run(Reader *reader, const char *game, const char *preset, const char *seed)
{
    Sweep *sweep = reader->sweep;
    SweepRun *run = &sweep->run[sweep->run_count];
    char preset_name[CONFIG_NAME_BYTES], folder[SWEEP_FOLDER_BYTES];
    Problem problem;
    if (!problem_find(&problem, game, &(CartridgeRequest){.roms = sweep->roms}, reader->error))
        return false;
    *run = (SweepRun){.game = game, .preset = preset, .seed = seed};
    strcpy(run->name, problem.name);
    problem_free(&problem);
    short_name(preset_name, preset);
    if (snprintf(folder, sizeof folder, "%s/%s-%s-%s", sweep->folder, run->name, preset_name,
                 seed) >= (int)sizeof folder)
        return error_input(reader->error, "'%.60s...' is too long a folder", sweep->folder);
    for (int i = 0; i < sweep->run_count; i++)
        if (strcmp(sweep->run[i].folder, folder) == 0)
            return error_input(reader->error, "two runs would be '%s'", folder);
    strcpy(run->folder, folder);
    sweep->run_count++;
    return true;
}

/* Whether its values go together. */
static bool check_recipe(const Sweep *sweep, const SweepRun *run, Error *error)
{
    char *set[SWEEP_SETS_MAX + 1];
    const RunRequest request = sweep_request(sweep, run, set);
    RunConfig config;
    return wiring_config(&config, &request, run->name, error);
}

/* What is there must have been made so. */
static bool check_folder(const Sweep *sweep, const SweepRun *run, Error *error)
{
    char *set[SWEEP_SETS_MAX + 1], path[SWEEP_FOLDER_BYTES + 16];
    const RunRequest request = sweep_request(sweep, run, set);
    RunConfig config;
    snprintf(path, sizeof path, "%s/config.ini", run->folder);
    return !file_exists(path) || wiring_resume(&config, &request, run->folder, error);
}

static bool check_protocol(const Sweep *sweep, const SweepRun *run, Error *error)
{
    RunConfig config;
    return sweep->protocol == NULL ||
           (config_preset(&config, run->preset, run->name, error) &&
            protocol_apply(sweep->protocol, &config, game_by_name(run->name) != NULL, error));
}

static bool check_runs(Reader *reader)
{
    const Sweep *sweep = reader->sweep;
    const int recipe_line = reader->set_line > 0      ? reader->set_line
                            : sweep->presets.line > 0 ? sweep->presets.line
                                                      : sweep->games.line;
    for (int i = 0; i < sweep->run_count; i++) {
        if (!check_protocol(sweep, &sweep->run[i], reader->error))
            return fail_at(reader, reader->protocol_line);
        if (!check_recipe(sweep, &sweep->run[i], reader->error))
            return fail_at(reader, recipe_line);
        if (!check_folder(sweep, &sweep->run[i], reader->error))
            return false;
    }
    return true;
}

static bool make_runs(Reader *reader)
{
    Sweep *sweep = reader->sweep;
    const int each = sweep->presets.count * sweep->seeds.count;
    if (each > SWEEP_GAME_RUNS_MAX || each * sweep->games.count > SWEEP_RUNS_MAX) {
        error_input(reader->error, "%d runs of each game: there can be %d, and %d in all", each,
                    SWEEP_GAME_RUNS_MAX, SWEEP_RUNS_MAX);
        return fail_at(reader, sweep->seeds.line > 0 ? sweep->seeds.line : sweep->presets.line);
    }
    for (int game = 0; game < sweep->games.count; game++)
        for (int preset = 0; preset < sweep->presets.count; preset++)
            for (int seed = 0; seed < sweep->seeds.count; seed++)
                if (!add_run(reader, sweep->games.word[game], sweep->presets.word[preset],
                             sweep->seeds.word[seed]))
                    return fail_at(reader, sweep->games.line);
    return check_runs(reader);
}

static bool fill_defaults(Reader *reader)
{
    Sweep *sweep = reader->sweep;
    if (sweep->games.count == 0)
        return error_input(reader->error,
                           "'%.100s' has no games: a line `games = catch, bricks` under [sweep]",
                           sweep->file);
    if (sweep->presets.count == 0)
        strcpy(sweep->presets.word[sweep->presets.count++], "quick");
    if (sweep->seeds.count == 0)
        strcpy(sweep->seeds.word[sweep->seeds.count++], "1");
    if (sweep->threads[0] == 0)
        strcpy(sweep->threads, "1");
    if (sweep->folder[0] == 0) {
        char name[CONFIG_NAME_BYTES];
        short_name(name, sweep->file);
        snprintf(sweep->folder, sizeof sweep->folder, "runs/%s", name);
    }
    return true;
}

bool sweep_read(Sweep *sweep, const char *file, const char *roms, Error *error)
{
    FileBytes bytes;
    *sweep = (Sweep){.file = file, .roms = roms};
    if (!file_read(&bytes, file, FILE_BYTES_MAX, error))
        return false;
    Reader reader = {.sweep = sweep, .text = (const char *)bytes.bytes, .error = error};
    const int bad_line = ini_parse_stream(read_line, &reader, take, &reader);
    if (bad_line > 0 && !reader.failed) {
        error_input(error, "neither [section] nor key = value");
        fail_at(&reader, bad_line);
    }
    file_free(&bytes);
    return !reader.failed && fill_defaults(&reader) && make_runs(&reader);
}

RunRequest sweep_request(const Sweep *sweep, const SweepRun *run, char *set[])
{
    for (int i = 0; i < sweep->set_count; i++)
        set[i] = (char *)sweep->set[i]; /* read only, as popt's lists are not declared */
    set[sweep->set_count] = NULL;
    return (RunRequest){
        .preset = run->preset,
        .threads = sweep->threads,
        .seed = run->seed,
        .frames = sweep->frames[0] != 0 ? sweep->frames : NULL,
        .cartridge = {.roms = sweep->roms},
        .set = set,
    };
}
