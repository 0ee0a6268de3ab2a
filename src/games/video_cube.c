/*
 * video_cube.c - Video Cube: a cube to turn until each face has one colour. Rule as in [ALE].
 */
#include "games/games_private.h"

enum {
    FACES_AT = 0xa0,
    FACES = 6,
    FACE_BYTES = 9,
    TIMER = 0xdb,
    MODE = 0xfb,
    CUBE = 0x9f,
    FACES_DONE = 0,
    TIME_BEFORE,
    MODE_REACHED
};

static const uint16_t modes[] = {
    0,    1,    2,    100,  101,  102,  200,  201,  202,  300,  301,  302,  400,  401,  402,  500,
    501,  502,  600,  601,  602,  700,  701,  702,  800,  801,  802,  900,  901,  902,  1000, 1001,
    1002, 1100, 1101, 1102, 1200, 1201, 1202, 1300, 1301, 1302, 1400, 1401, 1402, 1500, 1501, 1502,
    1600, 1601, 1602, 1700, 1701, 1702, 1800, 1801, 1802, 1900, 1901, 1902, 2000, 2001, 2002, 2100,
    2101, 2102, 2200, 2201, 2202, 2300, 2301, 2302, 2400, 2401, 2402, 2500, 2501, 2502, 2600, 2601,
    2602, 2700, 2701, 2702, 2800, 2801, 2802, 2900, 2901, 2902, 3000, 3001, 3002, 3100, 3101, 3102,
    3200, 3201, 3202, 3300, 3301, 3302, 3400, 3401, 3402, 3500, 3501, 3502, 3600, 3601, 3602, 3700,
    3701, 3702, 3800, 3801, 3802, 3900, 3901, 3902, 4000, 4001, 4002, 4100, 4101, 4102, 4200, 4201,
    4202, 4300, 4301, 4302, 4400, 4401, 4402, 4500, 4501, 4502, 4600, 4601, 4602, 4700, 4701, 4702,
    4800, 4801, 4802, 4900, 4901, 4902, 5000, 5001, 5002};

static const GamePress start[] = {{ACTION_NOOP, 61}, {ACTION_FIRE, 1}, {ACTION_NOOP, 2}, {0}};

static bool is_one_colour(const GameRam *ram, int face)
{
    for (int i = 1; i < FACE_BYTES; i++)
        if (ram_at(ram, face + i) != ram_at(ram, face))
            return false;
    return true;
}

/* Mode 100 c + v is variant v of cube c, and v alone that of cube 1: SELECT chooses the variant,
 * RIGHT the cube. */
static GamePress mode_press(GameState *state, const GameRam *ram, int mode, int step,
                            Mt19937 *random)
{
    static const int shown[] = {0, 2, 8};
    const int cube = mode >= 100 ? mode / 100 : 1;
    (void)step;
    (void)random;
    if (!state->memory[MODE_REACHED]) {
        if ((ram_at(ram, MODE) & 0x1f) != shown[mode % 100])
            return game_select(2);
        state->memory[MODE_REACHED] = true;
        return (GamePress){ACTION_RESET, 1};
    }
    return bcd(ram_at(ram, CUBE)) == cube ? game_mode_done : (GamePress){ACTION_RIGHT, 1};
}

static void look(GameState *state, const GameRam *ram)
{
    int done = 0;
    for (int face = 0; face < FACES; face++)
        done += is_one_colour(ram, FACES_AT + face * FACE_BYTES);
    /* The timer runs from 255 to 0; one more than it is kept, 0 before the first look. */
    const int32_t before = state->memory[TIME_BEFORE] - 1, now = ram_at(ram, TIMER);
    const bool timed_out = now == 0 && before == 255;
    state->memory[TIME_BEFORE] = now + 1;
    state->reward = timed_out ? -1 : done - state->memory[FACES_DONE];
    state->memory[FACES_DONE] = done;
    state->over = timed_out || done == FACES;
    state->lives = !state->over;
}

const Game game_video_cube = {
    .name = "video_cube",
    .title = "Video Cube",
    .md5 = "3f540a30fdee0b20aed7288e4a5ea528",
    GAME_ALL_ACTIONS,
    .start = start,
    GAME_MODES(modes),
    .difficulties = 0x3,
    .mode_press = mode_press,
    .lives = 1,
    .look = look,
};
