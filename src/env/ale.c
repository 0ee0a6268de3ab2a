#include "env/ale.h"

#include <string.h>

/* ---- from actions to the console's ports ---- */

enum { STICK_UP = 1, STICK_DOWN = 2, STICK_LEFT = 4, STICK_RIGHT = 8, STICK_FIRE = 16 };

static uint8_t stick_of(Action action)
{
    static const uint8_t directions[] = {
        STICK_UP,
        STICK_RIGHT,
        STICK_LEFT,
        STICK_DOWN,
        STICK_UP | STICK_RIGHT,
        STICK_UP | STICK_LEFT,
        STICK_DOWN | STICK_RIGHT,
        STICK_DOWN | STICK_LEFT,
    };
    if (action == ACTION_FIRE)
        return STICK_FIRE;
    if (action >= ACTION_UP && action <= ACTION_DOWNLEFT)
        return directions[action - ACTION_UP];
    if (action >= ACTION_UPFIRE && action <= ACTION_DOWNLEFTFIRE)
        return directions[action - ACTION_UPFIRE] | STICK_FIRE;
    return 0;
}

static void turn_paddle(uint32_t *ohms, uint8_t stick, uint32_t highest)
{
    int32_t turned = (int32_t)*ohms;
    if (stick & STICK_RIGHT)
        turned -= ALE_PADDLE_STEP;
    if (stick & STICK_LEFT)
        turned += ALE_PADDLE_STEP;
    if (turned < CONSOLE_PADDLE_MIN)
        turned = CONSOLE_PADDLE_MIN;
    if (turned > (int32_t)highest)
        turned = (int32_t)highest;
    *ohms = (uint32_t)turned;
}

/* The left port's half of SWCHA, active low, as bits 4 .. 7: a joystick's, and the buttons of a
 * pair of paddles. */
static uint8_t joystick_lines(uint8_t stick)
{
    return (uint8_t)((~stick & 0x0f) << 4);
}

static uint8_t paddle_lines(uint8_t first_stick, uint8_t second_stick)
{
    const int pressed =
        (first_stick & STICK_FIRE ? 0x80 : 0) | (second_stick & STICK_FIRE ? 0x40 : 0);
    return (uint8_t)(~pressed & 0xf0);
}

static void set_input(Ale *ale, Action left, Action right, uint8_t switches_held)
{
    const Game *game = ale->game;
    ConsoleInput *input = &ale->console.input;
    const uint8_t stick[2] = {
        stick_of(game_action_is_legal(game, left) ? left : ACTION_NOOP),
        stick_of(game_action_is_legal(game, right) ? right : ACTION_NOOP),
    };
    const uint32_t highest = game->paddle_max != 0 ? game->paddle_max : CONSOLE_PADDLE_MAX;
    for (int player = 0; player < 2; player++)
        turn_paddle(&ale->paddle[player], stick[player], highest);
    const int swap = game->swap_paddles;
    if (game->left == GAME_PADDLES) {
        input->paddle[swap] = ale->paddle[0];
        input->paddle[!swap] = ale->paddle[1];
    }
    const int port = game->swap_ports ? 1 : 0; /* which player holds the left port */
    const uint8_t on_left = stick[port], on_right = stick[1 - port];
    const uint8_t left_lines = game->left == GAME_JOYSTICK
                                   ? joystick_lines(on_left)
                                   : paddle_lines(stick[swap], stick[!swap]);
    /* ALE: both players' paddles are in the left port; nobody holds those in the right one. */
    const uint8_t right_lines =
        game->right == GAME_JOYSTICK ? joystick_lines(on_right) : paddle_lines(0, 0);
    input->swcha = (uint8_t)(left_lines | right_lines >> 4);
    input->fire[0] = game->left == GAME_JOYSTICK && on_left & STICK_FIRE;
    input->fire[1] = game->right == GAME_JOYSTICK && on_right & STICK_FIRE;
    input->swchb = (uint8_t)((SWCHB_IDLE | (ale->options.difficulty & 3) << 6) & ~switches_held);
}

/* ---- frames ---- */

