/*
 * three_consoles.h - one program on three consoles: drawn fast, drawn plainly, drawn now and then.
 *
 * The plain one draws at every access, pixel by pixel, straight from the registers, goes through
 * every round of waiting for the timer, and asks the bus for each byte of the program; the others
 * are lazy. After each update all that a program can notice must be the same on all three, and so
 * must the pictures of the first two. The third one's picture must be theirs, too, where it was
 * drawn in a frame that fills the picture.
 *
 *     static ThreeConsoles three;
 *     three_consoles_power_on(&three, cartridge, &setup);
 *     three_consoles_update(&three, cartridge, &input, drawn);
 *     const char *difference = three_consoles_difference(&three, cartridge);      NULL: none
 */
#ifndef DEEPQ_TESTS_THREE_CONSOLES_H
#define DEEPQ_TESTS_THREE_CONSOLES_H

#include <stdbool.h>

#include "atari/console.h"

typedef struct {
    Console console;
    Mt19937 noise;
    Screen screen;
    bool filled; /* the last update drew a whole frame that fills the picture */
} Machine;

typedef struct {
    Machine fast, plain, seldom;
    TiaMemory memory; /* of the first and the third in turns, and of all programs */
} ThreeConsoles;

void three_consoles_power_on(ThreeConsoles *three, const Cartridge *cartridge,
                             const ConsoleSetup *setup);
void three_consoles_reset(ThreeConsoles *three, const Cartridge *cartridge);

/* `seldom_drawn`: the third is drawn, too, in this update. */
void three_consoles_update(ThreeConsoles *three, const Cartridge *cartridge,
                           const ConsoleInput *input, bool seldom_drawn);

/* What differs, as a sentence; NULL: nothing. */
const char *three_consoles_difference(const ThreeConsoles *three, const Cartridge *cartridge);

#endif
