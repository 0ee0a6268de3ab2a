/*
 * The runs of a sweep, each in a process of its own: fork, and the same commands that a user would
 * type. Signals are taken one at a time by sigwait, so none comes between a look and a sleep.
 */
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/sweep.h"

enum { SUMMARY_BYTES_MAX = 1 << 20, WORDS_MAX = 16 + 2 * SWEEP_SETS_MAX };

/* ---- what is left to do ---- */

static bool is_trained(const SweepRun *run)
{
    char path[SWEEP_FOLDER_BYTES + 16];
    FileBytes file;
    Error unused = {0};
    snprintf(path, sizeof path, "%s/summary.json", run->folder);
    if (!file_read(&file, path, SUMMARY_BYTES_MAX, &unused))
        return false;
    cJSON *object = cJSON_Parse((const char *)file.bytes);
    const char *end = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "end"));
    const bool trained = end != NULL && strcmp(end, "done") == 0;
    cJSON_Delete(object);
    file_free(&file);
    return trained;
}

static void evaluation_path(const Sweep *sweep, const SweepRun *run, char path[CSV_PATH_BYTES])
{
    protocol_path(sweep->protocol, run->folder, path, CSV_PATH_BYTES);
}

bool sweep_is_complete(const Sweep *sweep, const SweepRun *run)
{
    char path[CSV_PATH_BYTES];
    if (!is_trained(run) || sweep->protocol == NULL)
        return is_trained(run);
    evaluation_path(sweep, run, path);
    return file_exists(path);
}

/* ---- one run, in its process ---- */

static int train(const Sweep *sweep, const SweepRun *run)
{
    char config[SWEEP_FOLDER_BYTES + 16];
    const char *word[WORDS_MAX] = {"train",     "--quiet",   "--run",
                                   run->folder, "--threads", sweep->threads};
    int count = 6;
    snprintf(config, sizeof config, "%s/config.ini", run->folder);
    if (sweep->roms != NULL) {
        word[count++] = "--roms";
        word[count++] = sweep->roms;
    }
    if (file_exists(config)) {
        word[count++] = "--resume";
        return command_train(count, word);
    }
    const char *const request[] = {run->game, "--preset", run->preset, "--seed", run->seed};
    for (int i = 0; i < 5; i++)
        word[count++] = request[i];
    if (sweep->frames[0] != 0) {
        word[count++] = "--frames";
        word[count++] = sweep->frames;
    }
    for (int i = 0; i < sweep->set_count; i++) {
        word[count++] = "--set";
        word[count++] = sweep->set[i];
    }
    return command_train(count, word);
}

static int evaluate_by_protocol(const Sweep *sweep, const SweepRun *run)
{
    char path[CSV_PATH_BYTES];
    evaluation_path(sweep, run, path);
    const char *word[] = {"eval", run->folder, "--protocol", sweep->protocol->name,
                          "-o",   path,        "--roms",     sweep->roms};
    return command_eval(sweep->roms != NULL ? 8 : 6, word);
}

/* What it says goes to a log beside its folder. */
static bool say_to_log(const SweepRun *run)
{
    char path[SWEEP_FOLDER_BYTES + 8];
    snprintf(path, sizeof path, "%s.log", run->folder);
    const int log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    return log >= 0 && dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0;
}

static int live(const Sweep *sweep, const SweepRun *run)
{
    if (!say_to_log(run))
        return STATUS_FAILED;
    int status = is_trained(run) ? STATUS_DONE : train(sweep, run);
    if (status == STATUS_DONE && sweep->protocol != NULL)
        status = evaluate_by_protocol(sweep, run);
    return status;
}

/* ---- all of them ---- */

static void wake(int signal_number)
{
    (void)signal_number;
}

/* In a process group of its own: a Ctrl-C of the terminal comes once, through us. */
static void start(const Sweep *sweep, SweepRun *run, const sigset_t *mask_before)
{
    fflush(NULL);
    run->process = fork();
    if (run->process == 0) {
        setpgid(0, 0);
        signal(SIGCHLD, SIG_DFL);
        sigprocmask(SIG_SETMASK, mask_before, NULL);
        const int status = live(sweep, run);
        fflush(NULL);
        _exit(status);
    }
    run->state = run->process > 0 ? SWEEP_PLAYS : SWEEP_FAILED;
}

static void say(const Sweep *sweep, const SweepRun *run, bool quiet)
{
    static const char *const words[] = {"stopped", "begins", "done", "failed"};
    int ended = 0;
    for (int i = 0; i < sweep->run_count; i++)
        ended += sweep->run[i].state == SWEEP_DONE || sweep->run[i].state == SWEEP_FAILED;
    if (!quiet)
        printf("%d of %d  %-7s %s\n", ended, sweep->run_count, words[run->state], run->folder);
    if (run->state == SWEEP_FAILED)
        fprintf(stderr, "deepq: '%s' failed: '%s.log' says why\n", run->folder, run->folder);
    fflush(stdout);
}

/* Runs that have ended; one that was told to stop goes back to those that wait. */
static void reap(Sweep *sweep, bool stopping, bool quiet)
{
    int status;
    for (pid_t process; (process = waitpid(-1, &status, WNOHANG)) > 0;)
        for (int i = 0; i < sweep->run_count; i++) {
            SweepRun *run = &sweep->run[i];
            if (run->state != SWEEP_PLAYS || run->process != process)
                continue;
            const bool done = WIFEXITED(status) && WEXITSTATUS(status) == STATUS_DONE;
            run->state = done ? SWEEP_DONE : stopping ? SWEEP_WAITS : SWEEP_FAILED;
            say(sweep, run, quiet);
        }
}

static int playing(const Sweep *sweep)
{
    int count = 0;
    for (int i = 0; i < sweep->run_count; i++)
        count += sweep->run[i].state == SWEEP_PLAYS;
    return count;
}

static void start_some(Sweep *sweep, int jobs, const sigset_t *mask_before, bool quiet)
{
    for (int i = 0; i < sweep->run_count && playing(sweep) < jobs; i++)
        if (sweep->run[i].state == SWEEP_WAITS) {
            start(sweep, &sweep->run[i], mask_before);
            say(sweep, &sweep->run[i], quiet);
        }
}

static void tell_all(const Sweep *sweep, int signal_number)
{
    for (int i = 0; i < sweep->run_count; i++)
        if (sweep->run[i].state == SWEEP_PLAYS)
            kill(sweep->run[i].process, signal_number);
}

bool sweep_play(Sweep *sweep, int jobs, bool quiet)
{
    sigset_t waited, before;
    bool stopping = false;
    int signal_number;
    struct sigaction action = {.sa_handler = wake}; /* one that is ignored would not be kept */
    sigemptyset(&action.sa_mask);
    sigaction(SIGCHLD, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* `deepq sweep first.ini | head`: it goes on without a listener */
    sigemptyset(&waited);
    sigaddset(&waited, SIGINT);
    sigaddset(&waited, SIGTERM);
    sigaddset(&waited, SIGCHLD);
    sigprocmask(SIG_BLOCK, &waited, &before);
    start_some(sweep, jobs, &before, quiet);
    while (playing(sweep) > 0) {
        sigwait(&waited, &signal_number);
        if (signal_number != SIGCHLD) {
            stopping = true;
            tell_all(sweep, signal_number);
        }
        reap(sweep, stopping, quiet);
        if (!stopping)
            start_some(sweep, jobs, &before, quiet);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return !stopping;
}
