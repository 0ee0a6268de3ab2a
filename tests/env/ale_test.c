/*
 * Playing against what the reference's act() did: reward, lives, end, RAM and screen after every
 * act. Tetris lies beside the vectors; the others are played where DEEPQ_ROMS has the cartridge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "env/ale.h"
#include "support/test_data.h"

typedef struct {
    Ale ale;
    Screen screen;
    TiaMemory memory;
} Playing;

static Playing playing;

static Cartridge *load_cartridge(const char *game)
{
    char path[1024], relative[64];
    Error error;
    const char *folder = getenv("DEEPQ_ROMS");
    snprintf(relative, sizeof relative, "roms/%s.bin", game);
    if (strcmp(game, "tetris") == 0) {
        if (!test_data_path(path, sizeof path, relative))
            return NULL;
    } else {
        snprintf(path, sizeof path, "%s/%s.bin", folder == NULL ? "." : folder, game);
    }
    Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, &error);
    if (cartridge == NULL)
        fprintf(stderr, "skipped: no cartridge of %s (DEEPQ_ROMS names the folder)\n", game);
    else
        assert_string_equal(cartridge->md5, game_by_name(game)->md5);
    return cartridge;
}

static void row_text(char *text, size_t size, long step, int action, int reward)
{
    const Console *console = &playing.ale.console;
    snprintf(text, size, "%ld %d %d %d %d %016" PRIx64 " %016" PRIx64 "\n", step, action, reward,
             ale_lives(&playing.ale), playing.ale.over ? 1 : 0,
             fnv1a64(FNV1A64_START, console->riot.ram, RIOT_RAM_BYTES),
             fnv1a64(FNV1A64_START, console_picture(console, &playing.screen),
                     (size_t)console->tia.height * SCREEN_COLUMNS));
}

static void assert_trace(const char *game, const char *vector, double sticky, int skip)
{
    char relative[128], line[256], ours[256];
    snprintf(relative, sizeof relative, "vectors/%s.%s.txt.xz", game, vector);
    FILE *file = test_data_open_xz(relative);
    Cartridge *cartridge = file == NULL ? NULL : load_cartridge(game);
    if (cartridge == NULL) {
        if (file != NULL)
            pclose(file);
        skip();
    }
    ale_load(&playing.ale, game_by_name(game), cartridge,
             &(AleOptions){.seed = 123, .sticky = sticky, .memory = &playing.memory},
             &playing.screen);
    ale_reset(&playing.ale, &playing.screen);
    int action = -1, reward = 0;
    long step = 0;
    for (; fgets(line, sizeof line, file) != NULL; step++) {
        if (step > 0) {
            reward = 0;
            sscanf(line, "%*d %d", &action);
            for (int i = 0; i < skip; i++)
                reward += ale_act(&playing.ale, (Action)action, ACTION_NOOP, &playing.screen);
        }
        row_text(ours, sizeof ours, step, action, reward);
        assert_string_equal(ours, line);
        if (playing.ale.over)
            ale_reset(&playing.ale, &playing.screen);
    }
    pclose(file);
    cartridge_destroy(cartridge);
    assert_true(step > 1000);
}

#define PLAYS_AS_THE_REFERENCE(game)                                                               \
    static void game##_plays_as_the_reference(void **state)                                        \
    {                                                                                              \
        (void)state;                                                                               \
        assert_trace(#game, "seed123.p0.skip1.lcg1", 0, 1);                                        \
    }                                                                                              \
    static void game##_with_sticky_actions_does_too(void **state)                                  \
    {                                                                                              \
        (void)state;                                                                               \
        assert_trace(#game, "seed123.p0.25.skip4.lcg2", 0.25, 4);                                  \
    }

PLAYS_AS_THE_REFERENCE(tetris)
PLAYS_AS_THE_REFERENCE(breakout)
PLAYS_AS_THE_REFERENCE(seaquest)
PLAYS_AS_THE_REFERENCE(space_invaders)

static void drawing_nothing_changes_nothing_that_a_program_can_notice(void **state)
{
    (void)state;
    Cartridge *cartridge = load_cartridge("tetris");
    if (cartridge == NULL)
        skip();
    uint64_t ram[2];
    for (int drawn = 0; drawn < 2; drawn++) {
        Screen *screen = drawn ? &playing.screen : NULL;
        Digest digest = digest_start();
        ale_load(&playing.ale, game_by_name("tetris"), cartridge, &(AleOptions){.seed = 9}, screen);
        for (int i = 0; i < 600; i++) {
            ale_act(&playing.ale, (Action)(i / 7 % 6), ACTION_NOOP, screen);
            digest_add(&digest, playing.ale.console.riot.ram, RIOT_RAM_BYTES);
        }
        ram[drawn] = digest_value(&digest);
    }
    assert_true(ram[0] == ram[1]);
    cartridge_destroy(cartridge);
}

static void each_of_two_space_invaders_has_points_of_their_own(void **state)
{
    (void)state;
    enum { FIRST_FOR_TWO = 32, FRAMES = 900 };
    Cartridge *cartridge = load_cartridge("space_invaders");
    if (cartridge == NULL)
        skip();
    const AleOptions options = {.mode = FIRST_FOR_TWO, .players = 2};
    const Game *game = game_by_name("space_invaders");
    int points[2][2] = {{0}}; /* of either, where either shoots */
    for (int shooter = 0; shooter < 2; shooter++) {
        assert_true(ale_load(&playing.ale, game, cartridge, &options, NULL));
        for (int i = 0; i < FRAMES; i++) {
            const Action action = i / 3 % 2 ? ACTION_FIRE : ACTION_LEFT;
            points[shooter][0] += ale_act(&playing.ale, shooter == 0 ? action : ACTION_NOOP,
                                          shooter == 1 ? action : ACTION_NOOP, NULL);
            points[shooter][1] += playing.ale.rule.reward_second;
        }
    }
    assert_true(points[0][0] > 0 && points[0][0] % 200 != 0);
    assert_true(points[1][1] > 0 && points[1][1] % 200 != 0);
    assert_int_equal(points[0][1] % 200,
                     0); /* who does not shoot gets what the other's hits give */
    assert_int_equal(points[1][0] % 200, 0);
    cartridge_destroy(cartridge);
}

