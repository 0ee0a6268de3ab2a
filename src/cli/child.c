#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ARGUMENTS_MAX = 160 };

pid_t child_start(const char *const arguments[], Error *error)
{
    static const char self[] = "/proc/self/exe";
    const char *argv[ARGUMENTS_MAX + 2] = {"deepq"};
    posix_spawn_file_actions_t actions;
    pid_t child = -1;
    for (int i = 0; arguments[i] != NULL && i < ARGUMENTS_MAX; i++)
        argv[i + 1] = arguments[i];
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const int failure = posix_spawn(&child, self, &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure == 0)
        return child;
    error_work(error, "cannot start `deepq %s`: %s", arguments[0],
               access(self, X_OK) == 0 ? strerror(failure)
                                       : "this needs /proc, which is not mounted");
    return -1;
}

pid_t child_wait(int *status)
{
    int how;
    const pid_t child = waitpid(-1, &how, 0);
    if (child < 0)
        return errno == EINTR ? 0 : -1;
    *status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return child;
}
