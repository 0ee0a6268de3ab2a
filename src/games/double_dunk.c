/*
 * double_dunk.c - Double Dunk: basketball, two against two. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    MINE = 0xf6,
    THEIRS = 0xf7,
    POINTS_TO_WIN = 24,
    STATUS = 0xfe,
    ENDED = 0xe7,
    CURSOR = 0xb0,
    OPTIONS = 0x80
};

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static const GamePress start[] = {{ACTION_UPFIRE, 1}, {0}};

/* Modes are four options of a menu, bit by bit: the cursor goes down twice to the first, once to
 * each of the others, and RIGHT and LEFT switch the option on and off. */
enum { STAGE, CURSOR_BEFORE, MOVING, LET_GO, FIRST_OPTION = 2, MENU_STAGES = 9 };

/* Down until the cursor has moved. False: it has. */
static bool go_down(int32_t *memory, int cursor)
{
    if (memory[MOVING] && cursor != memory[CURSOR_BEFORE]) {
        memory[MOVING] = false;
        return false;
    }
    memory[CURSOR_BEFORE] = cursor;
    memory[MOVING] = true;
    return true;
}

static GamePress in_menu(int32_t *memory, const GameRam *ram, int mode)
{
    static const uint8_t bits[] = {0x08, 0x10, 0x04, 0x20};
    for (; memory[STAGE] < MENU_STAGES; memory[STAGE]++) {
        const int32_t stage = memory[STAGE];
        const int option = (stage - FIRST_OPTION) / 2;
        memory[LET_GO] = true;
        if (stage < FIRST_OPTION || stage % 2 == 1) {
            if (go_down(memory, ram_at(ram, CURSOR)))
                return (GamePress){ACTION_DOWN, 1};
        } else if (((ram_at(ram, OPTIONS) & bits[option]) != 0) != (mode >> option & 1)) {
            return (GamePress){mode >> option & 1 ? ACTION_RIGHT : ACTION_LEFT, 1};
        }
    }
    memory[LET_GO] = false;
    return (GamePress){ACTION_RESET, 1};
}

static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    static const GamePress last[] = {{ACTION_UPFIRE, 1}, {ACTION_NOOP, 1}};
    int32_t *memory = state->memory;
    (void)random;
    if (step == 0)
        return game_select(1);
    if (memory[LET_GO]) {
        memory[LET_GO] = false;
        return (GamePress){ACTION_NOOP, 1};
    }
    if (memory[STAGE] < MENU_STAGES)
        return in_menu(memory, ram, mode);
    const int32_t i = memory[STAGE]++ - MENU_STAGES;
    return i < 2 ? last[i] : game_mode_done;
}

static void look(GameState *state, const GameRam *ram)
{
    const int32_t mine = bcd(ram_at(ram, MINE)), theirs = bcd(ram_at(ram, THEIRS));
    game_score(state, mine - theirs);
    state->over =
        (mine >= POINTS_TO_WIN || theirs >= POINTS_TO_WIN) && ram_at(ram, STATUS) == ENDED;
}

const Game game_double_dunk = {
    .name = "double_dunk",
    .title = "Double Dunk",
    .md5 = "368d88a6c071caba60b4f778615aae94",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    .mode_press = mode_press,
    .look = look,
};
