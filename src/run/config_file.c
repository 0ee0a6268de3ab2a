/*
 * Configurations as files: presets, and config.ini of a run folder.
 *
 * A file is read twice: once for the sections that everybody shares, once for [game NAME], so that
 * an override wins wherever it stands.
 */
#include "run/config.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "base/file.h"
#include "run/ini_text.h"

extern const EmbeddedFile run_presets[];

typedef struct {
    IniText text;
    const char *game; /* whose sections apply; NULL: no [game ...] section may be there */
    bool games;       /* this is the reading of [game NAME] */
    RunConfig *config;
    bool *seen; /* one for each key */
} Reader;

/* Index of `name` in `section`; -1 where it is unknown or belongs elsewhere. `section` NULL: in
 * any. */
static int find_in_section(const char *section, const char *name)
{
    for (size_t i = 0; i < config_key_count(); i++) {
        const ConfigKey *key = config_key_at(i);
        if (strcmp(key->name, name) == 0)
            return section == NULL || strcmp(key->section, section) == 0 ? (int)i : -1;
    }
    return -1;
}

static bool section_exists(const char *section)
{
    for (size_t i = 0; i < config_key_count(); i++)
        if (strcmp(config_key_at(i)->section, section) == 0)
            return true;
    return false;
}

static int take(void *user, const char *section, const char *name, const char *value)
{
    static const char prefix[] = "game ";
    Reader *reader = user;
    const bool of_game = strncmp(section, prefix, sizeof prefix - 1) == 0;
    if (!of_game && !section_exists(section))
        return ini_text_fail(&reader->text,
                             "there is no section '%.60s': sections are those of config.ini and "
                             "[game NAME]",
                             section);
    Error error = {0};
    RunConfig scratch;
    const int index = find_in_section(of_game ? NULL : section, name);
    if (index < 0 && find_in_section(NULL, name) >= 0)
        return ini_text_fail(&reader->text, "'%s' belongs into section [%s], not [%.60s]", name,
                             config_key_at((size_t)find_in_section(NULL, name))->section, section);
    const bool applies = of_game == reader->games &&
                         (!of_game || (reader->game != NULL &&
                                       strcmp(section + sizeof prefix - 1, reader->game) == 0));
    if (applies && !of_game && index >= 0 && reader->seen[index])
        return ini_text_fail(&reader->text, "'%s' stands there a second time", name);
    if (!applies)
        scratch = *reader->config; /* what is for others must be right, too */
    if (!config_set(applies ? reader->config : &scratch, name, value, &error))
        return ini_text_fail(&reader->text, "%s", error.text);
    if (applies && index >= 0)
        reader->seen[index] = true;
    return 1;
}

static bool read_once(Reader reader, bool games)
{
    reader.games = games;
    return ini_text_read(&reader.text, take, &reader);
}

/* What runs did before there was such a key; files from then are still read. NULL: it was always
 * there. */
static const char *value_before(const ConfigKey *key)
{
    static const struct {
        const char *name, *value;
    } later[] = {{"noisy", "no"},
                 {"max_gradient", "0"},
                 {"rollout_steps", "0"},
                 {"rollout_epochs", "1"},
                 {"lambda", "0"},
                 {"precision", "f32"},
                 {"learning_rate_end_share", "1"},
                 {"learning_rate_steps", "0"}};
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
        if (strcmp(key->name, later[i].name) == 0)
            return later[i].value;
    return key->type == CONFIG_TEXT && key->min == 0 ? "" : NULL;
}

/* `fresh` gets what a file without the key means; false: every file has it. */
static bool fill_in(RunConfig *fresh, const ConfigKey *key, Error *error)
{
    const char *value = value_before(key);
    return value != NULL && config_set(fresh, key->name, value, error);
}

enum { KEYS_MAX = 128 };

