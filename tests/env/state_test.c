/*
 * A state is a value: copied away and copied back, everything goes on as if nothing had been. Each
 * test here stands for a way in which restoring has gone wrong in the reference, by the number of
 * its issue [ALE]: what of a picture was half drawn (739), that a frame was unfinished (732, 412),
 * fractions of the music's clock (732), what a game's rule remembers (732), sticky actions and
 * their randomness (165), what is seen before the next act (164, 413).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "atari/random_program.h"
#include "base/digest.h"
#include "env/ale.h"
#include "env/atari_env.h"

enum { FENCE_BYTES = 1024, CANARY = 0xc5, PICTURE_BYTES = SCREEN_ROWS_MAX * SCREEN_COLUMNS * 3 };

static const ConsoleSetup usual_setup = {
    .first_line = 34, .height = 210, .hmove_blanks = true, .format = CONSOLE_NTSC};

static Console console, saved;
static struct {
    uint8_t fence_a[FENCE_BYTES];
    Screen screen;
    uint8_t fence_b[FENCE_BYTES];
} pen;

static uint64_t add_update(uint64_t digest, const Cartridge *cartridge)
{
    console_update(&console, cartridge, &pen.screen);
    digest = fnv1a64(digest, console.riot.ram, RIOT_RAM_BYTES);
    digest = fnv1a64(digest, &console.lines, sizeof console.lines);
    return fnv1a64(digest, console_picture(&console, &pen.screen),
                   (size_t)console.tia.height * SCREEN_COLUMNS);
}

static uint64_t play(const Cartridge *cartridge, int updates)
{
    uint64_t digest = FNV1A64_START;
    for (int i = 0; i < updates; i++)
        digest = add_update(digest, cartridge);
    return digest;
}

static Cartridge *program_cartridge(int program)
{
    uint8_t image[RANDOM_PROGRAM_BYTES];
    Error error = {0};
    Random random = random_stream((uint64_t)program, "state");
    random_program(image, &random);
    Cartridge *cartridge = cartridge_create(image, sizeof image, CARTRIDGE_4K, "state", &error);
    assert_non_null(cartridge);
    return cartridge;
}

static void power_on(const Cartridge *cartridge)
{
    Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    memset(&pen, CANARY, sizeof pen);
    memset(&pen.screen, 0, sizeof pen.screen);
    console_insert(&console, cartridge, &usual_setup, &noise);
}

static void any_program_goes_on_from_a_copy_also_amid_a_frame(void **state)
{
    (void)state;
    enum { PROGRAMS = 60, SAVES = 6, GOING_ON = 3 };
    static Screen saved_screen;
    int amid_frames = 0;
    for (int program = 0; program < PROGRAMS; program++) {
        Cartridge *cartridge = program_cartridge(program);
        power_on(cartridge);
        for (int save = 0; save < SAVES; save++) {
            memcpy(&saved, &console, console_bytes(cartridge));
            saved_screen = pen.screen;
            amid_frames += console.unfinished;
            const uint64_t expected = play(cartridge, GOING_ON);
            play(cartridge, 1);
            memcpy(&console, &saved, console_bytes(cartridge));
            pen.screen = saved_screen;
            if (play(cartridge, GOING_ON) != expected)
                fail_msg("program %d, after %d updates", program, GOING_ON * save);
        }
        cartridge_destroy(cartridge);
    }
    assert_in_range(amid_frames, 10, PROGRAMS * SAVES);
}

/* A picture that was half drawn, with other pictures than those it was drawn on: the lines that are
 * still to come are the same. */
static void without_its_pictures_a_state_draws_the_same_once_a_frame_fills_them(void **state)
{
    (void)state;
    enum { PROGRAMS = 60, BEFORE = 5, AFTER = 4 };
    int compared = 0;
    for (int program = 0; program < PROGRAMS; program++) {
        Cartridge *cartridge = program_cartridge(program);
        uint64_t drawn[AFTER], again;
        power_on(cartridge);
        play(cartridge, BEFORE);
        memcpy(&saved, &console, console_bytes(cartridge));
        for (int i = 0; i < AFTER; i++)
            drawn[i] = play(cartridge, 1);
        memcpy(&console, &saved, console_bytes(cartridge));
        memset(&pen.screen, 0x77, sizeof pen.screen);
        for (int i = 0; i < AFTER; i++) {
            const bool begins = !console.unfinished;
            again = play(cartridge, 1);
            if (!begins || !console_drew_all(&console))
                continue;
            compared++;
            if (again != drawn[i])
                fail_msg("program %d, update %d", program, i);
        }
        cartridge_destroy(cartridge);
    }
    assert_in_range(compared, PROGRAMS / 2, PROGRAMS * AFTER);
}

