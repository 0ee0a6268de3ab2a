/*
 * console.c - the bus between the chips, frames, and power-on.
 */
#include "atari/console.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "atari/cartridge_private.h"

/* ---- the bus ---- */

typedef struct {
    Console *console;
    uint8_t *pixels; /* the picture that is being drawn, or NULL */
    CartridgePort port;
    uint64_t hot; /* the cartridge's */
    const uint8_t *window[CARTRIDGE_WINDOWS];
    bool frame_over;
} CpuBus;

/* The 6507 has 13 address lines; the chips decode few of them. */
static inline bool is_cartridge(uint16_t address)
{
    return address & 0x1000;
}

static inline bool is_ram(uint16_t address) /* where is_cartridge has said no */
{
    return (address & 0x0280) == 0x0080;
}

static inline bool is_riot(uint16_t address)
{
    return (address & 0x0280) == 0x0280;
}

static inline bool is_hot(const CpuBus *bus, uint16_t address)
{
    return bus->hot >> (address >> 6 & 63) & 1;
}

static __attribute__((noinline)) uint8_t read_hot(CpuBus *bus, uint16_t address, int32_t cycle)
{
    const uint8_t value = cartridge_read(&bus->port, address, cycle);
    cartridge_windows(&bus->port, bus->window);
    return value;
}

static __attribute__((noinline)) void write_hot(CpuBus *bus, uint16_t address, uint8_t value)
{
    cartridge_write(&bus->port, address, value);
    cartridge_windows(&bus->port, bus->window);
}

/* Two types of cartridge listen to what passes between the processor and the chips. */
static inline void overhear(CpuBus *bus, uint16_t address, bool write, uint8_t value)
{
    if (cartridge_overhear(&bus->port, address, write, value))
        cartridge_windows(&bus->port, bus->window);
}

static uint8_t read_paddle(const Console *console, int paddle, int32_t cycle)
{
    const uint32_t ohms = console->input.paddle[paddle];
    if (ohms == 0)
        return 0x80;
    if (ohms == CONSOLE_PADDLE_NONE || (console->tia.vblank & 0x80))
        return 0;
    const int32_t charging_cycles = (int32_t)(1.6 * ohms * 0.01e-6 * 1.19e6);
    /* ALE: compares without sign, so a capacitor that was full before the frame began reads as
     * empty */
    const uint32_t full_cycle = (uint32_t)(console->tia.dump_end_cycle + charging_cycles);
    return (uint32_t)cycle > full_cycle ? 0x80 : 0;
}

static uint8_t read_tia(Console *console, uint8_t *pixels, uint16_t address, int32_t cycle,
                        uint8_t noise)
{
    const int reg = address & 15;
    tia_touch(&console->tia, 3 * cycle);
    uint8_t driven = 0; /* bits 7 and 6; the others show what was on the bus */
    if (reg < 8)
        driven = tia_read_collisions(&console->tia, address, cycle, pixels);
    if (reg >= 8 && reg < 12)
        driven = read_paddle(console, reg - 8, cycle);
    else if (reg == 12 || reg == 13)
        driven = console->input.fire[reg - 12] ? 0 : 0x80;
    return driven | (noise & 0x3f);
}

/* The rarer half of the bus, out of the processor's way. `noise` is what was on the bus before. */
static __attribute__((noinline)) uint8_t read_chip(CpuBus *bus, uint16_t address, int32_t cycle,
                                                   uint8_t noise)
{
    Console *console = bus->console;
    overhear(bus, address, false, 0);
    return is_riot(address) ? riot_read(console, address, cycle)
                            : read_tia(console, bus->pixels, address, cycle, noise);
}

static inline __attribute__((always_inline)) uint8_t bus_read(CpuBus *bus, Cpu *cpu,
                                                              uint16_t address)
{
    uint8_t value;
    if (is_cartridge(address))
        value = is_hot(bus, address) ? read_hot(bus, address, cpu->cycle)
                                     : bus->window[address >> 10 & 3][address & 0x3ff];
    else if (is_ram(address))
        value = bus->console->riot.ram[address & 0x7f];
    else
        value = read_chip(bus, address, cpu->cycle, cpu->bus);
    cpu->bus = value;
    return value;
}

/* WSYNC halts the processor until the next line begins, at its next read; a write that follows a
 * write gets by. */
static int32_t wait_for_line(const Tia *tia, int32_t cycle)
{
    enum { LINE_CYCLES = 76 };
    const int32_t into_line = (int32_t)((uint32_t)(cycle - tia->frame_begin / 3) % LINE_CYCLES);
    return into_line == 0 ? cycle : cycle + LINE_CYCLES - into_line;
}

/* Returns the cycle at which the processor goes on. */
static __attribute__((noinline)) int32_t write_chip(CpuBus *bus, uint16_t address, uint8_t value,
                                                    int32_t cycle, bool after_write)
{
    Console *console = bus->console;
    overhear(bus, address, true, value);
    if (is_riot(address)) {
        riot_write(&console->riot, address, value, cycle);
        return cycle;
    }
    if (tia_write(&console->tia, address, value, cycle, bus->pixels))
        bus->frame_over = true;
    const bool waits = (address & (TIA_REGISTERS - 1)) == WSYNC && !after_write;
    return waits ? wait_for_line(&console->tia, cycle) : cycle;
}

static inline __attribute__((always_inline)) void bus_write(CpuBus *bus, Cpu *cpu, uint16_t address,
                                                            uint8_t value, bool after_write)
{
    cpu->bus = value;
    if (is_cartridge(address)) {
        if (is_hot(bus, address))
            write_hot(bus, address, value);
    } else if (is_ram(address))
        bus->console->riot.ram[address & 0x7f] = value;
    else
        cpu->cycle = write_chip(bus, address, value, cpu->cycle, after_write);
}

