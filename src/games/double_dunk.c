/*
 * double_dunk.c - Double Dunk: basketball, two against two. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum {
    MINE = 0xf6,
    THEIRS = 0xf7,
    POINTS_TO_WIN = 24,
    STATUS = 0xfe,
    ENDED = 0xe7,
    CURSOR = 0xb0,
    OPTIONS = 0x80,
    TWO_PLAY = 0x40, /* one of the options */
    CHOICE = 0x89,
    CHOSEN_BY_FIRST = 0x40,
    CHOSEN_BY_SECOND = 0x80,
    WAIT_LOOKS = 121,
};

static const uint16_t modes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static const GamePress start[] = {{ACTION_UPFIRE, 1}, {0}};

/* The same for two. */
static const uint16_t modes_for_two[] = {16, 17, 18, 19, 20, 21, 22, 23,
                                         24, 25, 26, 27, 28, 29, 30, 31};

/* Modes are four options of a menu, bit by bit: the cursor goes down twice to the first, once to
 * each of the others, and RIGHT and LEFT switch the option on and off. Where it begins, RIGHT makes
 * the game one for two, the modes' fifth bit. */
enum { STAGE, CURSOR_BEFORE, MOVING, LET_GO, WAITED, FIRST_OPTION = 2, MENU_STAGES = 9 };
enum { FOR_TWO = 16 };

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
    if (mode >= FOR_TWO && (ram_at(ram, OPTIONS) & TWO_PLAY) == 0) {
        memory[LET_GO] = true;
        return (GamePress){ACTION_RIGHT, 1};
    }
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

/* Who keeps the game waiting for a choice loses by it. */
static void look_two(GameState *state, const GameRam *ram)
{
    look(state, ram);
    state->reward_second = -state->reward;
    const uint8_t choice = ram_at(ram, CHOICE);
    const bool first = choice & CHOSEN_BY_FIRST, second = choice & CHOSEN_BY_SECOND;
    if (!game_waited(&state->memory[WAITED], choice == 0 || first || second, WAIT_LOOKS))
        return;
    state->reward = first ? 0 : -1;
    state->reward_second = second && !first ? 0 : -1;
}

const Game game_double_dunk = {
    .name = "double_dunk",
    .title = "Double Dunk",
    .md5 = "368d88a6c071caba60b4f778615aae94",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .mode_press = mode_press,
    .look = look,
    .look_two = look_two,
};
