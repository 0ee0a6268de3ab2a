/*
 * cartridge_banks.c - what is seen where: banks, hotspots, cartridge RAM.
 *
 * A touched hotspot switches first, then a read gives the new bank's byte. Reading the address
 * where RAM is written gives the image's byte and changes nothing [ALE].
 */
#include <string.h>
#include <strings.h>

#include "atari/cartridge_private.h"

enum { KB = 1024, LOW_BITS = 0xfff };

/* Bits of `hot`: 64-byte pieces of the 4 KB. */
#define PIECE(address)   (UINT64_C(1) << ((address) >> 6))
#define PIECES(from, to) ((PIECE(to) << 1) - PIECE(from)) /* both included */
#define ALL_PIECES       (~UINT64_C(0))
#define LAST_PIECE       PIECE(0xfc0)

static const CartridgeTraits traits[CARTRIDGE_TYPES] = {
    /*                  name      image           hotspots     first  RAM */
    [CARTRIDGE_DETECT] = {"detect", 0, 0, 0, 0, 0, 0, 0, 0, 0},
    [CARTRIDGE_2K] = {"2K", 2 * KB, 4 * KB, 0, 0, 0, 0, 0, 0, 0},
    [CARTRIDGE_4K] = {"4K", 4 * KB, 4 * KB, 0, 0, 0, 0, 0, 0, 0},
    [CARTRIDGE_CV] = {"CV", 2 * KB, 4 * KB, 0, 0, 0, KB, 0x400, 0x000, PIECES(0x000, 0x7c0)},
    [CARTRIDGE_F8] = {"F8", 8 * KB, 8 * KB, 0xff8, 2, 1, 0, 0, 0, LAST_PIECE},
    [CARTRIDGE_F8SC] = {"F8SC", 8 * KB, 8 * KB, 0xff8, 2, 1, 128, 0x000, 0x080,
                        LAST_PIECE | PIECES(0x000, 0x0c0)},
    [CARTRIDGE_F6] = {"F6", 16 * KB, 16 * KB, 0xff6, 4, 0, 0, 0, 0, LAST_PIECE},
    [CARTRIDGE_F6SC] = {"F6SC", 16 * KB, 16 * KB, 0xff6, 4, 0, 128, 0x000, 0x080,
                        LAST_PIECE | PIECES(0x000, 0x0c0)},
    [CARTRIDGE_F4] = {"F4", 32 * KB, 32 * KB, 0xff4, 8, 0, 0, 0, 0, LAST_PIECE},
    [CARTRIDGE_F4SC] = {"F4SC", 32 * KB, 32 * KB, 0xff4, 8, 0, 128, 0x000, 0x080,
                        LAST_PIECE | PIECES(0x000, 0x0c0)},
    [CARTRIDGE_FA] = {"FA", 12 * KB, 12 * KB, 0xff8, 3, 2, 256, 0x000, 0x100,
                      LAST_PIECE | PIECES(0x000, 0x1c0)},
    [CARTRIDGE_E0] = {"E0", 8 * KB, 8 * KB, 0, 0, 0, 0, 0, 0, LAST_PIECE},
    [CARTRIDGE_E7] = {"E7", 16 * KB, 16 * KB, 0, 0, 0, 2 * KB, 0, 0,
                      LAST_PIECE | PIECES(0x000, 0x9c0)},
    [CARTRIDGE_FE] = {"FE", 8 * KB, 8 * KB, 0, 0, 0, 0, 0, 0, ALL_PIECES},
    [CARTRIDGE_3F] = {"3F", 2 * KB, CARTRIDGE_BYTES_MAX, 0, 0, 0, 0, 0, 0, 0},
    [CARTRIDGE_UA] = {"UA", 8 * KB, 8 * KB, 0, 2, 0, 0, 0, 0, 0},
    [CARTRIDGE_DPC] = {"DPC", 10 * KB, 10496, 0xff8, 2, 1, 0, 0, 0,
                       LAST_PIECE | PIECES(0x000, 0x040)},
};

const CartridgeTraits *cartridge_traits(CartridgeType type)
{
    return &traits[type];
}

const char *cartridge_type_name(CartridgeType type)
{
    return traits[type].name;
}

bool cartridge_type_parse(CartridgeType *type, const char *name, Error *error)
{
    char names[128] = "";
    for (int t = 0; t < CARTRIDGE_TYPES; t++) {
        if (strcasecmp(name, traits[t].name) == 0) {
            *type = (CartridgeType)t;
            return true;
        }
        strcat(strcat(names, t == 0 ? "" : ", "), traits[t].name);
    }
    return error_input(error, "there is no cartridge type '%s': there are %s", name, names);
}

/* ---- banks ---- */

static void show_bank(CartridgeState *state, int bank)
{
    for (int w = 0; w < CARTRIDGE_WINDOWS; w++)
        state->slice[w] = (uint16_t)(CARTRIDGE_WINDOWS * bank + w);
}

/* 2 KB of the image in the lower or the upper two windows. */
static void show_half(CartridgeState *state, int window, int half)
{
    state->slice[window] = (uint16_t)(2 * half);
    state->slice[window + 1] = (uint16_t)(2 * half + 1);
}

static void touch_e0(CartridgeState *state, uint16_t low)
{
    if (low >= 0xfe0 && low <= 0xff7)
        state->slice[(low - 0xfe0) >> 3] = low & 7;
}

static void touch_e7(CartridgeState *state, uint16_t low)
{
    if (low >= 0xfe0 && low <= 0xfe7) {
        state->ram_below = low == 0xfe7;
        if (!state->ram_below)
            show_half(state, 0, low - 0xfe0);
    } else if (low >= 0xfe8 && low <= 0xfeb) {
        state->ram_slice = (uint8_t)(low - 0xfe8);
    }
}

