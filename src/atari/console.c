/*
 * console.c - the bus between the chips, frames, and power-on.
 */
#include "atari/console.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "atari/console_private.h"

/* ---- the bus ---- */

static inline bool is_hot(const CpuBus *bus, uint16_t address)
{
    return bus->hot >> (address >> 6 & 63) & 1;
}

static inline bool is_in_stretch(const CpuBus *bus, uint16_t pc)
{
    return (uint16_t)(pc - bus->stretch.begin) < bus->stretch.bytes;
}

/* Where the processor may take instructions from without asking the bus: the cartridge around `pc`,
 * as far as nothing is hot and all lies side by side, but for the last two bytes, from which an
 * instruction might reach beyond. False: nowhere. */
static __attribute__((noinline)) bool find_code(CpuBus *bus, uint16_t pc)
{
    enum { OF_WINDOW = PIECES / CARTRIDGE_WINDOWS };
    const int piece = pc / PIECE_BYTES % PIECES;
    CpuStretch *stretch = &bus->stretch;
    stretch->bytes = 0;
    if (!is_cartridge(pc) || is_hot(bus, pc))
        return false;
    int first = piece, end = piece + 1;
    while (first > 0 && !(bus->hot >> (first - 1) & 1) &&
           (first % OF_WINDOW != 0 || bus->window[first / OF_WINDOW - 1] + CARTRIDGE_WINDOW_BYTES ==
                                          bus->window[first / OF_WINDOW]))
        first--;
    while (end < PIECES && !(bus->hot >> end & 1) &&
           (end % OF_WINDOW != 0 || bus->window[end / OF_WINDOW - 1] + CARTRIDGE_WINDOW_BYTES ==
                                        bus->window[end / OF_WINDOW]))
        end++;
    stretch->code = bus->window[first / OF_WINDOW] + first % OF_WINDOW * PIECE_BYTES;
    stretch->begin = (uint16_t)((pc & 0xf000) + first * PIECE_BYTES);
    stretch->bytes = (size_t)((end - first) * PIECE_BYTES - 2);
    return is_in_stretch(bus, pc);
}

/* cpu_run stops before the next instruction. */
static inline void interrupt(CpuBus *bus)
{
    bus->stretch.bytes = 0;
}

static void stop(CpuBus *bus)
{
    bus->stop = true;
    interrupt(bus);
}

/* An access to a chip after the stretch's last cycle may be one too many: the update may have run
 * out of instructions before. So it is not done, and nothing drawn. */
static bool is_too_late(CpuBus *bus, int32_t cycle)
{
    if (cycle < bus->stretch.last_cycle)
        return false;
    stop(bus);
    return true;
}

/* After an access that may have switched banks. */
static void note_banks(CpuBus *bus)
{
    cartridge_windows(&bus->port, bus->window);
    interrupt(bus);
}

static uint8_t read_hot(CpuBus *bus, uint16_t address, int32_t cycle)
{
    const uint8_t value = cartridge_read(&bus->port, address, cycle);
    note_banks(bus);
    return value;
}

static __attribute__((noinline)) uint8_t read_far(CpuBus *bus, uint16_t address, int32_t cycle)
{
    return is_hot(bus, address) ? read_hot(bus, address, cycle)
                                : bus->window[address >> 10 & 3][address & 0x3ff];
}

static __attribute__((noinline)) void write_hot(CpuBus *bus, uint16_t address, uint8_t value)
{
    cartridge_write(&bus->port, address, value);
    note_banks(bus);
}

