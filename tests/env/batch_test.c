/*
 * Frames that nobody sees and threads change nothing: holding an action leaves what drawing every
 * frame leaves, and a batch of environments does what each does alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/random.h"
#include "env/ale.h"
#include "env/atari_env.h"
#include "env/batch.h"
#include "support/test_data.h"

/* ---- holding ---- */

/* A program whose frames have 260 lines eight times, then 5 to 260, eight times; the background is
 * another in every line. RAM 0x80 counts frames. */
static const uint8_t uneven_program[] = {
    0xa9, 0x02, 0x85, 0x00, 0x85, 0x02, 0x85, 0x02, /* VSYNC on for */
    0x85, 0x02, 0xa9, 0x00, 0x85, 0x00,             /* three lines */
    0xe6, 0x80, 0xa5, 0x80, 0x29, 0x08, 0xd0, 0x04, /* count; where bit 3 is 0 */
    0xa2, 0xff, 0xd0, 0x08,                         /* X = 255 lines */
    0xa5, 0x81, 0x18, 0x69, 0x25, 0x85, 0x81, 0xaa, /* else 37 more than the last time */
    0x85, 0x02, 0x86, 0x09, 0xca, 0xd0, 0xf9,       /* WSYNC; COLUBK = X; until X = 0 */
    0x4c, 0x00, 0xf0,
};

/* Some reward, and an end now and then, from whatever a cartridge does to its RAM. */
static void look_at_anything(GameState *state, const GameRam *ram)
{
    const uint64_t sum = fnv1a64(FNV1A64_START, ram->console, RIOT_RAM_BYTES);
    state->reward = (int32_t)(sum & 3);
    state->over = state->memory[0]++ > 80 && sum % 41 == 0;
}

static const uint8_t some_actions[] = {ACTION_NOOP, ACTION_FIRE, ACTION_RIGHT, ACTION_DOWN};

static const Game any_game = {
    .name = "any",
    .title = "Any",
    .minimal_actions = some_actions,
    .minimal_action_count = 4,
    .look = look_at_anything,
};

typedef struct {
    Ale ale;
    Screen screen;
} Playing;

static Playing spared, drawn;

static int hold_and_draw_all(Playing *playing, Action action, int frames, int *reward)
{
    int played = 0;
    for (; played < frames && !playing->ale.over; played++)
        *reward += ale_act(&playing->ale, action, ACTION_NOOP, &playing->screen);
    return played;
}

static void assert_same_play(const char *name, int step)
{
    const Console *a = &spared.ale.console, *b = &drawn.ale.console;
    const size_t rows = (size_t)a->tia.height * SCREEN_COLUMNS;
    if (memcmp(a->riot.ram, b->riot.ram, RIOT_RAM_BYTES) != 0 || a->lines != b->lines)
        fail_msg("%s: the consoles part in step %d", name, step);
    for (int i = 0; i < 2; i++)
        if (memcmp(spared.screen.pixels[i], drawn.screen.pixels[i], rows) != 0)
            fail_msg("%s: picture %d differs after step %d", name, i, step);
}

static void hold_cartridge(const char *name, const Cartridge *cartridge)
{
    enum { STEPS = 60 };
    const AleOptions options = {.seed = 7, .sticky = 0.25};
    ale_load(&spared.ale, &any_game, cartridge, &options, &spared.screen);
    ale_load(&drawn.ale, &any_game, cartridge, &options, &drawn.screen);
    Random random = random_stream(3, name);
    for (int step = 0; step < STEPS; step++) {
        const Action action = (Action)some_actions[random_below(&random, 4)];
        const int frames = 1 + (int)random_below(&random, 8);
        int rewards[2] = {0}, reward = 0;
        const int played =
            ale_hold(&spared.ale, action, ACTION_NOOP, frames, &spared.screen, rewards);
        assert_int_equal(played, hold_and_draw_all(&drawn, action, frames, &reward));
        assert_int_equal(rewards[0], reward);
        assert_same_play(name, step);
        if (spared.ale.over) {
            ale_reset(&spared.ale, &spared.screen);
            ale_reset(&drawn.ale, &drawn.screen);
        }
    }
}

static void uneven_frames_are_left_as_if_all_were_drawn(void **unused)
{
    (void)unused;
    uint8_t image[4096] = {0};
    memcpy(image, uneven_program, sizeof uneven_program);
    image[4093] = 0xf0; /* the reset vector: 0xf000 */
    Error error;
    Cartridge *cartridge = cartridge_create(image, sizeof image, CARTRIDGE_4K, "uneven", &error);
    assert_non_null(cartridge);
    hold_cartridge("uneven frames", cartridge);
    cartridge_destroy(cartridge);
}