static GameRam ram_of(const Ale *ale)
{
    const bool extra = ale->cartridge->ram_bytes > 0;
    return (GameRam){ale->console.riot.ram, extra ? ale->console.cartridge_ram : NULL};
}

static void play_frame(Ale *ale, Action left, Action right, uint8_t switches_held, Screen *screen)
{
    set_input(ale, left, right, switches_held);
    console_update_remembering(&ale->console, ale->cartridge, ale->options.memory, screen);
    const GameRam ram = ram_of(ale);
    if (ale->options.players == 2)
        game_look_two(ale->game, &ale->rule, &ram);
    else
        game_look(ale->game, &ale->rule, &ram);
}

static void play_frames(Ale *ale, Action left, int frames, Screen *screen)
{
    const bool reset = left == ACTION_RESET;
    for (int i = 0; i < frames; i++)
        play_frame(ale, reset ? ACTION_NOOP : left, ACTION_NOOP, reset ? SWCHB_RESET : 0, screen);
}

/* Where two play, the second presses to start after the first, with a frame of rest before it and
 * one after [MultiAgentALE]. */
static void press_start(Ale *ale, Screen *screen)
{
    const Game *game = ale->game;
    const bool two = ale->options.players == 2;
    const GamePress *start = two && game->start_two != NULL ? game->start_two : game->start;
    for (const GamePress *next = start; next != NULL && next->count > 0; next++)
        play_frames(ale, (Action)next->action, next->count, screen);
    if (!two)
        return;
    play_frames(ale, ACTION_NOOP, 1, screen);
    for (const GamePress *next = start; next != NULL && next->count > 0; next++)
        for (int i = 0; i < next->count; i++)
            play_frame(ale, ACTION_NOOP, (Action)next->action, 0, screen);
    play_frames(ale, ACTION_NOOP, 1, screen);
}

static void press_reset(Ale *ale, Screen *screen)
{
    enum { RESET_FRAMES = 4 };
    play_frames(ale, ACTION_RESET, RESET_FRAMES, screen);
    ale->action[0] = ale->action[1] = ACTION_NOOP;
}

static void press_select(Ale *ale, int frames, Screen *screen)
{
    ale->console.input.swchb &= (uint8_t)~SWCHB_SELECT;
    for (int i = 0; i < frames; i++)
        console_update_remembering(&ale->console, ale->cartridge, ale->options.memory, screen);
    play_frame(ale, ACTION_NOOP, ACTION_NOOP, 0, screen);
    ale->episode_frames++;
}

/* On the way to a mode. ALE: what is no switch is acted, with all that acting draws and counts. */
static void press(Ale *ale, GamePress press, Screen *screen)
{
    const int skip = ale->options.frame_skip > 0 ? ale->options.frame_skip : 1;
    if (press.action == ACTION_SELECT) {
        press_select(ale, press.count, screen);
        return;
    }
    if (press.action == ACTION_RESET) {
        press_reset(ale, screen);
        return;
    }
    ale->over = ale->rule.over;
    for (int i = 0; i < press.count * skip; i++)
        ale_act(ale, (Action)press.action, ACTION_NOOP, screen);
}

static bool choose_mode(Ale *ale, Screen *screen)
{
    const GameRam ram = ram_of(ale);
    if (!game_has_modes(ale->game))
        return true;
    for (int step = 0; step < ALE_PRESSES_MAX; step++) {
        const GamePress next =
            game_mode_press(ale->game, &ale->rule, &ram, ale->options.mode, step, &ale->random);
        if (next.count == 0) {
            if (next.action == ACTION_RESET)
                press_reset(ale, screen);
            return true;
        }
        press(ale, next, screen);
    }
    return false;
}

/* ---- episodes ---- */

bool ale_reset(Ale *ale, Screen *screen)
{
    enum { SETTLING_FRAMES = 60 };
    ale->episode_frames = 0;
    ale->over = ale->time_over = false;
    ale->paddle[0] = ale->paddle[1] = ALE_PADDLE_MIDDLE;
    if (screen != NULL)
        memset(screen, 0, sizeof *screen);
    console_reset(&ale->console, ale->cartridge, &ale->noise);
    play_frames(ale, ACTION_NOOP, SETTLING_FRAMES, screen);
    press_reset(ale, screen);
    game_begin(ale->game, &ale->rule);
    const bool mode_reached = choose_mode(ale, screen);
    press_reset(ale, screen);
    press_start(ale, screen);
    ale->over = ale->rule.over;
    return mode_reached;
}