/* Two types of cartridge listen to what passes between the processor and the chips. */
static inline void overhear(CpuBus *bus, uint16_t address, bool write, uint8_t value)
{
    if (bus->listens && cartridge_overhear(&bus->port, address, write, value))
        note_banks(bus);
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

static uint8_t read_tia(CpuBus *bus, uint16_t address, int32_t cycle, uint8_t noise)
{
    const Console *console = bus->console;
    const int reg = address & 15;
    uint8_t driven = 0; /* bits 7 and 6; the others show what was on the bus */
    if (reg < 8)
        driven = tia_lines_read_collisions(&bus->lines, address, cycle);
    else
        tia_lines_touch(&bus->lines, cycle);
    if (reg >= 8 && reg < 12)
        driven = read_paddle(console, reg - 8, cycle);
    else if (reg == 12 || reg == 13)
        driven = console->input.fire[reg - 12] ? 0 : 0x80;
    return driven | (noise & 0x3f);
}

/* Programs wait for the timer in a loop of two instructions: LDA INTIM, BNE (or BPL) back to it.
 * While the timer has more than 1 left nothing comes of a round but later: so that many rounds are
 * skipped. `next` is where in the stretch the branch lies. Returns the cycle of the last read.
 * Where instructions are counted none is skipped. */
static int32_t skip_rounds(CpuBus *bus, uint16_t address, size_t next, int32_t cycle)
{
    enum { LDY = 0xac, LDA, LDX, BIT = 0x2c, BNE = 0xd0, BPL = 0x10, BACK = 0xfb, READ_BYTES = 3 };
    const size_t at = next - READ_BYTES; /* huge where there is no such place */
    if (at >= bus->stretch.bytes || next >= bus->stretch.bytes || bus->listens)
        return cycle;
    const uint8_t *code = bus->stretch.code + at;
    const bool reads = (code[0] >= LDY && code[0] <= LDX) || code[0] == BIT;
    if (!reads || (code[1] | code[2] << 8) != address || code[4] != BACK)
        return cycle;
    const int32_t left = riot_timer_left(&bus->console->riot, cycle);
    if (!(code[3] == BNE && code[0] != BIT) && !(code[3] == BPL && left < 0x80))
        return cycle;
    const int begin = bus->stretch.begin + (int)at;
    const int32_t round = 4 + 3 + ((begin ^ (begin + READ_BYTES + 2)) >> 8 != 0);
    const int32_t rounds = riot_cycles_above_one(&bus->console->riot, cycle) / round;
    return rounds <= 0 ? cycle : cycle + rounds * round;
}

/* The rarer half of the bus, out of the processor's way. `noise` is what was on the bus before. */
ChipRead console_read_chip(CpuBus *bus, uint16_t address, int32_t cycle, size_t next, uint8_t noise)
{
    Console *console = bus->console;
    if (is_too_late(bus, cycle))
        return (ChipRead){cycle, 0};
    overhear(bus, address, false, 0);
    if (!is_riot(address))
        return (ChipRead){cycle, read_tia(bus, address, cycle, noise)};
    if (riot_is_timer(address))
        cycle = skip_rounds(bus, address, next, cycle);
    return (ChipRead){cycle, riot_read(console, address, cycle)};
}

/* Most programs read their tables from where they run. */
static inline __attribute__((always_inline)) uint8_t read_cartridge(CpuBus *bus, uint16_t address,
                                                                    int32_t cycle)
{
    const uint16_t at = (uint16_t)(address - bus->stretch.begin);
    return at < bus->stretch.bytes ? bus->stretch.code[at] : read_far(bus, address, cycle);
}

static inline __attribute__((always_inline)) uint8_t bus_read(CpuBus *bus, Cpu *cpu,
                                                              uint16_t address,
                                                              const CpuPlace *place)
{
    uint8_t value;
    if (is_cartridge(address))
        value = read_cartridge(bus, address, cpu->cycle);
    else if (is_ram(address))
        value = bus->console->riot.ram[address & 0x7f];
    else {
        const size_t next = place != NULL ? place->at : 0;
        const ChipRead read = console_read_chip(bus, address, cpu->cycle, next, cpu->bus);
        cpu->cycle = read.cycle;
        value = read.value;
    }
    cpu->bus = value;
    return value;
}

/* WSYNC halts the processor until the next line begins, at its next read; a write that follows a
 * write gets by. The queue's line is that of the write. */
static int32_t wait_for_line(const TiaQueue *queue, int32_t cycle)
{
    return cycle == queue->line_cycle ? cycle : queue->line_cycle + TIA_LINE_CYCLES;
}

int32_t console_write_chip(CpuBus *bus, uint16_t address, uint8_t value, int32_t cycle,
                           bool after_write)
{
    Console *console = bus->console;
    if (is_too_late(bus, cycle))
        return cycle;
    overhear(bus, address, true, value);
    if (is_riot(address)) {
        riot_write(&console->riot, address, value, cycle);
        return cycle;
    }
    if (tia_lines_write(&bus->lines, address, value, cycle)) {
        bus->frame_over = true;
        stop(bus);
    }
    const bool waits = (address & (TIA_REGISTERS - 1)) == WSYNC && !after_write;
    return waits ? wait_for_line(&bus->lines.queue, cycle) : cycle;
}

/* Most writes to the TIA just wait in its queue: a tenth of the time, were each a call. */
static inline __attribute__((always_inline)) bool write_waits(CpuBus *bus, uint16_t address,
                                                              uint8_t value, int32_t cycle)
{
    const int reg = address & (TIA_REGISTERS - 1);
    return !is_riot(address) && bus->queued >> reg & 1 &&
           tia_queue_write(&bus->lines.queue, reg, value, cycle);
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
    else if (!write_waits(bus, address, value, cpu->cycle))
        cpu->cycle = console_write_chip(bus, address, value, cpu->cycle, after_write);
}

static void bus_jam(CpuBus *bus)
{
    stop(bus);
}

#include "atari/cpu_core_private.h"

static CartridgePort port_of(Console *console, const Cartridge *cartridge)
{
    return (CartridgePort){cartridge, &console->cartridge, console->cartridge_ram};
}

/* An instruction whose bytes have to be asked of the bus: near a hot place, or in RAM. */
static __attribute__((noinline)) void step_by_bus(CpuBus *bus, Cpu *cpu)
{
    cpu_step(bus, cpu);
}

static void run_counting(CpuBus *bus, Cpu *cpu)
{
    bus->stretch.last_cycle = INT32_MAX;
    for (int left = CONSOLE_INSTRUCTIONS_PER_UPDATE; left > 0 && !bus->stop; left--)
        step_by_bus(bus, cpu);
}

/* No instruction takes less than two cycles: so long an update cannot run out of instructions, and
 * none need be counted. False: it went on for longer, and should have been counted. */
static bool run_uncounted(CpuBus *bus, Cpu *cpu, Translation *translation)
{
    const int32_t last_cycle = cpu->cycle + 2 * CONSOLE_INSTRUCTIONS_PER_UPDATE;
    bus->stretch.last_cycle = last_cycle;
    while (!bus->stop && cpu->cycle < last_cycle) {
        const bool found = is_in_stretch(bus, cpu->pc) || find_code(bus, cpu->pc);
        const TranslationEnd end =
            found && translation != NULL ? translation_run(translation, bus) : TRANSLATION_NONE;
        if (!found || end == TRANSLATION_STEP)
            step_by_bus(bus, cpu);
        else if (end == TRANSLATION_NONE)
            cpu_run(bus, cpu);
    }
    return cpu->cycle < last_cycle;
}

typedef enum { RAN_OUT, FRAME_OVER, UNCERTAIN } Ending;

/* Counting is slow, and skips nothing. Without it the ending may be uncertain; then the console is
 * of no use any more. */
static Ending run_processor(Console *console, const Cartridge *cartridge, TiaMemory *memory,
                            uint8_t *pixels, bool counting)
{
    CpuBus bus = {.console = console,
                  .port = port_of(console, cartridge),
                  .hot = cartridge->hot,
                  .stop = console->cpu.jammed,
                  .listens = cartridge_listens(cartridge)};
    bus.queued = bus.listens ? 0 : tia_waiting_registers();
    cartridge_windows(&bus.port, bus.window);
    tia_lines_begin(&bus.lines, &console->tia, console->cpu.cycle, memory, pixels);
    if (counting)
        run_counting(&bus, &console->cpu);
    else if (!run_uncounted(&bus, &console->cpu, bus.listens ? NULL : cartridge->translation))
        return UNCERTAIN;
    tia_lines_end(&bus.lines, bus.frame_over);
    return bus.frame_over ? FRAME_OVER : RAN_OUT;
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
            pixels[i] = (uint8_t)((pixels[i] & 15) >> 1);
    console->greyed = true;
}

/* A picture that an update leaves half drawn shows how its last piece of a line ended, which only
 * drawing at every access tells. */
static bool play_eagerly(Console *console, const Cartridge *cartridge, uint8_t *pixels)
{
    const bool eager = console->tia.eager;
    console->tia.eager = true;
    const Ending ending = run_processor(console, cartridge, NULL, pixels, true);
    console->tia.eager = eager;
    return ending == FRAME_OVER;
}

/* Until the frame is over (true) or the update out of instructions. What goes on with a frame is
 * taken the slow way at once: the program has shown that it takes its time. */
static bool play(Console *console, const Cartridge *cartridge, TiaMemory *memory, uint8_t *pixels)
{
    if (!console->unfinished && !console->tia.plain) {
        Console before;
        memcpy(&before, console, console_bytes(cartridge));
        const Ending ending = run_processor(console, cartridge, memory, pixels, false);
        if (ending == FRAME_OVER || (ending == RAN_OUT && pixels == NULL))
            return ending == FRAME_OVER;
        memcpy(console, &before, console_bytes(cartridge));
    }
    if (pixels != NULL)
        return play_eagerly(console, cartridge, pixels);
    return run_processor(console, cartridge, memory, NULL, true) == FRAME_OVER;
}

void console_update_remembering(Console *console, const Cartridge *cartridge, TiaMemory *memory,
                                Screen *screen)
{
    if (!console->unfinished)
        begin_frame(console);
    uint8_t *pixels = screen == NULL ? NULL : screen->pixels[console->tia.picture];
    console->unfinished = !play(console, cartridge, memory, pixels);
    console->lines = tia_line(&console->tia, 3 * console->cpu.cycle);
    if (!console->unfinished)
        console->tia.lines_before = console->lines;
    else if (!console->greyed)
        grey_rest(console, pixels);
}

void console_update(Console *console, const Cartridge *cartridge, Screen *screen)
{
    console_update_remembering(console, cartridge, NULL, screen);
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
