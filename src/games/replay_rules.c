#include "games/replay_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 64, RAM_BASE = 0x80 };

typedef struct {
    const Game *game; /* NULL: unknown */
    char name[NAME_BYTES];
    GameState state;
    uint8_t ram[GAME_RAM_BYTES];
    long line;
} Replayer;

static void begin_game(Replayer *replayer, const char *line, RulesReplay *replay)
{
    sscanf(line, "game %63s", replayer->name);
    replayer->game = game_by_name(replayer->name);
    memset(replayer->ram, 0, sizeof replayer->ram);
    replay->games++;
    replay->unknown += replayer->game == NULL;
    if (replayer->game != NULL)
        game_begin(replayer->game, &replayer->state);
}

/* " 4d=7 39=5": false where that is something else. */
static bool change_ram(uint8_t ram[GAME_RAM_BYTES], const char *text)
{
    while (*text == ' ')
        text++;
    while (*text != 0 && *text != '\n' && *text != '\r') {
        char *end;
        const unsigned long address = strtoul(text, &end, 16);
        if (end == text || *end != '=' || address < RAM_BASE ||
            address >= RAM_BASE + GAME_RAM_BYTES)
            return false;
        text = end + 1;
        const unsigned long value = strtoul(text, &end, 16);
        if (end == text || value > 0xff)
            return false;
        ram[address - RAM_BASE] = (uint8_t)value;
        for (text = end; *text == ' '; text++) {
        }
    }
    return true;
}

static void look(Replayer *replayer, RulesReplay *replay, long reward, long over, long lives)
{
    GameState *state = &replayer->state;
    if (replayer->game == NULL) {
        replay->failed++;
        return;
    }
    game_look(replayer->game, state, &(GameRam){.console = replayer->ram});
    if (state->reward == reward && state->over == (over != 0) && state->lives == lives) {
        replay->passed++;
        return;
    }
    if (replay->failed++ == 0 || replay->first_failure[0] == 0)
        snprintf(replay->first_failure, sizeof replay->first_failure,
                 "line %ld, %s: reward %d, over %d, lives %d instead of %ld, %ld, %ld",
                 replayer->line, replayer->name, state->reward, state->over, state->lives, reward,
                 over, lives);
}

static bool take_line(Replayer *replayer, const char *line, RulesReplay *replay)
{
    long reward, over, lives;
    int used = 0;
    if (strncmp(line, "game ", 5) == 0) {
        begin_game(replayer, line, replay);
        return true;
    }
    if (replayer->name[0] == 0)
        return false;
    if (strncmp(line, "reset", 5) == 0) {
        if (replayer->game != NULL)
            game_begin(replayer->game, &replayer->state);
        return true;
    }
    if (sscanf(line, "%ld %ld %ld%n", &reward, &over, &lives, &used) != 3 ||
        !change_ram(replayer->ram, line + used))
        return false;
    look(replayer, replay, reward, over, lives);
    return true;
}

bool replay_rules(RulesReplay *replay, const char *text, const char *name, Error *error)
{
    Replayer replayer = {0};
    *replay = (RulesReplay){0};
    while (*text != 0) {
        const char *end = strchr(text, '\n');
        replayer.line++;
        if (*text != '\n' && !take_line(&replayer, text, replay))
            return error_input(error,
                               "'%s', line %ld: neither 'game NAME' nor 'reset' nor 'REWARD OVER "
                               "LIVES ADDRESS=VALUE ...'",
                               name, replayer.line);
        text = end == NULL ? text + strlen(text) : end + 1;
    }
    return true;
}
