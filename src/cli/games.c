#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/problem.h"

enum { GAMES_MAX = 256, PATH_BYTES = 1024 };

static const OptionsHelp help = {
    "games",
    "",
    "Lists the games that deepq knows, and where their cartridges were found. Our own cartridges\n"
    "are built in; others are searched, by the md5 of their bytes, in the folder of --roms, or in\n"
    "those of the variables DEEPQ_ROMS and ALE_ROMS_DIR.\n\n"
    "example: deepq games --roms ~/cartridges\n",
};

/* Where each game's cartridge is; "": nowhere so far. */
typedef struct {
    char path[GAMES_MAX][PATH_BYTES];
} Found;

static bool note(void *context, const Game *game, const char *path)
{
    Found *found = context;
    for (size_t i = 0; i < game_count() && i < GAMES_MAX; i++)
        if (game_at(i) == game && found->path[i][0] == 0)
            snprintf(found->path[i], PATH_BYTES, "%s", path);
    return true;
}

static void print_game(const Game *game, const char *path)
{
    const char *where = path[0] != 0 ? path : problem_is_built_in(game) ? "built in" : "not found";
    printf("%-16s %-20s %-34s %s\n", game->name, game->title, game->md5 != NULL ? game->md5 : "-",
           where);
}

int command_games(int argc, const char **argv)
{
    static Found found; /* a quarter of a megabyte: too much for the stack */
    const char *roms = NULL;
    struct poptOption table[] = {
        {"roms", 0, POPT_ARG_STRING, &roms, 0, "where to look for cartridges", "DIR"},
        POPT_TABLEEND,
    };
    Options options;
    int status = STATUS_DONE;
    Error error = {0};
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    if (problem_search(roms, note, &found, &error)) {
        printf("%-16s %-20s %-34s %s\n", "game", "title", "md5 of its cartridge", "where");
        printf("%-16s %-20s %-34s %s\n", "catch", "Catch, a toy", "-", "built in");
        for (size_t i = 0; i < game_count() && i < GAMES_MAX; i++)
            print_game(game_at(i), found.path[i]);
    } else {
        status = options_fail(&error);
    }
    options_free(&options);
    return status;
}
