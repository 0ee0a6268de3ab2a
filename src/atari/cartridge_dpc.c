/*
 * cartridge_dpc.c - the display processor chip: eight fetchers that read 2 KB of pictures by
 * themselves, three of which can play a note, and a source of chance.
 */
#include <math.h>

#include "atari/cartridge_private.h"

enum { DISPLAY_BYTES = 2048, COUNTER_MASK = DISPLAY_BYTES - 1, FIRST_MUSIC = 5 };

void dpc_power_on(DpcState *dpc)
{
    *dpc = (DpcState){.shift_register = 1};
}

void dpc_reset(DpcState *dpc)
{
    dpc->music_cycle = 0;
    dpc->music_fraction = 0;
}

void dpc_clock(DpcState *dpc)
{
    const uint8_t s = dpc->shift_register;
    const int fed_back = ~(s >> 7 ^ s >> 5 ^ s >> 4 ^ s >> 3) & 1;
    dpc->shift_register = (uint8_t)(s << 1 | fed_back);
}

/* A note: the low byte of the counter runs down from `top` and starts again, `ticks` steps on. */
static void play_on(DpcState *dpc, int i, int32_t ticks)
{
    const int period = dpc->top[i] + 1;
    int low = dpc->counter[i] & 0xff;
    low -= ticks % period;
    if (low < 0)
        low += period;
    if (dpc->top[i] == 0)
        low = 0;
    if (low <= dpc->bottom[i])
        dpc->flag[i] = 0;
    else if (low <= dpc->top[i])
        dpc->flag[i] = 0xff;
    dpc->counter[i] = (uint16_t)((dpc->counter[i] & 0x700) | low);
}

static uint8_t music(DpcState *dpc, int32_t cycle)
{
    static const double ticks_per_second = 15750, cycles_per_second = 1193191.66666667;
    static const uint8_t loudness[8] = {0, 4, 5, 9, 6, 10, 11, 15}; /* by which notes sound */
    const double passed =
        (cycle - dpc->music_cycle) * ticks_per_second / cycles_per_second + dpc->music_fraction;
    const int32_t ticks = (int32_t)passed;
    dpc->music_cycle = cycle;
    dpc->music_fraction = passed - ticks;
    int sounding = 0;
    for (int i = FIRST_MUSIC; i < DPC_FETCHERS; i++) {
        if (dpc->music[i] && ticks > 0)
            play_on(dpc, i, ticks);
        if (dpc->music[i] && dpc->flag[i] != 0)
            sounding |= 1 << (i - FIRST_MUSIC);
    }
    return loudness[sounding];
}

static void follow_flag(DpcState *dpc, int i)
{
    const uint8_t low = (uint8_t)dpc->counter[i];
    if (low == dpc->top[i])
        dpc->flag[i] = 0xff;
    else if (low == dpc->bottom[i])
        dpc->flag[i] = 0;
}

uint8_t dpc_read(DpcState *dpc, const uint8_t *display, uint16_t reg, int32_t cycle)
{
    enum { CHANCE_OR_MUSIC = 0, PICTURE = 1, PICTURE_MASKED = 2, FLAG = 7, CHANCE_REGISTERS = 4 };
    const int i = reg & 7;
    const uint8_t fetched = display[DISPLAY_BYTES - 1 - dpc->counter[i]];
    uint8_t value = 0;
    follow_flag(dpc, i);
    switch (reg >> 3 & 7) {
    case CHANCE_OR_MUSIC:
        value = i < CHANCE_REGISTERS ? dpc->shift_register : music(dpc, cycle);
        break;
    case PICTURE: value = fetched; break;
    case PICTURE_MASKED: value = fetched & dpc->flag[i]; break;
    case FLAG: value = dpc->flag[i]; break;
    default: break;
    }
    if (!dpc->music[i])
        dpc->counter[i] = (dpc->counter[i] - 1) & COUNTER_MASK;
    return value;
}

void dpc_write(DpcState *dpc, uint16_t reg, uint8_t value)
{
    enum { TOP = 0, BOTTOM = 1, COUNTER_LOW = 2, COUNTER_HIGH = 3, RESTART_CHANCE = 6 };
    const int i = reg & 7;
    switch (reg >> 3 & 7) {
    case TOP:
        dpc->top[i] = value;
        dpc->flag[i] = 0;
        break;
    case BOTTOM: dpc->bottom[i] = value; break;
    case COUNTER_LOW:
        dpc->counter[i] =
            (uint16_t)((dpc->counter[i] & 0x700) | (dpc->music[i] ? dpc->top[i] : value));
        break;
    case COUNTER_HIGH:
        dpc->counter[i] = (uint16_t)((value & 7) << 8 | (dpc->counter[i] & 0xff));
        if (i >= FIRST_MUSIC)
            dpc->music[i] = (value & 0x10) != 0;
        break;
    case RESTART_CHANCE: dpc->shift_register = 1; break;
    default: break;
    }
}