bool ale_load(Ale *ale, const Game *game, const Cartridge *cartridge, const AleOptions *options,
              Screen *screen)
{
    *ale = (Ale){
        .game = game,
        .cartridge = cartridge,
        .options = *options,
        .noise = mt19937_seeded(CONSOLE_NOISE_SEED),
        .random = mt19937_seeded(options->seed),
    };
    game_begin(game, &ale->rule);
    const ConsoleSetup setup = {
        .first_line = game->first_line != 0 ? game->first_line : GAME_USUAL_START,
        .height = game->height != 0 ? game->height : GAME_USUAL_HEIGHT,
        .hmove_blanks = !game->without_hmove_comb,
        .paddles = {game->left == GAME_PADDLES, game->right == GAME_PADDLES},
    };
    console_insert(&ale->console, cartridge, &setup, &ale->noise);
    return ale_reset(ale, screen);
}

int ale_act(Ale *ale, Action left, Action right, Screen *screen)
{
    const double unit = 1.0 / 4294967296.0;
    const Action wanted[2] = {left, right};
    for (int player = 0; player < 2; player++)
        if (mt19937_draw(&ale->random) * unit >= ale->options.sticky)
            ale->action[player] = (uint8_t)wanted[player];
    if (ale->over)
        return 0;
    play_frame(ale, (Action)ale->action[0], (Action)ale->action[1], 0, screen);
    ale->episode_frames++;
    ale->time_over = ale->options.max_frames > 0 && ale->episode_frames >= ale->options.max_frames;
    ale->over = ale->rule.over || ale->time_over;
    return ale->rule.reward;
}

/* What came of some frames. */
typedef struct {
    int frames, reward[2];
    bool filled; /* each of them the whole picture */
} Held;

static Held hold(Ale *ale, Action left, Action right, int frames, Screen *screen)
{
    Held held = {.filled = true};
    while (held.frames < frames && !ale->over) {
        held.reward[0] += ale_act(ale, left, right, screen);
        held.reward[1] += ale->rule.reward_second;
        held.frames++;
        held.filled = held.filled && console_drew_all(&ale->console);
    }
    return held;
}

static void add_rewards(int reward[2], const Held *held)
{
    reward[0] += held->reward[0];
    reward[1] += held->reward[1];
}

/* A picture that its frame does not fill shows what the one two frames before left, which nobody
 * has drawn, if it was to be spared. Then all is played again and drawn, from the state before: one
 * struct. What the first try has drawn does no harm, for two frames at least came before it that
 * fill both pictures; if they do not, it has not begun. */
int ale_hold(Ale *ale, Action left, Action right, int frames, Screen *screen, int reward[2])
{
    enum { DRAWN = 2, SPARED_MIN = 2 };
    if (frames >= DRAWN + SPARED_MIN && !ale->short_frames) {
        const Ale before = *ale;
        const Held spared = hold(ale, left, right, frames - DRAWN, NULL);
        Held drawn = {0};
        if (spared.filled && !ale->over)
            drawn = hold(ale, left, right, DRAWN, screen);
        if (drawn.filled && drawn.frames == DRAWN) {
            add_rewards(reward, &spared);
            add_rewards(reward, &drawn);
            return frames;
        }
        *ale = before;
    }
    const Held held = hold(ale, left, right, frames, screen);
    ale->short_frames = !held.filled;
    add_rewards(reward, &held);
    return held.frames;
}

int ale_sit(Ale *ale, Action left, Action right, uint8_t switches_held, Screen *screen)
{
    if (switches_held & SWCHB_RESET)
        game_begin(ale->game, &ale->rule);
    play_frame(ale, left, right, switches_held, screen);
    return ale->rule.reward;
}

int ale_lives(const Ale *ale)
{
    return ale->rule.lives;
}