static void frames_of_cartridges_are_left_as_if_all_were_drawn(void **unused)
{
    (void)unused;
    static const char *const names[] = {
        "tetris",
        "2048",
        "t_starfield_starfield",
        "t_rdy_rdy",
        "t_flapping_flapping",
        "t_resx_during_draw_missile_hblank",
        "t_nusiz_during_draw_player8",
        "t_red_line_image",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[1024], relative[80];
        snprintf(relative, sizeof relative, "roms/%s.bin", names[i]);
        if (!test_data_path(path, sizeof path, relative))
            skip();
        Error error;
        Cartridge *cartridge = cartridge_load(path, CARTRIDGE_DETECT, &error);
        if (cartridge == NULL)
            fail_msg("%s", error.text);
        hold_cartridge(names[i], cartridge);
        cartridge_destroy(cartridge);
    }
}

/* ---- batches ---- */

enum { ENVS = 5, BATCH_STEPS = 400, FRAME = EYES_ROWS * EYES_COLUMNS };

static const AtariEnvConfig config = {
    .eyes = EYES_2015,
    .frame_skip = 4,
    .pool_frames = true,
    .noop_max = 30,
    .sticky = 0.25,
    .max_episode_frames = 500,
    .players = 1,
    .mode = -1,
};

static Cartridge *bricks(void)
{
    Error error;
    Cartridge *cartridge =
        cartridge_load(DEEPQ_SOURCE_DIR "/cartridges/bricks.bin", CARTRIDGE_DETECT, &error);
    assert_non_null(cartridge);
    return cartridge;
}

static Env *make_env(const Cartridge *cartridge, int index)
{
    Error error;
    Env *env =
        atari_env_create(game_by_name("bricks"), cartridge, &config, (uint64_t)index, &error);
    assert_non_null(env);
    return env;
}

static int action_of(int step, int index)
{
    return (step * 7 + index * 3 + step / 5) % 4;
}

/* What environment `index` does when it is played alone. */
static uint64_t play_alone(const Cartridge *cartridge, int index)
{
    Env *env = make_env(cartridge, index);
    uint64_t digest = FNV1A64_START;
    bool ended = false;
    env_reset(env);
    digest = fnv1a64(digest, env_frame(env), FRAME);
    for (int step = 0; step < BATCH_STEPS; step++) {
        EnvStep now = {0};
        const int action = action_of(step, index);
        if (ended)
            env_reset(env);
        else
            env_step(env, &action, &now);
        ended = now.game_over || now.time_over;
        const int32_t told[4] = {(int32_t)now.reward[0], now.frames, now.lives, ended};
        digest = fnv1a64(digest, told, sizeof told);
        digest = fnv1a64(digest, env_frame(env), FRAME);
    }
    env_destroy(env);
    return digest;
}

static void play_together(const Cartridge *cartridge, int threads, uint64_t digest[ENVS])
{
    static uint8_t frames[ENVS * FRAME];
    Env *envs[ENVS];
    EnvStep steps[ENVS];
    int actions[ENVS];
    Error error;
    Parallel *team = parallel_create(threads, &error);
    for (int i = 0; i < ENVS; i++)
        envs[i] = make_env(cartridge, i);
    Batch *batch = batch_create(envs, ENVS, team, &error);
    assert_non_null(batch);
    batch_reset(batch, frames);
    for (int i = 0; i < ENVS; i++)
        digest[i] = fnv1a64(FNV1A64_START, frames + i * FRAME, FRAME);
    for (int step = 0; step < BATCH_STEPS; step++) {
        for (int i = 0; i < ENVS; i++)
            actions[i] = action_of(step, i);
        batch_step(batch, actions, steps, frames);
        for (int i = 0; i < ENVS; i++) {
            const bool ended = steps[i].game_over || steps[i].time_over;
            const int32_t told[4] = {(int32_t)steps[i].reward[0], steps[i].frames, steps[i].lives,
                                     ended};
            digest[i] = fnv1a64(digest[i], told, sizeof told);
            digest[i] = fnv1a64(digest[i], frames + i * FRAME, FRAME);
        }
    }
    batch_destroy(batch);
    parallel_destroy(team);
}

static void each_of_a_batch_plays_as_it_does_alone(void **unused)
{
    (void)unused;
    Cartridge *cartridge = bricks();
    uint64_t one[ENVS], three[ENVS];
    play_together(cartridge, 1, one);
    play_together(cartridge, 3, three);
    for (int i = 0; i < ENVS; i++) {
        const uint64_t alone = play_alone(cartridge, i);
        assert_true(one[i] == alone);
        assert_true(three[i] == alone);
    }
    assert_true(one[0] != one[1]); /* other seeds, other games */
    cartridge_destroy(cartridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uneven_frames_are_left_as_if_all_were_drawn),
        cmocka_unit_test(frames_of_cartridges_are_left_as_if_all_were_drawn),
        cmocka_unit_test(each_of_a_batch_plays_as_it_does_alone),
    };
    return test_data_status(cmocka_run_group_tests(tests, NULL, NULL));
}
