/*
 * console.h - the Atari 2600: a 6507, a TIA, a RIOT, a cartridge, as the Arcade Learning
 * Environment plays them.
 *
 * The whole machine is one plain struct without pointers. To save it, copy it; to go back, copy it
 * back. What the machine needs and does not change is passed in: the cartridge. What it draws on is
 * passed in, too: a Screen, or NULL where nobody will look (collisions and everything a program can
 * notice stay exact).
 *
 *     Console console;
 *     Screen screen = {0};
 *     Mt19937 noise = mt19937_seeded(CONSOLE_NOISE_SEED);
 *     const ConsoleSetup setup = {.first_line = 34, .height = 210, .hmove_blanks = true};
 *     console_insert(&console, cartridge, &setup, &noise);
 *     for (;;) {
 *         console.input.fire[0] = ...;
 *         console_update(&console, cartridge, &screen);
 *         show(console_picture(&console, &screen), console.tia.height);
 *     }
 *
 * Time: the processor counts cycles, the TIA colour clocks, three to a cycle, 228 to a line. Both
 * start anew with every frame. An update is what the field calls a frame: it runs until the
 * program's vertical sync ends, or for 25000 instructions where it never does; then the update was
 * partial, and the next one goes on with the same frame.
 *
 * "ALE:" in comments marks what this model does because the reference does it, where the real chip
 * differs.
 */
#ifndef DEEPQ_ATARI_CONSOLE_H
#define DEEPQ_ATARI_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atari/cartridge.h"
#include "atari/cpu.h"
#include "atari/riot.h"
#include "atari/tia.h"
#include "atari/tia_lines.h"
#include "base/mt19937.h"

enum {
    CONSOLE_NOISE_SEED = 4753849, /* of the generator behind power-on memory and timers [ALE] */
    CONSOLE_INSTRUCTIONS_PER_UPDATE = 25000,
    CONSOLE_PADDLE_MIN = 27450, /* resistance at the right stop, ohms */
    CONSOLE_PADDLE_MAX = 790196,
    CONSOLE_PADDLE_NONE =
        0x7fffffff, /* a joystick is plugged in: nothing charges the paddle line */
};

typedef enum { CONSOLE_DETECT, CONSOLE_NTSC, CONSOLE_PAL } ConsoleFormat;

/* How the television is set. */
typedef struct {
    int first_line;    /* counted from the end of the vertical sync; 34 for most games */
    int height;        /* visible lines, at most SCREEN_ROWS_MAX */
    bool hmove_blanks; /* HMOVE blackens the first 8 pixels of its line, as on the chip */
    ConsoleFormat format;
    bool paddles[2]; /* left, right port: a pair of paddles instead of a joystick */
} ConsoleSetup;

/* What is plugged in and pressed. Set it before an update; it is read whenever the program looks.
 */
typedef struct {
    uint8_t swcha; /* both sticks, active low: left up, down, left, right = bits 4..7, right = bits
                      0..3 */
    uint8_t swchb; /* switches: bit 0 RESET, 1 SELECT (0 = held), 3 colour, 6 and 7 difficulty (1 =
                      A) */
    bool fire[2];  /* left, right button */
    uint32_t paddle[4]; /* resistances in ohms, or CONSOLE_PADDLE_NONE */
} ConsoleInput;

enum { SWCHB_IDLE = 0x3f, SWCHB_RESET = 0x01, SWCHB_SELECT = 0x02, SWCHA_IDLE = 0xff };

/* Two pictures: the one that is being drawn and the one before. They are swapped, not cleared, at
 * each frame's start, so lines that a short frame does not reach keep what they showed two frames
 * ago. */
typedef struct {
    uint8_t pixels[2][SCREEN_ROWS_MAX * SCREEN_COLUMNS];
} Screen;

typedef struct Console {
    Cpu cpu;
    Riot riot;
    Tia tia;
    ConsoleInput input;
    ConsoleSetup setup;
    CartridgeState cartridge; /* which banks are in */
    int32_t lines;            /* of the last update's frame when the update ended */
    bool unfinished;          /* the last update was partial */
    bool greyed;              /* a partial update has greyed the rest of this frame's picture */
    uint8_t cartridge_ram[CARTRIDGE_RAM_BYTES_MAX]; /* the last member: see console_bytes */
} Console;

/* Bytes from the start of a Console that hold all of its state: those of RAM that the cartridge
 * does not have are never looked at and need not be copied. */
size_t console_bytes(const Cartridge *cartridge);

/* Power on with `cartridge`: fill the RAM from `noise`, find out the television format where the
 * setup says DETECT (60 frames without input, at height as given; PAL makes a height of 210 into
 * 250), and reset. `noise` is the generator seeded with CONSOLE_NOISE_SEED; later resets draw from
 * it, too. */
void console_insert(Console *console, const Cartridge *cartridge, const ConsoleSetup *setup,
                    Mt19937 *noise);

/* The reset that power-on does (not the RESET switch). RAM stays. */
void console_reset(Console *console, const Cartridge *cartridge, Mt19937 *noise);

/* One frame, or one partial one. `screen` may be NULL: then nothing is drawn. */
void console_update(Console *console, const Cartridge *cartridge, Screen *screen);

/* The same, faster: lines that were done lately are not done again (tia_lines.h). `memory` NULL:
 * none. */
void console_update_remembering(Console *console, const Cartridge *cartridge, TiaMemory *memory,
                                Screen *screen);

/* The last update's frame has reached the last visible line: nothing in its picture is older. */
static inline bool console_drew_all(const Console *console)
{
    return !console->unfinished && console->tia.drawn >= console->tia.window_end;
}

/* The picture of the last update: tia.height rows of SCREEN_COLUMNS colour indices, even except
 * under PAL. */
const uint8_t *console_picture(const Console *console, const Screen *screen);

#endif
