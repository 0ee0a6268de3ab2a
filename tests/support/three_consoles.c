#include "support/three_consoles.h"

#include <stddef.h>
#include <string.h>

void three_consoles_power_on(ThreeConsoles *three, const Cartridge *cartridge,
                             const ConsoleSetup *setup)
{
    Machine *fast = &three->fast;
    memset(fast, 0, sizeof *fast);
    fast->noise = mt19937_seeded(CONSOLE_NOISE_SEED);
    console_insert(&fast->console, cartridge, setup, &fast->noise);
    three->plain = three->seldom = *fast;
    three->plain.console.tia.plain = three->plain.console.tia.eager = true;
}

void three_consoles_reset(ThreeConsoles *three, const Cartridge *cartridge)
{
    Machine *const machine[] = {&three->fast, &three->plain, &three->seldom};
    for (int i = 0; i < 3; i++)
        console_reset(&machine[i]->console, cartridge, &machine[i]->noise);
}

static void update(Machine *machine, const Cartridge *cartridge, const ConsoleInput *input,
                   bool drawn)
{
    const bool begins = !machine->console.unfinished;
    machine->console.input = *input;
    console_update(&machine->console, cartridge, drawn ? &machine->screen : NULL);
    machine->filled = drawn && begins && console_drew_all(&machine->console);
}

void three_consoles_update(ThreeConsoles *three, const Cartridge *cartridge,
                           const ConsoleInput *input, bool seldom_drawn)
{
    update(&three->fast, cartridge, input, true);
    update(&three->plain, cartridge, input, true);
    update(&three->seldom, cartridge, input, seldom_drawn);
}

/* The collisions as a read would show them: they may be worked out late. */
static uint16_t collisions_now(const Console *console)
{
    Tia tia = console->tia;
    tia_draw(&tia, 3 * console->cpu.cycle, NULL);
    return tia.collisions;
}

static const char *noticed(const Console *a, const Console *b, const Cartridge *cartridge)
{
    if (memcmp(a->riot.ram, b->riot.ram, RIOT_RAM_BYTES) != 0)
        return "the RAM differs";
    if (a->lines != b->lines || a->unfinished != b->unfinished)
        return "the count of lines differs";
    if (memcmp(&a->cpu, &b->cpu, offsetof(Cpu, jammed) + 1) != 0)
        return "the processor differs";
    if (memcmp(a->cartridge_ram, b->cartridge_ram, cartridge->ram_bytes) != 0)
        return "the cartridge's RAM differs";
    if (collisions_now(a) != collisions_now(b))
        return "the collisions differ";
    return NULL;
}

static bool same_picture(const Machine *a, const Machine *b)
{
    const size_t pixels = (size_t)a->console.tia.height * SCREEN_COLUMNS;
    return memcmp(console_picture(&a->console, &a->screen),
                  console_picture(&b->console, &b->screen), pixels) == 0;
}

const char *three_consoles_difference(const ThreeConsoles *three, const Cartridge *cartridge)
{
    const char *difference = noticed(&three->fast.console, &three->plain.console, cartridge);
    if (difference == NULL)
        difference = noticed(&three->fast.console, &three->seldom.console, cartridge);
    if (difference == NULL && !same_picture(&three->fast, &three->plain))
        difference = "the picture differs from the plain one";
    if (difference == NULL && three->seldom.filled && !same_picture(&three->fast, &three->seldom))
        difference = "a whole frame shows something of a frame before";
    return difference;
}
