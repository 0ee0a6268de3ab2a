/*
 * othello.c - Othello: the board game, against the console. Rule as in [ALE], for two as in
 * docs/two-players.md.
 */
#include "games/games_private.h"

enum { MINE = 0xce, THEIRS = 0xd0, MOVES_LEFT = 0xc0, IDLE_LOOKS = 50, IDLE = 0, MODE = 0xde };
enum { MOVER = MOVES_LEFT, FIRST_MOVES = 0xff, WAIT_LOOKS = 600, WAITED = 1 };

static const uint8_t minimal_actions[] = {
    ACTION_NOOP, ACTION_FIRE,    ACTION_UP,     ACTION_RIGHT,     ACTION_LEFT,
    ACTION_DOWN, ACTION_UPRIGHT, ACTION_UPLEFT, ACTION_DOWNRIGHT, ACTION_DOWNLEFT};

static const uint16_t modes[] = {0, 1, 2};

/* The game after those against the console. */
static const uint16_t modes_for_two[] = {3};

static bool shows_mode(const GameRam *ram, int mode)
{
    return ram_at(ram, MODE) - 1 == mode;
}

static void look(GameState *state, const GameRam *ram)
{
    game_score(state, bcd(ram_at(ram, MINE)) - bcd(ram_at(ram, THEIRS)));
    state->memory[IDLE] = ram_at(ram, MOVES_LEFT) == 0 ? state->memory[IDLE] + 1 : 0;
    state->over = state->memory[IDLE] > IDLE_LOOKS; /* nobody can move any more */
    state->lives = !state->over;
}

/* Every move turns pieces, so each is a reward; who does not move loses by it. */
static void look_two(GameState *state, const GameRam *ram)
{
    look(state, ram);
    state->reward_second = -state->reward;
    if (!game_waited(&state->memory[WAITED], state->reward == 0, WAIT_LOOKS))
        return;
    if (ram_at(ram, MOVER) == FIRST_MOVES)
        state->reward = -1;
    else
        state->reward_second = -1;
}

const Game game_othello = {
    .name = "othello",
    .title = "Othello",
    .md5 = "113cd09c9771ac278544b7e90efe7df2",
    GAME_ACTIONS(minimal_actions),
    GAME_MODES(modes),
    GAME_MODES_FOR_TWO(modes_for_two),
    .difficulties = 0x5,
    .shows_mode = shows_mode,
    .select_frames = 2,
    .lives = 1,
    .look = look,
    .look_two = look_two,
};