static void a_state_amid_a_frame_restored_again_and_again_writes_nothing_astray(void **state)
{
    (void)state;
    enum { PROGRAMS = 60, RESTORES = 200 };
    int amid_frames = 0;
    for (int program = 0; program < PROGRAMS; program++) {
        Cartridge *cartridge = program_cartridge(program);
        power_on(cartridge);
        for (int i = 0; i < 10 && !console.unfinished; i++)
            play(cartridge, 1);
        memcpy(&saved, &console, console_bytes(cartridge));
        amid_frames += console.unfinished;
        for (int i = 0; i < RESTORES && saved.unfinished; i++) {
            memcpy(&console, &saved, console_bytes(cartridge));
            console_update(&console, cartridge, &pen.screen);
        }
        for (int i = 0; i < FENCE_BYTES; i++)
            assert_true(pen.fence_a[i] == CANARY && pen.fence_b[i] == CANARY);
        for (size_t i = 210 * SCREEN_COLUMNS; i < sizeof pen.screen.pixels[0]; i++)
            assert_true(pen.screen.pixels[0][i] == 0 && pen.screen.pixels[1][i] == 0);
        cartridge_destroy(cartridge);
    }
    assert_in_range(amid_frames, 5, PROGRAMS);
}

/* Music of the one fetcher, read for ever and mixed into RAM 0x80. */
static const uint8_t music[] = {
    0xa9, 0x1d, 0x8d, 0x45, 0xf0, /* LDA #29,  STA top of 5    */
    0xa9, 0x0c, 0x8d, 0x4d, 0xf0, /* LDA #12,  STA bottom of 5 */
    0xa9, 0x10, 0x8d, 0x5d, 0xf0, /* LDA #16,  STA music mode  */
    0xad, 0x05, 0xf0, 0x2a, 0x65, /* LDA music, ROL, ADC 0x80  */
    0x80, 0x85, 0x80, 0x4c, 0x8f, /* STA 0x80, JMP             */
    0xf0,
};

static void fractions_of_the_musics_clock_are_kept(void **state)
{
    (void)state;
    enum { DPC_BYTES = 10240, CODE = 4096 + 0x80, RESET_VECTOR = 8192 - 4, UPDATES = 40 };
    static uint8_t image[DPC_BYTES];
    Error error = {0};
    memcpy(image + CODE, music, sizeof music);
    image[RESET_VECTOR] = 0x80;
    image[RESET_VECTOR + 1] = 0xf0;
    Cartridge *cartridge = cartridge_create(image, sizeof image, CARTRIDGE_DPC, "music", &error);
    assert_non_null(cartridge);
    power_on(cartridge);
    int fractions = 0;
    for (int i = 0; i < UPDATES; i++) {
        memcpy(&saved, &console, console_bytes(cartridge));
        fractions += console.cartridge.dpc.music_fraction > 0;
        const uint64_t expected = play(cartridge, 2);
        memcpy(&console, &saved, console_bytes(cartridge));
        assert_true(play(cartridge, 2) == expected);
    }
    assert_in_range(fractions, UPDATES / 2, UPDATES);
    cartridge_destroy(cartridge);
}

/* ---- rules ---- */

static void random_ram(Random *random, uint8_t *ram)
{
    for (uint32_t changes = random_below(random, 40); changes > 0; changes--)
        ram[random_below(random, GAME_RAM_BYTES)] = (uint8_t)random_below(random, 256);
}

/* As the rule saw it: rewards, lives and ends of some looks at made-up RAM. */
static uint64_t look_at(const Game *game, GameState *rule, Random *random, const uint8_t *begin)
{
    enum { LOOKS = 20 };
    static const uint8_t cartridge_ram[CARTRIDGE_RAM_BYTES_MAX];
    uint8_t ram[GAME_RAM_BYTES];
    uint64_t digest = FNV1A64_START;
    memcpy(ram, begin, sizeof ram);
    for (int look = 0; look < LOOKS; look++) {
        random_ram(random, ram);
        game_look(game, rule, &(GameRam){ram, cartridge_ram});
        digest = fnv1a64(digest, &rule->reward, sizeof rule->reward);
        digest = fnv1a64(digest, &rule->lives, sizeof rule->lives);
        digest = fnv1a64(digest, &rule->over, sizeof rule->over);
    }
    return digest;
}

