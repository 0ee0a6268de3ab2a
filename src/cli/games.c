#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/problem.h"
#include "cli/rom_search.h"

enum { GAMES_MAX = 256 };

static const OptionsHelp help = {
    "games",
    "[GAME]",
    "Lists the games that deepq knows, and where their cartridges were found. Our own cartridges\n"
    "are built in. Others are known by the md5 of their bytes, plain or gzip'ed, and searched in\n"
    "the folder of --roms alone, or else\n\n"
    "  1. in the folders of the variables DEEPQ_ROMS, ALE_ROMS_DIR, ALE_ROM_DIR, ALE_PY_ROM_DIR\n"
    "  2. where pip put them with ale-py, AutoROM, multi_agent_ale_py, EnvPool or atari_py: below\n"
    "     VIRTUAL_ENV, CONDA_PREFIX, ~/.local, /usr/local and /usr, in lib/python3*/site-packages\n"
    "     and dist-packages\n\n"
    "A file that has only the name of a game, but another md5, is shown and never played. The\n"
    "other commands find cartridges in the same way. With a game's name, shows its modes,\n"
    "difficulties, players and actions.\n\n"
    "example: deepq games --roms ~/cartridges\n"
    "         deepq games space_invaders\n",
};

/* What a search has come by for one game; path "": nothing. */
typedef struct {
    char path[ROM_PATH_BYTES];
    char md5[CARTRIDGE_MD5_BYTES];
    bool near_miss;
} Place;

typedef struct {
    Place place[GAMES_MAX]; /* by game_at's index */
} Found;

/* The first cartridge counts; without any, the first near miss. */
static bool note(void *context, const RomFound *rom)
{
    Found *found = context;
    for (size_t i = 0; i < game_count() && i < GAMES_MAX; i++) {
        Place *place = &found->place[i];
        if (game_at(i) != rom->game ||
            (place->path[0] != 0 && (rom->near_miss || !place->near_miss)))
            continue;
        snprintf(place->path, sizeof place->path, "%s", rom->path);
        strcpy(place->md5, rom->md5);
        place->near_miss = rom->near_miss;
    }
    return true;
}

static void print_game(const Game *game, const Place *place)
{
    printf("%-16s %-20s %-34s ", game->name, game->title, game->md5 != NULL ? game->md5 : "-");
    if (problem_is_built_in(game))
        printf("built in\n");
    else if (place->path[0] == 0)
        printf("not found\n");
    else if (place->near_miss)
        printf("not found; '%s' has its name but md5 %s\n", place->path, place->md5);
    else
        printf("%s\n", place->path);
}

/* ---- one game ---- */

static void print_modes(const Game *game, int players)
{
    enum { MODES_MAX = 10000 };
    for (int mode = 0; mode < MODES_MAX; mode++)
        if (game_has_mode(game, players, mode))
            printf(" %d", mode);
    printf("\n");
}

static void print_details(const Game *game)
{
    enum { DIFFICULTIES = 4 };
    printf("%s, %s\n", game->name, game->title);
    if (game_players_min(game) == 1) {
        printf("  modes for one:");
        print_modes(game, 1);
    }
    if (game_is_for_two(game)) {
        printf("  modes for two:");
        print_modes(game, 2);
    }
    printf("  difficulties:");
    for (int difficulty = 0; difficulty < DIFFICULTIES; difficulty++)
        if (game_has_difficulty(game, difficulty))
            printf(" %d", difficulty);
    printf("\n  controller: %s\n  actions:", game->left == GAME_PADDLES ? "paddles" : "joystick");
    for (int i = 0; i < game->minimal_action_count; i++)
        printf(" %s", action_name((Action)game->minimal_actions[i]));
    printf("\n");
}

static int show_game(const char *name)
{
    Error error = {0};
    const Game *game = game_by_name(name);
    if (game == NULL) {
        error_input(&error, "there is no game '%.60s': `deepq games` lists those that are", name);
        return options_fail(&error);
    }
    print_details(game);
    return STATUS_DONE;
}

/* ---- all of them ---- */

static int list_games(const char *roms)
{
    static Found found; /* a quarter of a megabyte: too much for the stack */
    Error error = {0};
    if (!rom_search(roms, note, &found, &error))
        return options_fail(&error);
    printf("%-16s %-20s %-34s %s\n", "game", "title", "md5 of its cartridge", "where");
    printf("%-16s %-20s %-34s %s\n", "catch", "Catch, a toy", "-", "built in");
    for (size_t i = 0; i < game_count() && i < GAMES_MAX; i++)
        print_game(game_at(i), &found.place[i]);
    return STATUS_DONE;
}

int command_games(int argc, const char **argv)
{
    const char *roms = NULL;
    struct poptOption table[] = {
        {"roms", 0, POPT_ARG_STRING, &roms, 0, "look in this folder alone", "DIR"},
        POPT_TABLEEND,
    };
    Options options;
    int status = STATUS_DONE;
    if (!options_read(&options, &help, table, argc, argv, &status))
        return status;
    status = options.argument[0] != NULL ? show_game(options.argument[0]) : list_games(roms);
    options_free(&options);
    return status;
}