/* A program of a few bytes at $F000. */
static Cartridge *small_cartridge(const uint8_t *program, size_t count)
{
    enum { BYTES = 4096 };
    uint8_t bytes[BYTES] = {0};
    Error error = {0};
    memcpy(bytes, program, count);
    bytes[BYTES - 3] = 0xf0; /* where the processor begins, at $FFFC */
    Cartridge *cartridge = cartridge_create(bytes, BYTES, CARTRIDGE_4K, "small", &error);
    assert_non_null(cartridge);
    return cartridge;
}

static Cartridge *waiting_cartridge(void)
{
    static const uint8_t program[] = {0x4c, 0x00, 0xf0}; /* JMP $F000 */
    return small_cartridge(program, sizeof program);
}

/* Entombed begins with FIRE. The program says that two play, at $F4, and keeps in RAM whether the
 * first player's button has been pressed, and the second's: bit 7 of a byte each, then 0. */
static void where_two_play_both_press_to_start(void **state)
{
    (void)state;
    static const uint8_t program[] = {
        0xa9, 0x00, 0x85, 0xf4,             /* LDA #0, STA $F4 */
        0xa9, 0xff, 0x85, 0x80, 0x85, 0x81, /* LDA #$FF, STA $80, STA $81 */
        0xa5, 0x0c, 0x25, 0x80, 0x85, 0x80, /* LDA INPT4, AND $80, STA $80 */
        0xa5, 0x0d, 0x25, 0x81, 0x85, 0x81, /* LDA INPT5, AND $81, STA $81 */
        0x4c, 0x0a, 0xf0,                   /* JMP $F00A */
    };
    Cartridge *cartridge = small_cartridge(program, sizeof program);
    const Game *game = game_by_name("entombed");
    for (int players = 1; players <= 2; players++) {
        const AleOptions options = {.mode = (uint16_t)game_default_mode(game, players),
                                    .players = players};
        assert_true(ale_load(&playing.ale, game, cartridge, &options, NULL));
        const uint8_t *ram = playing.ale.console.riot.ram;
        assert_int_equal(ram[0] & 0x80, 0);
        assert_int_equal(ram[1] & 0x80, players == 2 ? 0 : 0x80);
    }
    cartridge_destroy(cartridge);
}