static void touch(const CartridgePort *port, uint16_t address)
{
    const CartridgeTraits *type = &traits[port->cartridge->type];
    const uint16_t low = address & LOW_BITS;
    if (type->first_hotspot != 0 && low >= type->first_hotspot &&
        low < type->first_hotspot + type->banks)
        show_bank(port->state, low - type->first_hotspot);
    else if (port->cartridge->type == CARTRIDGE_E0)
        touch_e0(port->state, low);
    else if (port->cartridge->type == CARTRIDGE_E7)
        touch_e7(port->state, low);
    else if (port->cartridge->type == CARTRIDGE_FE)
        show_bank(port->state, address & 0x2000 ? 0 : 1);
}

/* ---- RAM ---- */

/* The byte of RAM that is written (or read) at an address; NULL: none is. */
static uint8_t *ram_of_e7(const CartridgePort *port, uint16_t low, bool write)
{
    const CartridgeState *state = port->state;
    if (low < 0x800 && state->ram_below && (low < 0x400) == write)
        return port->ram + KB + (low & 0x3ff);
    if (low >= 0x800 && low < 0xa00 && (low < 0x900) == write)
        return port->ram + 256 * state->ram_slice + (low & 0xff);
    return NULL;
}

static uint8_t *ram_at(const CartridgePort *port, uint16_t low, bool write)
{
    const CartridgeTraits *type = &traits[port->cartridge->type];
    if (port->cartridge->type == CARTRIDGE_E7)
        return ram_of_e7(port, low, write);
    const int offset = low - (write ? type->ram_write : type->ram_read);
    return offset >= 0 && offset < type->ram_bytes ? port->ram + offset : NULL;
}

/* ---- the console's way in ---- */

void cartridge_power_on(const CartridgePort *port)
{
    *port->state = (CartridgeState){0};
    dpc_power_on(&port->state->dpc);
}

void cartridge_reset(const CartridgePort *port, Mt19937 *noise)
{
    const Cartridge *cartridge = port->cartridge;
    CartridgeState *state = port->state;
    for (size_t i = 0; i < cartridge->ram_bytes; i++)
        port->ram[i] = (uint8_t)mt19937_draw(noise);
    state->ram_below = false;
    state->ram_slice = 0;
    dpc_reset(&state->dpc);
    show_bank(state, cartridge->first_bank);
    const int halves = (int)(cartridge->size_bytes / (2 * KB));
    switch (cartridge->type) {
    case CARTRIDGE_E0:
        for (int w = 0; w < CARTRIDGE_WINDOWS; w++)
            state->slice[w] = (uint16_t)(4 + w);
        break;
    case CARTRIDGE_2K: show_half(state, 2, 0); break;
    case CARTRIDGE_CV:
    case CARTRIDGE_E7:
    case CARTRIDGE_3F:
        show_half(state, 0, 0);
        show_half(state, 2, halves - 1);
        break;
    default: break;
    }
}

void cartridge_begin_frame(CartridgeState *state, int32_t cycles_gone)
{
    state->dpc.music_cycle -= cycles_gone;
}

void cartridge_windows(const CartridgePort *port, const uint8_t *window[CARTRIDGE_WINDOWS])
{
    for (int w = 0; w < CARTRIDGE_WINDOWS; w++)
        window[w] = port->cartridge->bytes + port->state->slice[w] * CARTRIDGE_WINDOW_BYTES;
}

static bool is_dpc_register(const Cartridge *cartridge, uint16_t low)
{
    return cartridge->type == CARTRIDGE_DPC && low < 0x80;
}

uint8_t cartridge_read(const CartridgePort *port, uint16_t address, int32_t cycle)
{
    const Cartridge *cartridge = port->cartridge;
    const uint16_t low = address & LOW_BITS;
    touch(port, address);
    if (cartridge->type == CARTRIDGE_DPC) {
        dpc_clock(&port->state->dpc);
        if (low < 0x40)
            return dpc_read(&port->state->dpc, cartridge->bytes + 8 * KB, low, cycle);
    }
    const uint8_t *ram = ram_at(port, low, false);
    if (ram != NULL)
        return *ram;
    return cartridge->bytes[port->state->slice[low >> 10] * CARTRIDGE_WINDOW_BYTES + (low & 0x3ff)];
}

void cartridge_write(const CartridgePort *port, uint16_t address, uint8_t value)
{
    const uint16_t low = address & LOW_BITS;
    if (port->cartridge->type != CARTRIDGE_F4SC) /* ALE: only reads switch these banks */
        touch(port, address);
    if (port->cartridge->type == CARTRIDGE_DPC)
        dpc_clock(&port->state->dpc);
    uint8_t *ram = ram_at(port, low, true);
    if (ram != NULL)
        *ram = value;
    else if (is_dpc_register(port->cartridge, low) && low >= 0x40)
        dpc_write(&port->state->dpc, low, value);
}

bool cartridge_listens(const Cartridge *cartridge)
{
    return cartridge->type == CARTRIDGE_3F || cartridge->type == CARTRIDGE_UA;
}

bool cartridge_overhear(const CartridgePort *port, uint16_t address, bool write, uint8_t value)
{
    if (port->cartridge->type == CARTRIDGE_3F && write && (address & 0x1fff) <= 0x3f) {
        show_half(port->state, 0, value % (int)(port->cartridge->size_bytes / (2 * KB)));
        return true;
    }
    if (port->cartridge->type == CARTRIDGE_UA && (address & 0x1fff) == 0x220)
        show_bank(port->state, 0);
    else if (port->cartridge->type == CARTRIDGE_UA && (address & 0x1fff) == 0x240)
        show_bank(port->state, 1);
    else
        return false;
    return true;
}