static void what_a_rule_remembers_is_in_its_state(void **state)
{
    (void)state;
    Random random = random_stream(1, "rules");
    for (size_t i = 0; i < game_count(); i++) {
        const Game *game = game_at(i);
        uint8_t ram[GAME_RAM_BYTES] = {0};
        GameState rule;
        game_begin(game, &rule);
        look_at(game, &rule, &random, ram);
        GameState copy = rule, other;
        Random same = random, different = random_stream(i, "other");
        const uint64_t expected = look_at(game, &rule, &random, ram);
        game_begin(game, &other);
        look_at(game, &other, &different, ram);
        if (look_at(game, &copy, &same, ram) != expected)
            fail_msg("the rule of '%s' goes on otherwise", game->name);
    }
}

/* ---- environments ---- */

static Cartridge *load_own(const char *path)
{
    Error error = {0};
    Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, &error);
    if (cartridge == NULL)
        fail_msg("%s", error.text);
    return cartridge;
}

static uint64_t step_env(Env *env, int steps)
{
    static uint8_t rgb[PICTURE_BYTES];
    uint64_t digest = FNV1A64_START;
    for (int i = 0; i < steps; i++) {
        const int action[ENV_PLAYERS_MAX] = {i / 3 % env->spec.actions, 0};
        EnvStep step;
        env_step(env, action, &step);
        env_draw(env, rgb);
        digest = fnv1a64(digest, env_frame(env), EYES_ROWS * EYES_COLUMNS);
        digest =
            fnv1a64(digest, rgb, (size_t)(env->spec.picture_height * env->spec.picture_width) * 3);
        digest = fnv1a64(digest, &step.reward[0], sizeof step.reward[0]);
        if (step.game_over || i % 10 == 9)
            env_reset(env);
    }
    return digest;
}

/* Sticky actions, their randomness, the no-ops and the frame that is seen before the next act. */
static void an_environment_goes_on_as_it_was_saved_from_its_first_state_on(void **state)
{
    (void)state;
    enum { SAVES = 5, STEPS = 30, STATE_BYTES_MAX = 1 << 18 };
    static uint8_t first[STATE_BYTES_MAX], frame[EYES_ROWS * EYES_COLUMNS];
    static uint8_t drawn[PICTURE_BYTES], again[PICTURE_BYTES];
    Error error = {0};
    Cartridge *cartridge = load_own(DEEPQ_SOURCE_DIR "/cartridges/bricks.bin");
    const AtariEnvConfig config = {.eyes = EYES_2015,
                                   .frame_skip = 4,
                                   .noop_max = 30,
                                   .sticky = 0.5,
                                   .players = 1,
                                   .mode = -1};
    Env *env = atari_env_create(game_by_name("bricks"), cartridge, &config, 3, &error);
    Env *other = atari_env_create(game_by_name("bricks"), cartridge, &config, 4, &error);
    assert_true(env != NULL && other != NULL && env_state_bytes(env) <= sizeof first);
    env_reset(env);
    env_reset(other);
    for (int save = 0; save < SAVES; save++) {
        env_save(env, first);
        memcpy(frame, env_frame(env), sizeof frame);
        env_draw(env, drawn);
        const uint64_t expected = step_env(env, STEPS);
        step_env(other, STEPS + save);
        env_load(other, first);
        assert_memory_equal(env_frame(other), frame, sizeof frame);
        env_draw(other, again);
        assert_memory_equal(again, drawn, sizeof drawn);
        assert_true(step_env(other, STEPS) == expected);
    }
    env_destroy(env);
    env_destroy(other);
    cartridge_destroy(cartridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_program_goes_on_from_a_copy_also_amid_a_frame),
        cmocka_unit_test(without_its_pictures_a_state_draws_the_same_once_a_frame_fills_them),
        cmocka_unit_test(a_state_amid_a_frame_restored_again_and_again_writes_nothing_astray),
        cmocka_unit_test(fractions_of_the_musics_clock_are_kept),
        cmocka_unit_test(what_a_rule_remembers_is_in_its_state),
        cmocka_unit_test(an_environment_goes_on_as_it_was_saved_from_its_first_state_on),
    };
    return cmocka_run_group_tests_name("env/state", tests, NULL, NULL);
}