/* Pong's are exchanged: the first player's is paddle 1, whose button is bit 6 of SWCHA. The program
 * shows mode 3 as either game does. */
static void each_paddle_has_its_players_turn_and_button(void **state)
{
    (void)state;
    static const uint8_t program[] = {
        0xa9, 0x03, 0x85, 0x96, /* LDA #3, STA $96 */
        0xa9, 0x02, 0x85, 0xd9, /* LDA #2, STA $D9 */
        0x4c, 0x08, 0xf0,       /* JMP $F008 */
    };
    Cartridge *cartridge = small_cartridge(program, sizeof program);
    static const struct {
        const char *game;
        int paddle_of_first;
    } cases[] = {{"pong", 1}, {"warlords", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int first = cases[i].paddle_of_first;
        const int button[2] = {0x80, 0x40};
        const ConsoleInput *input = &playing.ale.console.input;
        ale_load(&playing.ale, game_by_name(cases[i].game), cartridge,
                 &(AleOptions){.mode = 3, .players = 2}, NULL);
        playing.ale.over = playing.ale.rule.over = false;
        ale_act(&playing.ale, ACTION_LEFTFIRE, ACTION_RIGHT, NULL);
        assert_int_equal(input->swcha, 0xff & ~button[first]);
        assert_int_equal(input->paddle[first], ALE_PADDLE_MIDDLE + ALE_PADDLE_STEP);
        assert_int_equal(input->paddle[!first], ALE_PADDLE_MIDDLE - ALE_PADDLE_STEP);
        playing.ale.over = playing.ale.rule.over = false;
        ale_act(&playing.ale, ACTION_NOOP, ACTION_FIRE, NULL);
        assert_int_equal(input->swcha, 0xff & ~button[!first]);
    }
    cartridge_destroy(cartridge);
}

/* With it in place of every game's, SELECT never does what it should.
 * The reference presses on for ever. */
static void a_cartridge_that_never_comes_to_its_mode_is_told_of(void **state)
{
    (void)state;
    int told = 0;
    Cartridge *cartridge = waiting_cartridge();
    static const char *const games[] = {"breakout", "space_invaders", "seaquest", "pong"};
    for (size_t i = 0; i < sizeof games / sizeof games[0]; i++) {
        const Game *game = game_by_name(games[i]);
        for (uint16_t mode = 1; mode < 20; mode++) {
            const AleOptions options = {.mode = mode, .players = 1};
            if (game_has_mode(game, 1, mode))
                told += !ale_load(&playing.ale, game, cartridge, &options, NULL);
        }
    }
    print_message("%d modes that cannot be reached\n", told);
    assert_true(told > 10);
    cartridge_destroy(cartridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tetris_plays_as_the_reference),
        cmocka_unit_test(tetris_with_sticky_actions_does_too),
        cmocka_unit_test(breakout_plays_as_the_reference),
        cmocka_unit_test(breakout_with_sticky_actions_does_too),
        cmocka_unit_test(seaquest_plays_as_the_reference),
        cmocka_unit_test(seaquest_with_sticky_actions_does_too),
        cmocka_unit_test(space_invaders_plays_as_the_reference),
        cmocka_unit_test(space_invaders_with_sticky_actions_does_too),
        cmocka_unit_test(each_of_two_space_invaders_has_points_of_their_own),
        cmocka_unit_test(where_two_play_both_press_to_start),
        cmocka_unit_test(each_paddle_has_its_players_turn_and_button),
        cmocka_unit_test(a_cartridge_that_never_comes_to_its_mode_is_told_of),
        cmocka_unit_test(drawing_nothing_changes_nothing_that_a_program_can_notice),
    };
    return test_data_status(cmocka_run_group_tests_name("env/ale", tests, NULL, NULL));
}
