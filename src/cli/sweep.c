#include "cli/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"

static const OptionsHelp help = {
    "sweep",
    "FILE",
    "Several games, presets and seeds: trains them all, side by side as far as there are\n"
    "processors, and ends with a table, printed and as sweep.csv, and a report for each game\n"
    "(`deepq report` adds the film).\n"
    "What is complete is left as it is, what was begun goes on: the same command goes on after a\n"
    "Ctrl-C. FILE is like\n\n"
    "  [sweep]\n"
    "  games = catch, bricks       ; names or cartridges\n"
    "  presets = quick, rainbow    ; or FILE.ini; default quick\n"
    "  seeds = 1, 2, 3             ; default 1\n"
    "  frames = 3000000            ; default: the preset's\n"
    "  protocol = 2013             ; evaluate so at the end (deepq eval); default: not again\n"
    "  folder = runs/first         ; default runs/ and FILE's name\n"
    "  jobs = 2                    ; side by side; default: processors / threads, also the most\n"
    "  threads = 1                 ; of each run; results do not depend on them\n"
    "  [set]\n"
    "  gamma = 0.99                ; as --set gamma=0.99 of deepq train\n\n"
    "example: deepq sweep first.ini\n",
};

static int jobs_of(const Sweep *sweep)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN), threads = atol(sweep->threads);
    const long most = processors / threads > 1 ? processors / threads : 1;
    return (int)(sweep->jobs > 0 && sweep->jobs < most ? sweep->jobs : most);
}

static int run(Sweep *sweep, bool quiet, Error *error)
{
    int complete = 0, failed = 0;
    const int jobs = jobs_of(sweep);
    if (!file_make_folder(sweep->folder, error))
        return options_fail(error);
    for (int i = 0; i < sweep->run_count; i++)
        if (sweep_is_complete(sweep, &sweep->run[i])) {
            sweep->run[i].state = SWEEP_DONE;
            complete++;
        }
    if (!quiet)
        printf("%d runs in '%s', %d complete, %d at a time\n", sweep->run_count, sweep->folder,
               complete, jobs);
    if (!sweep_play(sweep, jobs, quiet)) {
        printf("stopped, and saved; `deepq sweep %s` goes on\n", sweep->file);
        return STATUS_INTERRUPTED;
    }
    if (!sweep_show(sweep, error))
        return options_fail(error);
    for (int i = 0; i < sweep->run_count; i++)
        failed += sweep->run[i].state == SWEEP_FAILED;
    return failed > 0 ? STATUS_FAILED : STATUS_DONE;
}

int command_sweep(int argc, const char **argv)
{
    const char *roms = NULL;
    int quiet = 0;
    struct poptOption table[] = {
        {"roms", 0, POPT_ARG_STRING, &roms, 0,
         "where cartridges are (default: see `deepq games --help`)", "DIR"},
        {"quiet", 'q', POPT_ARG_NONE, &quiet, 0, "only the table and errors", NULL},
        POPT_TABLEEND,
    };
    Options options;
    Error error = {0};
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    Sweep *sweep = calloc(1, sizeof *sweep);
    if (sweep == NULL)
        error_work(&error, "no memory for a sweep");
    if (sweep == NULL || !sweep_read(sweep, options.argument[0], roms, &error))
        status = options_fail(&error);
    else
        status = run(sweep, quiet != 0, &error);
    free(sweep);
    options_free(&options);
    return status;
}