/* All keys of all sections, [run] only where `need_run`. */
static bool read_text(RunConfig *config, const char *text, const char *name, const char *game,
                      bool need_run, Error *error)
{
    bool seen[KEYS_MAX] = {false};
    assert(config_key_count() <= KEYS_MAX);
    RunConfig fresh = *config;
    const Reader reader = {.text = {.name = name, .left = text, .error = error},
                           .game = game,
                           .config = &fresh,
                           .seen = seen};
    if (!read_once(reader, false) || !read_once(reader, true))
        return false;
    for (size_t i = 0; i < config_key_count(); i++) {
        const ConfigKey *key = config_key_at(i);
        if (seen[i] || (!need_run && strcmp(key->section, "run") == 0))
            continue;
        if (!fill_in(&fresh, key, error))
            return error_input(error, "'%.80s' has no key '%s' in section [%s]", name, key->name,
                               key->section);
    }
    *config = fresh;
    return true;
}

const char *config_preset_name(size_t index)
{
    return run_presets[index].name; /* the row behind the last has none */
}

bool config_preset_is_file(const char *preset)
{
    return strchr(preset, '/') != NULL || file_ends_in(preset, ".ini");
}

static bool read_file(RunConfig *config, const char *path, const char *game, bool need_run,
                      Error *error)
{
    FileBytes file;
    if (!file_read(&file, path, CONFIG_FILE_BYTES_MAX, error))
        return false;
    bool done = false;
    if (memchr(file.bytes, 0, file.count) != NULL)
        error_input(error, "'%s' is no text file", path);
    else
        done = read_text(config, (const char *)file.bytes, path, game, need_run, error);
    file_free(&file);
    return done;
}

static bool error_preset(Error *error, const char *preset)
{
    char names[200] = "";
    size_t used = 0;
    for (size_t i = 0; config_preset_name(i) != NULL && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s'%s'", i > 0 ? ", " : "",
                                 config_preset_name(i));
    return error_input(error, "there is no preset '%.60s': there are %s and files ending in '.ini'",
                       preset, names);
}

bool config_preset(RunConfig *config, const char *preset, const char *game, Error *error)
{
    RunConfig fresh = {.seed = 1, .threads = 1, .environment = {.players = 1}};
    const EmbeddedFile *embedded = embedded_find(run_presets, preset);
    if (config_preset_is_file(preset)) {
        if (!read_file(&fresh, preset, game, false, error))
            return false;
    } else if (embedded == NULL) {
        return error_preset(error, preset);
    } else if (!read_text(&fresh, (const char *)embedded->bytes, preset, game, false, error)) {
        return false;
    }
    fresh.rom[0] = fresh.cartridge_type[0] = 0; /* a file's own are the other run's */
    if (!config_set(&fresh, "game", game, error) ||
        !config_set(&fresh, "preset", config_preset_is_file(preset) ? "file" : preset, error))
        return false;
    *config = fresh;
    return true;
}

bool config_load(RunConfig *config, const char *path, Error *error)
{
    RunConfig fresh = {.environment = {.players = 1}};
    if (!read_file(&fresh, path, NULL, true, error))
        return false;
    *config = fresh;
    return true;
}

/* One line; the note is left out where inih would not take the line whole. */
static size_t print_key(const RunConfig *config, const ConfigKey *key, char *text, size_t bytes)
{
    char value[CONFIG_TEXT_BYTES];
    char setting[CONFIG_TEXT_BYTES + CONFIG_NAME_BYTES];
    snprintf(setting, sizeof setting, "%s = %s", key->name, config_value(config, key, value));
    const char *colon = key->unit[0] != 0 ? ": " : "";
    const int length =
        snprintf(text, bytes, "%-32s ; %s%s%s\n", setting, key->unit, colon, key->help);
    if (length <= INI_LINE_BYTES_MAX)
        return (size_t)length;
    return (size_t)snprintf(text, bytes, "%s\n", setting);
}

bool config_save(const RunConfig *config, const char *path, Error *error)
{
    char text[16384];
    size_t used =
        (size_t)snprintf(text, sizeof text, "; The configuration that this run was made with.\n");
    const char *section = "";
    for (size_t i = 0; i < config_key_count(); i++) {
        const ConfigKey *key = config_key_at(i);
        if (strcmp(key->section, section) != 0)
            used += (size_t)snprintf(text + used, sizeof text - used, "\n[%s]\n", key->section);
        section = key->section;
        used += print_key(config, key, text + used, sizeof text - used);
    }
    return file_replace(path, text, used, error);
}
