#include "atari/riot.h"

#include "atari/console.h"

void riot_power_on(Riot *riot, Mt19937 *noise)
{
    for (int i = 0; i < RIOT_RAM_BYTES; i++)
        riot->ram[i] = (uint8_t)mt19937_draw(noise);
    riot_reset(riot, noise);
}

void riot_reset(Riot *riot, Mt19937 *noise)
{
    riot->timer = 25 + (int32_t)(mt19937_draw(noise) % 75);
    riot->timer_shift = 6;
    riot->timer_set_cycle = 0;
    riot->timer_read_cycle = 0;
    riot->timer_read = false;
    riot->ddra = 0;
}

void riot_begin_frame(Riot *riot, int32_t cycles_gone)
{
    riot->timer_set_cycle -= cycles_gone;
    riot->timer_read_cycle -= cycles_gone;
}

/* Cycles since the timer was written, and what it then holds while it has not run out. */
static int32_t timer_age(const Riot *riot, int32_t cycle)
{
    return cycle - 1 - riot->timer_set_cycle;
}

int32_t riot_timer_left(const Riot *riot, int32_t cycle)
{
    return riot->timer - (timer_age(riot, cycle) >> riot->timer_shift) - 1;
}

int32_t riot_cycles_above_one(const Riot *riot, int32_t cycle)
{
    return (riot->timer - 1) * (1 << riot->timer_shift) - timer_age(riot, cycle) - 1;
}

/* ALE: after running out the timer counts single cycles, until a read makes it go on at the old
 * rate from there. */
static uint8_t read_intim(Riot *riot, int32_t cycle)
{
    const int32_t left = riot_timer_left(riot, cycle);
    if (left >= 0)
        return (uint8_t)left;
    const int32_t age = timer_age(riot, cycle);
    const int32_t span = riot->timer << riot->timer_shift;
    const int32_t beyond = span - age - 1;
    if (beyond <= -2 && !riot->timer_read) {
        riot->timer_read = true;
        riot->timer_read_cycle = cycle;
    }
    if (!riot->timer_read)
        return (uint8_t)beyond;
    const int32_t late = riot->timer_read_cycle - riot->timer_set_cycle - span;
    return (uint8_t)(riot->timer - (age >> riot->timer_shift) - late);
}

uint8_t riot_read(Console *console, uint16_t address, int32_t cycle)
{
    Riot *riot = &console->riot;
    switch (address & 7) {
    case 0: return console->input.swcha;
    case 1: return riot->ddra;
    case 2: return console->input.swchb;
    case 4:
    case 6: return read_intim(riot, cycle);
    case 5:
    case 7: return riot_timer_left(riot, cycle) < 0 && !riot->timer_read ? 0x80 : 0;
    default: return 0; /* DDRB, always all inputs */
    }
}

void riot_write(Riot *riot, uint16_t address, uint8_t value, int32_t cycle)
{
    static const uint8_t shift[4] = {0, 3, 6, 10};
    if ((address & 7) == 1)
        riot->ddra = value;
    else if ((address & 7) >= 4 && (address & 0x14) == 0x14) {
        riot->timer = value;
        riot->timer_shift = shift[address & 3];
        riot->timer_set_cycle = cycle;
        riot->timer_read = false;
    }
}
