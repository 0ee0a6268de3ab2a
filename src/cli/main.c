/* The program: finds the command that was asked for. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/version.h"

typedef struct {
    const char *name;
    int (*run)(int argc, const char **argv);
    const char *arguments;
    const char *text;
    bool goes_unheard; /* what it keeps is worth it without a listener */
} Command;

static const Command commands[] = {
    {"train", command_train, "GAME|ROM", "learn a game from its pixels", true},
    {"sweep", command_sweep, "FILE", "many runs: games, presets, seeds; and what they come to",
     false},
    {"eval", command_eval, "RUN...", "play whole games with what was learnt, and count", false},
    {"record", command_record, "RUN|GAME|ROM",
     "a film (.mp4, .gif) or a picture (.png) of an agent at play", false},
    {"report", command_report, "RUN...", "one page about a run, or about several", false},
    {"play", command_play, "GAME|ROM|RUN", "a window: you play, or an agent does", false},
    {"watch", command_watch, "RUN", "a window: an agent at play, what it sees, values and thinks",
     false},
    {"inspect", command_inspect, "RUN", "pictures of what each layer of a network has learnt",
     false},
    {"games", command_games, "", "what can be played, and what was found where", false},
    {"learn", command_learn, "[DATA]", "deep learning on pictures and tables, and its remedies",
     false},
    {"qtable", command_qtable, "[WORLD]",
     "Q-learning while Q is still a table, beside the exact Q*", false},
    {"trace", command_trace, "ROM", "one line a step, for comparison with other emulators", false},
    {"bench", command_bench, "WHAT",
     "how fast this machine is: env, net, train, replay, checkpoint", false},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_commands(void)
{
    printf("deepq learns Atari 2600 games from pixels.\n\nusage: deepq COMMAND [ARGUMENT|OPTION]..."
           "\n\n");
    for (int i = 0; i < COMMANDS; i++)
        printf("  %-7s %-14s %s\n", commands[i].name, commands[i].arguments, commands[i].text);
    printf("\n`deepq COMMAND --help` says more about one of them. A beginning:\n"
           "    deepq train catch && deepq eval runs/catch-quick-1\n");
}

/* A closed stream's number would be given to a file, and what is said would go into that. What
 * fills it here can be neither read nor written, as it was. */
static void fill_closed_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0)
            (void)!open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What was asked for and could not be said is not done. */
static int see_said(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "deepq: cannot write to standard output: %s\n", strerror(errno));
    return status == STATUS_DONE ? STATUS_FAILED : status;
}

static const Command *find_command(const char *name)
{
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* What is asked of the program itself. */
static int answer(const char *name)
{
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_commands();
        return STATUS_DONE;
    }
    if (strcmp(name, "--version") == 0) {
        puts(version_text);
        return STATUS_DONE;
    }
    fprintf(stderr, "deepq: there is no command '%.60s': `deepq` alone lists them\n", name);
    return STATUS_BAD_REQUEST;
}

int main(int argc, const char **argv)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    const Command *command = find_command(name);
    fill_closed_streams();
    if (command == NULL)
        return see_said(answer(name));
    const int status = command->run(argc - 1, argv + 1);
    return command->goes_unheard ? status : see_said(status);
}
