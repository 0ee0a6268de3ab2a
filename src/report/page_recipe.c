#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/page_private.h"

static bool same_value(const RunConfig *a, const RunConfig *b, const ConfigKey *key)
{
    char text_a[CONFIG_TEXT_BYTES], text_b[CONFIG_TEXT_BYTES];
    return strcmp(config_value(a, key, text_a), config_value(b, key, text_b)) == 0;
}

static bool same_in_all(const Subject *subject, const ConfigKey *key)
{
    for (int i = 1; i < subject->count; i++)
        if (!same_value(&subject->run[0].config, &subject->run[i].config, key))
            return false;
    return true;
}

/* ---- the command ---- */

/* As the shell takes it: in quotes if there is anything in it but letters, digits and a few signs.
 */
static void add_word(Text *page, const char *word)
{
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "-_./=+:,@%";
    if (word[0] != 0 && strspn(word, harmless) == strlen(word)) {
        text_add_escaped(page, word);
        return;
    }
    text_add_plain(page, "'");
    for (const char *at = word; *at != 0; at++)
        if (*at == '\'')
            text_add_plain(page, "'\\''");
        else
            text_add_escaped(page, (const char[]){*at, 0});
    text_add_plain(page, "'");
}

/* What is not as the preset has it. */
static void add_changes(Text *page, const RunConfig *config, const RunConfig *preset)
{
    char text[CONFIG_TEXT_BYTES], assignment[2 * CONFIG_TEXT_BYTES];
    for (size_t k = 0; k < config_key_count(); k++) {
        const ConfigKey *key = config_key_at(k);
        if (!config_key_is_setting(key) || same_value(config, preset, key))
            continue;
        snprintf(assignment, sizeof assignment, "%s=%s", key->name,
                 config_value(config, key, text));
        text_add_plain(page, " --set ");
        add_word(page, assignment);
    }
}

static void add_command(Text *page, const SubjectRun *run)
{
    const RunConfig *config = &run->config;
    RunConfig preset;
    Error ignored = {0};
    text_add(page, "<pre><code>deepq train %s --preset ", config->game);
    if (!config_preset_is_file(config->preset) &&
        config_preset(&preset, config->preset, config->game, &ignored)) {
        add_word(page, config->preset);
        add_changes(page, config, &preset);
    } else {
        add_word(page, run->path);
        text_add_plain(page, "/config.ini");
    }
    text_add(page, " --seed %" PRIu64, config->seed);
    if (config->cartridge_type[0] != 0)
        text_add(page, " --cartridge-type %s", config->cartridge_type);
    if (run->has_init) {
        char init[CSV_PATH_BYTES];
        run_init_path(init, run->path);
        text_add_plain(page, " --init ");
        add_word(page, init);
    }
    text_add_plain(page, "</code></pre>\n");
}

static void add_facts(Text *page, const SubjectSummary *summary)
{
    text_add_plain(page, "<p class=\"note\">");
    if (!summary->there)
        text_add_plain(page, "This run has not ended, or was cut off: it has no summary.json.");
    if (summary->program[0] != 0) {
        text_add_plain(page, "Trained by ");
        text_add_escaped(page, summary->program);
        text_add_plain(page, ". ");
    }
    if (summary->end[0] != 0) {
        text_add_plain(page, "It ended: ");
        text_add_escaped(page, summary->end);
        text_add_plain(page, ". ");
    }
    if (summary->state_digest[0] != 0) {
        text_add_plain(page, "The same machine and build come to the state <code>");
        text_add_escaped(page, summary->state_digest);
        text_add_plain(page, "</code>.");
    }
    text_add_plain(page, "</p>\n");
}

/* ---- the configuration ---- */

static void add_value(Text *page, const Subject *subject, const ConfigKey *key)
{
    char text[CONFIG_TEXT_BYTES];
    const int values = same_in_all(subject, key) ? 1 : subject->count;
    for (int i = 0; i < values; i++) {
        text_add_plain(page, i > 0 ? ", " : "");
        text_add_escaped(page, config_value(&subject->run[i].config, key, text));
    }
    text_add_plain(page, key->unit[0] != 0 ? " <span class=\"unit\">" : "");
    text_add_escaped(page, key->unit);
    text_add_plain(page, key->unit[0] != 0 ? "</span>" : "");
}

static void add_configuration(Text *page, const Subject *subject)
{
    const char *section = "";
    text_add_plain(page, "<section><h2>Configuration</h2>\n<p class=\"note\">Where runs differ, "
                         "their values stand one after the other.</p>\n<div class=\"columns\">");
    for (size_t k = 0; k < config_key_count(); k++) {
        const ConfigKey *key = config_key_at(k);
        if (strcmp(key->name, "rom") == 0) /* a path of somebody's machine */
            continue;
        if (strcmp(section, key->section) != 0) {
            text_add(page, "%s<h3>%s</h3><dl>\n", section[0] != 0 ? "</dl>" : "", key->section);
            section = key->section;
        }
        text_add(page, "<div%s><dt>%s</dt><dd>",
                 same_in_all(subject, key) ? "" : " class=\"differs\"", key->name);
        add_value(page, subject, key);
        text_add_plain(page, "</dd></div>\n");
    }
    text_add_plain(page, "</dl></div></section>\n");
}

void page_add_recipe(Text *page, const Subject *subject)
{
    text_add_plain(page, "<section><h2>How to do it again</h2>\n");
    for (int i = 0; i < subject->count; i++) {
        add_command(page, &subject->run[i]);
        add_facts(page, &subject->run[i].summary);
    }
    text_add_plain(page, "</section>\n");
    add_configuration(page, subject);
}