#include "atari/cpu_core_private.h"

static CartridgePort port_of(Console *console, const Cartridge *cartridge)
{
    return (CartridgePort){cartridge, &console->cartridge, console->cartridge_ram};
}

/* The registers are worked on in a copy, which the compiler can keep in the processor's own. */
static bool run_processor(Console *console, const Cartridge *cartridge, uint8_t *pixels)
{
    CpuBus bus = {.console = console,
                  .pixels = pixels,
                  .port = port_of(console, cartridge),
                  .hot = cartridge->hot};
    cartridge_windows(&bus.port, bus.window);
    Cpu cpu = console->cpu;
    for (int i = 0; i < CONSOLE_INSTRUCTIONS_PER_UPDATE && !bus.frame_over && !cpu.jammed; i++)
        cpu_step(&bus, &cpu);
    console->cpu = cpu;
    return bus.frame_over;
}

/* ---- frames ---- */

static void begin_frame(Console *console)
{
    const int32_t cycles_gone = console->cpu.cycle;
    tia_begin_frame(&console->tia, cycles_gone);
    riot_begin_frame(&console->riot, cycles_gone);
    cartridge_begin_frame(&console->cartridge, cycles_gone);
    console->cpu.cycle = 0;
    console->greyed = false;
}

/* ALE: the first partial update of a frame greys what is not yet drawn. */
static void grey_rest(Console *console, uint8_t *pixels)
{
    const Tia *tia = &console->tia;
    const int row = console->lines > tia->first_line ? console->lines - tia->first_line : 0;
    if (pixels != NULL)
        for (int i = row * SCREEN_COLUMNS; i < tia->height * SCREEN_COLUMNS; i++)
            pixels[i] = (pixels[i] & 15) >> 1;
    console->greyed = true;
}

void console_update(Console *console, const Cartridge *cartridge, Screen *screen)
{
    if (!console->unfinished)
        begin_frame(console);
    uint8_t *pixels = screen == NULL ? NULL : screen->pixels[console->tia.picture];
    console->unfinished = !run_processor(console, cartridge, pixels);
    if (console->unfinished)
        tia_settle(&console->tia, pixels);
    console->lines = tia_line(&console->tia, 3 * console->cpu.cycle);
    if (!console->unfinished)
        console->tia.lines_before = console->lines;
    else if (!console->greyed)
        grey_rest(console, pixels);
}

size_t console_bytes(const Cartridge *cartridge)
{
    return offsetof(Console, cartridge_ram) + cartridge->ram_bytes;
}

const uint8_t *console_picture(const Console *console, const Screen *screen)
{
    return screen->pixels[console->tia.picture];
}

/* ---- power-on and reset ---- */

void console_reset(Console *console, const Cartridge *cartridge, Mt19937 *noise)
{
    const ConsoleSetup *setup = &console->setup;
    riot_reset(&console->riot, noise);
    tia_reset(&console->tia, setup->first_line, setup->height, setup->hmove_blanks,
              setup->format == CONSOLE_PAL);
    const CartridgePort port = port_of(console, cartridge);
    cartridge_reset(&port, noise);
    console->cpu = (Cpu){.s = 0xff, .zero = 1};
    const uint8_t low = cartridge_read(&port, 0xfffc, 0);
    console->cpu.pc = (uint16_t)(low | cartridge_read(&port, 0xfffd, 0) << 8);
    console->lines = 0;
}

static ConsoleInput idle_input(const ConsoleSetup *setup)
{
    ConsoleInput input = {.swcha = SWCHA_IDLE, .swchb = SWCHB_IDLE};
    for (int paddle = 0; paddle < 4; paddle++)
        input.paddle[paddle] = setup->paddles[paddle / 2] ? 0 : CONSOLE_PADDLE_NONE;
    return input;
}

/* PAL if half of the second 30 of 60 frames are longer than any NTSC frame. */
static ConsoleFormat detect_format(Console *console, const Cartridge *cartridge, Mt19937 *noise)
{
    enum { FRAMES = 60, FIRST_COUNTED = 30, LONG_FRAME_LINES = 285, LONG_FRAMES = 15 };
    console_reset(console, cartridge, noise);
    int long_frames = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
        console_update(console, cartridge, NULL);
        long_frames += frame >= FIRST_COUNTED && console->lines > LONG_FRAME_LINES;
    }
    return long_frames >= LONG_FRAMES ? CONSOLE_PAL : CONSOLE_NTSC;
}

void console_insert(Console *console, const Cartridge *cartridge, const ConsoleSetup *setup,
                    Mt19937 *noise)
{
    enum { USUAL_HEIGHT = 210, USUAL_PAL_HEIGHT = 250 };
    assert(setup->height > 0 && setup->height <= SCREEN_ROWS_MAX);
    memset(console, 0, sizeof *console);
    console->setup = *setup;
    console->input = idle_input(setup);
    riot_power_on(&console->riot, noise);
    const CartridgePort port = port_of(console, cartridge);
    cartridge_power_on(&port);
    if (setup->format == CONSOLE_DETECT) {
        console->setup.format = CONSOLE_NTSC; /* its rules hold while we look */
        console->setup.format = detect_format(console, cartridge, noise);
        if (console->setup.format == CONSOLE_PAL && setup->height == USUAL_HEIGHT)
            console->setup.height = USUAL_PAL_HEIGHT;
    }
    console_reset(console, cartridge, noise);
}
