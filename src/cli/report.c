#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/recording.h"
#include "cli/version.h"
#include "report/figure.h"
#include "report/page.h"
#include "rl/evaluate.h"

static const OptionsHelp help = {
    "report",
    "RUN...",
    "Writes one page of HTML about a run, or about several of one game: learning curves, the "
    "score\n"
    "beside the papers', the agent at play, what each layer weighs, how to do it again, the\n"
    "configuration. Runs that differ in nothing but their seed are one curve with a band; other\n"
    "presets and settings are curves beside it, over frames and over minutes. The page needs no\n"
    "other file. The film takes some seconds, and the game's cartridge; --no-film does without.\n\n"
    "With a name that ends in .png it is the curves of the evaluations alone, as a picture: a "
    "panel\n"
    "for each game, over the minutes that they took, or --over frames.\n\n"
    "examples: deepq report runs/bricks-quick-1 runs/bricks-quick-1-2 -o bricks.html\n"
    "          deepq report runs/bricks-quick-1 runs/rally-quick-1 -o quick.png --over frames\n",
};

enum {
    FILM_FRAMES = 1800,
    FILM_GAMES = 10,
    FILM_SCALE = 1,
    FILM_SEED = 1,
    FILM_BYTES_MAX = 64 * 1024 * 1024,
    TEXT_BYTES = 200
};

/* ---- the film ---- */

/* Through a file beside the page, which is gone again afterwards. */
static bool make_film(PageExtras *extras, Player *player, const char *output, char text[TEXT_BYTES],
                      Error *error)
{
    char path[CSV_PATH_BYTES];
    if (snprintf(path, sizeof path, "%s.film", output) >= (int)sizeof path)
        return error_input(error, "'%.200s...' is too long a name", output);
    const RecordingPlan plan = {
        .path = path,
        .kind = RECORDING_GIF,
        .frames = FILM_FRAMES,
        .games = FILM_GAMES,
        .scale = FILM_SCALE,
        .seed = FILM_SEED,
        .epsilon = player->config.dqn.eval_epsilon,
        .panels = true,
    };
    RecordingResult result;
    const bool done = recording_make(player, &plan, &result, error) &&
                      file_read(&extras->film, path, FILM_BYTES_MAX, error);
    unlink(path);
    snprintf(text, TEXT_BYTES,
             "The agent plays %s with its best weights for %lld frames; beside it, what it "
             "sees and what it expects of each action.",
             player->env->spec.name, (long long)result.frames);
    extras->film_text = text;
    return done;
}

static bool add_film(PageExtras *extras, const Subject *subject, const CartridgeRequest *request,
                     const char *output, char text[TEXT_BYTES], Error *error)
{
    Player player = {0};
    char weights[CSV_PATH_BYTES];
    const SubjectRun *best = subject_best(subject);
    run_weights_path(weights, best->path, RUN_WEIGHTS_BEST);
    if (!file_exists(weights)) /* a run that has only begun */
        return true;
    const bool done =
        player_open(&player, best->path, RUN_WEIGHTS_BEST, request, FILM_SEED, error) &&
        make_film(extras, &player, output, text, error);
    player_close(&player);
    return done;
}

/* ---- the page ---- */

static bool report_page(const Options *options, const CartridgeRequest *request, bool film,
                        const char *output, Error *error)
{
    char film_text[TEXT_BYTES];
    PageExtras extras = {.program = version_text};
    Subject *subject = subject_create(options->argument, options->argument_count, error);
    const bool done = subject != NULL &&
                      (!film || add_film(&extras, subject, request, output, film_text, error)) &&
                      page_write(subject, &extras, output, error);
    if (done)
        printf("%s: %d run%s of %s\n", output, subject->count, subject->count == 1 ? "" : "s",
               subject->run[0].config.game);
    file_free(&extras.film);
    subject_destroy(subject);
    return done;
}

static bool report_figure(const Options *options, bool over_minutes, const char *output,
                          Error *error)
{
    const int count = options->argument_count;
    if (!figure_write(options->argument, count, over_minutes, output, error))
        return false;
    printf("%s: %d run%s\n", output, count, count == 1 ? "" : "s");
    return true;
}

static bool is_figure(const char *output)
{
    return file_ends_in(output, ".png");
}

static bool check_request(const char *output, const char *over, Error *error)
{
    if (output == NULL)
        return error_input(error, "the page's name is missing: -o FILE.html");
    if (!is_figure(output) && !file_ends_in(output, ".html"))
        return error_input(error, "'%.200s' cannot be reported to: a name ends in .html or .png",
                           output);
    if (over == NULL)
        return true;
    if (!is_figure(output))
        return error_input(error, "'--over' is for pictures, and '%.200s' does not end in .png",
                           output);
    return strcmp(over, "minutes") == 0 || strcmp(over, "frames") == 0 ||
           error_input(error, "'--over' cannot be '%.60s': it is minutes or frames", over);
}

int command_report(int argc, const char **argv)
{
    CartridgeRequest request = {0};
    const char *output = NULL, *over = NULL;
    int no_film = 0;
    struct poptOption table[] = {
        {"output", 'o', POPT_ARG_STRING, &output, 0,
         "the page, or a FILE.png; replaced if it is there", "FILE.html"},
        {"over", 0, POPT_ARG_STRING, &over, 0, "of a picture: minutes (default) or frames", "WHAT"},
        {"no-film", 0, POPT_ARG_NONE, &no_film, 0, "leave the film out", NULL},
        PROBLEM_OPTION_ROMS(request),
        PROBLEM_OPTION_TYPE(request),
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    const bool over_minutes = over == NULL || strcmp(over, "minutes") == 0;
    if (!check_request(output, over, &error) ||
        !(is_figure(output) ? report_figure(&options, over_minutes, output, &error)
                            : report_page(&options, &request, no_film == 0, output, &error)))
        status = options_fail(&error);
    options_free(&options);
    return status;
}
