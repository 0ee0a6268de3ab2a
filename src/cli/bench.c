#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"

static void print_help(void)
{
    printf("usage: deepq bench checkpoint|env|net|replay|train [OPTION]...\n\n"
           "Measures how fast this machine is at\n"
           "  checkpoint  saving a run and going on with it: seconds, bytes\n"
           "  env         playing: frames a second\n"
           "  net         the network: milliseconds for an update and for an action\n"
           "  replay      the replay memory: bytes, time to fill it and to draw from it\n"
           "  train       all of it together: frames and updates a second, memory\n\n"
           "`deepq bench net --help` says more about one of them.\n"
           "example: deepq bench train bricks --preset nips2013 --frames 20000 --json\n");
}

int command_bench(int argc, const char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "checkpoint") == 0)
        return bench_checkpoint(argc - 1, argv + 1);
    if (strcmp(what, "env") == 0)
        return bench_env(argc - 1, argv + 1);
    if (strcmp(what, "net") == 0)
        return bench_net(argc - 1, argv + 1);
    if (strcmp(what, "train") == 0)
        return bench_train(argc - 1, argv + 1);
    if (strcmp(what, "replay") == 0)
        return bench_replay(argc - 1, argv + 1);
    if (strcmp(what, "--help") == 0 || strcmp(what, "-h") == 0) {
        print_help();
        return STATUS_DONE;
    }
    fprintf(stderr,
            "deepq: '%.60s' cannot be measured: it is one of checkpoint, env, net, replay, train\n",
            what);
    return STATUS_BAD_REQUEST;
}
