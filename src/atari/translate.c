/*
 * translate.c - what is translated, where it lies, and how it is run.
 *
 * From an instruction on all that branches and jumps lead to is looked at first (survey_from), so
 * that places which several ways lead to are known: there a run of instructions begins, and no
 * cycles are pending. Then runs are written one after the other, each with its detours behind it.
 *
 * The translations of all stretches lie one after the other in one piece of memory, after the two
 * pieces of code that enter and leave them. entry[i] is where the one of the instruction at byte i
 * of the cartridge begins, counted from the memory's beginning.
 */
#if defined(__x86_64__) && defined(__linux__)
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif

#include "atari/translate_private.h"

#if defined(__x86_64__) && defined(__linux__)

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "atari/cpu_cycles_private.h"

enum {
    HOST_BYTES_PER_BYTE = 128, /* of the cartridge; two or three are an instruction */
    HOST_BYTES_MAX = 16 << 20,
};

struct Translation {
    const uint8_t *bytes;
    size_t count;
    pthread_mutex_t lock; /* whoever adds to it has it */
    uint8_t *memory;
    size_t memory_bytes;
    uint8_t *enter, *exit;
    X86Code rest;              /* of the memory */
    _Atomic uint32_t *stretch; /* of each piece: the one that it has been translated in, 0: none */
    _Atomic uint32_t entry[];
};

/* ---- in and out ---- */

static const X86Register saved[] = {RBX, RBP, R12, R13, R14, R15};
enum { SAVED = sizeof saved / sizeof saved[0] };

#define OF_CPU(member) x86_at(CONSOLE, (int32_t)offsetof(Console, cpu.member))

static const struct {
    X86Register reg;
    int32_t offset;
} kept[] = {
    {REG_A, offsetof(Console, cpu.a)},    {REG_X, offsetof(Console, cpu.x)},
    {REG_Y, offsetof(Console, cpu.y)},    {REG_N, offsetof(Console, cpu.negative)},
    {REG_Z, offsetof(Console, cpu.zero)}, {REG_C, offsetof(Console, cpu.carry)},
};
enum { KEPT = sizeof kept / sizeof kept[0] };

/* A function of the bus, in rdi, and of where to go, in rsi. */
static void write_enter(X86Code *out)
{
    for (int i = 0; i < SAVED; i++)
        x86_push(out, saved[i]);
    x86_push(out, RAX); /* calls want the stack at a multiple of 16 */
    x86_move_wide(out, RBP, RDI);
    x86_move_wide(out, R11, RSI);
    x86_load_address(out, CONSOLE, x86_at(BUS, offsetof(CpuBus, console)));
    for (int i = 0; i < KEPT; i++)
        x86_load_byte(out, kept[i].reg, x86_at(CONSOLE, kept[i].offset));
    x86_load(out, CYCLE, OF_CPU(cycle));
    x86_jump_to(out, R11);
}

/* Its end: the pc is in eax, what it returns in ecx. */
static void write_exit(X86Code *out)
{
    x86_store_two(out, OF_CPU(pc), RAX);
    for (int i = 0; i < KEPT; i++)
        x86_store_byte(out, x86_at(CONSOLE, kept[i].offset), kept[i].reg);
    x86_store(out, OF_CPU(cycle), CYCLE);
    x86_move(out, RAX, RCX);
    x86_pop(out, RCX);
    for (int i = SAVED - 1; i >= 0; i--)
        x86_pop(out, saved[i]);
    x86_return(out);
}

static void leave(Translator *t, uint16_t pc, TranslationEnd end)
{
    flush_cycles(t);
    x86_move_number(&t->out, RAX, pc);
    x86_move_number(&t->out, RCX, (int32_t)end);
    x86_aim(&t->out, x86_jump(&t->out), t->exit);
}

/* ---- runs ---- */

/* What is new of a stretch while it is translated. */
typedef struct {
    Translator *t;
    uint8_t *memory;
    _Atomic uint32_t *known; /* entries of before */
    uint32_t entry[STRETCH_MAX];
    bool marked[STRETCH_MAX];
    uint16_t mark[STRETCH_MAX]; /* those, in the order in which they were found */
    int marks;
} Survey;

static void mark(Survey *survey, size_t at)
{
    if (at >= survey->t->bytes || survey->marked[at] || survey->known[at] != 0)
        return;
    survey->marked[at] = true;
    survey->entry[at] = 0;
    survey->mark[survey->marks++] = (uint16_t)at;
}

static uint32_t entry_of(const Survey *survey, size_t at)
{
    return survey->marked[at] ? survey->entry[at] : survey->known[at];
}

/* The run that begins there. */
static void survey_run(Survey *survey, size_t at)
{
    const Translator *t = survey->t;
    while (at < t->bytes && survey->known[at] == 0) {
        const uint8_t *code = t->code + at;
        uint16_t target;
        if (opcode_target(code, (uint16_t)(t->begin + at), &target))
            mark(survey, (uint16_t)(target - t->begin));
        at += (size_t)opcode_bytes(code[0]);
        if (opcode_ends_run(code[0])) {
            if (opcode_comes_back(code[0]))
                mark(survey, at);
            return;
        }
    }
}

static void survey_from(Survey *survey, size_t at)
{
    mark(survey, at);
    for (int i = 0; i < survey->marks; i++)
        survey_run(survey, survey->mark[i]);
}

void go_to(Translator *t, uint16_t address)
{
    const uint16_t target = (uint16_t)(address - t->begin);
    if (target >= t->bytes || t->jumps == JUMPS_MAX) {
        /* where a chip is asked for an instruction, it shows what was on the bus */
        x86_store_number(&t->out, OF_CPU(bus), t->code[t->next - 1]);
        leave(t, address, TRANSLATION_LEFT);
        return;
    }
    t->jump[t->jumps++] = (TranslatedJump){x86_jump(&t->out), target};
}

/* What a call does not leave alone. */
static void keep_flags(X86Code *out)
{
    x86_store_byte(out, OF_CPU(negative), REG_N);
    x86_store_byte(out, OF_CPU(zero), REG_Z);
    x86_store_byte(out, OF_CPU(carry), REG_C);
}

static void take_flags(X86Code *out)
{
    x86_load_byte(out, REG_N, OF_CPU(negative));
    x86_load_byte(out, REG_Z, OF_CPU(zero));
    x86_load_byte(out, REG_C, OF_CPU(carry));
}

/* A function of the bus and the address. */
static void prepare_call(X86Code *out, uint16_t address)
{
    keep_flags(out);
    if (address == IN_ECX)
        x86_move(out, RSI, RCX);
    else
        x86_move_number(out, RSI, address);
    x86_move_wide(out, RDI, BUS);
}

static void call_console(X86Code *out, uintptr_t function)
{
    x86_move_address(out, RAX, (const void *)function);
    x86_call(out, RAX);
    take_flags(out);
}

/* The cycle may be a later one afterwards: programs wait for the timer. */
static void read_chip(Translator *t, const TranslatedDetour *detour)
{
    X86Code *out = &t->out;
    prepare_call(out, detour->address);
    x86_sum(out, RDX, x86_at(CYCLE, detour->pending));
    x86_move_number(out, RCX, detour->next);
    x86_move_number(out, R8, t->code[detour->next - 1]); /* the last byte on the bus */
    call_console(out, (uintptr_t)console_read_chip);
    x86_sum(out, CYCLE, x86_at(RAX, -detour->pending));
    x86_shift_eight(out, X86_SHR, RAX, 32);
    x86_widen(out, RAX, RAX);
    x86_aim(out, x86_jump(out), detour->back);
}

static void write_chip(Translator *t, const TranslatedDetour *detour)
{
    X86Code *out = &t->out;
    x86_store_byte(out, OF_CPU(bus), detour->value);
    x86_move(out, RDX, detour->value);
    prepare_call(out, detour->address);
    x86_sum(out, RCX, x86_at(CYCLE, detour->pending));
    x86_move_number(out, R8, false);
    call_console(out, (uintptr_t)console_write_chip);
    x86_sum(out, CYCLE, x86_at(RAX, -detour->pending));
    x86_compare_eight(out, x86_at(BUS, offsetof(CpuBus, stretch.bytes)), 0);
    x86_aim(out, x86_jump_if(out, X86_NOT_ZERO), detour->back);
}

static void write_detours(Translator *t)
{
    for (int i = 0; i < t->detours; i++) {
        const TranslatedDetour *detour = &t->detour[i];
        x86_aim(&t->out, detour->from, t->out.at);
        if (detour->kind == READ_CHIP) {
            read_chip(t, detour);
            continue;
        }
        if (detour->kind == WRITE_CHIP)
            write_chip(t, detour);
        t->pending = detour->pending;
        leave(t, detour->pc, detour->kind == LEAVE_BEFORE ? TRANSLATION_STEP : TRANSLATION_LEFT);
    }
    t->detours = 0;
}

/* What has been stopped while it read stops here. */
static void leave_if_stopped(Translator *t)
{
    x86_compare_eight(&t->out, x86_at(BUS, offsetof(CpuBus, stretch.bytes)), 0);
    t->detour[t->detours++] = (TranslatedDetour){.kind = LEAVE_AFTER,
                                                 .from = x86_jump_if(&t->out, X86_ZERO),
                                                 .pc = (uint16_t)(t->begin + t->next),
                                                 .pending = t->pending};
}

/* One instruction. False: the run ends with it. */
static bool write_instruction(Translator *t)
{
    const uint8_t opcode = t->code[t->at];
    uint8_t *const begin = t->out.at;
    const int detours = t->detours;
    t->next = (uint16_t)(t->at + opcode_bytes(opcode));
    t->pending_before = t->pending;
    t->pending += cpu_base_cycles[opcode];
    t->read_chip = false;
    if (!opcode_translate(t)) {
        t->out.at = begin;
        t->detours = detours;
        t->pending = t->pending_before;
        leave(t, (uint16_t)(t->begin + t->at), TRANSLATION_STEP);
        return false;
    }
    if (t->read_chip)
        leave_if_stopped(t);
    return !opcode_ends_run(opcode);
}

static bool is_room(const Translator *t)
{
    enum { ROOM_BYTES = 4096, DETOURS = 8 };
    return !t->out.full && t->out.end - t->out.at > ROOM_BYTES &&
           t->detours + DETOURS < DETOURS_MAX;
}

/* Until it ends, or meets one that is there already. */
static void write_run(Survey *survey, size_t at)
{
    Translator *t = survey->t;
    t->pending = 0;
    for (bool goes_on = true; goes_on; at = t->next) {
        if (at >= t->bytes) {
            leave(t, (uint16_t)(t->begin + at), TRANSLATION_LEFT);
            break;
        }
        if (!is_room(t)) {
            t->out.full = true;
            return;
        }
        if (survey->marked[at] || survey->known[at] != 0)
            flush_cycles(t);
        if (entry_of(survey, at) != 0) {
            x86_aim(&t->out, x86_jump(&t->out), survey->memory + entry_of(survey, at));
            break;
        }
        survey->entry[at] = (uint32_t)(t->out.at - survey->memory);
        t->at = (uint16_t)at;
        goes_on = write_instruction(t);
    }
    write_detours(t);
}

static void write_runs(Survey *survey)
{
    Translator *t = survey->t;
    for (int i = 0; i < survey->marks; i++)
        if (survey->entry[survey->mark[i]] == 0)
            write_run(survey, survey->mark[i]);
    for (int i = 0; i < t->jumps; i++)
        x86_aim(&t->out, t->jump[i].distance, survey->memory + entry_of(survey, t->jump[i].target));
}

/* ---- a translation ---- */

/* What makes one stretch another: where the processor sees it, and how much there is. */
static uint32_t name_of(const CpuStretch *stretch)
{
    return (uint32_t)stretch->begin << 16 | (uint32_t)stretch->bytes;
}

/* Can this stretch be translated? All its pieces, or none, belong to it. */
static bool claim(Translation *translation, size_t first, const CpuStretch *stretch)
{
    const size_t piece = first / PIECE_BYTES, end = piece + stretch->bytes / PIECE_BYTES + 1;
    const uint32_t name = name_of(stretch);
    for (size_t i = piece; i < end; i++)
        if (translation->stretch[i] != 0 && translation->stretch[i] != name)
            return false;
    for (size_t i = piece; i < end; i++)
        translation->stretch[i] = name;
    return true;
}

static void translate_from(Translation *translation, size_t first, const CpuStretch *stretch,
                           size_t at, Translator *t)
{
    Survey survey;
    survey.t = t;
    survey.memory = translation->memory;
    survey.known = translation->entry + first;
    survey.marks = 0;
    memset(survey.marked, 0, sizeof survey.marked);
    t->out = translation->rest;
    t->exit = translation->exit;
    t->code = stretch->code;
    t->bytes = stretch->bytes;
    t->begin = stretch->begin;
    t->jumps = t->detours = 0;
    survey_from(&survey, at);
    write_runs(&survey);
    if (t->out.full) { /* and so not all that is jumped to is there */
        translation->rest.full = true;
        return;
    }
    translation->rest = t->out;
    for (int i = 0; i < survey.marks; i++)
        survey.known[survey.mark[i]] = survey.entry[survey.mark[i]];
}

/* The stretch lies at `first` in the cartridge; returns the entry of its byte `at`, or 0. */
static __attribute__((noinline)) uint32_t translate(Translation *translation, size_t first,
                                                    const CpuStretch *stretch, size_t at)
{
    pthread_mutex_lock(&translation->lock);
    if (translation->entry[first + at] == 0 && !translation->rest.full &&
        claim(translation, first, stretch)) {
        Translator *t = malloc(sizeof *t);
        if (t != NULL)
            translate_from(translation, first, stretch, at, t);
        free(t);
    }
    pthread_mutex_unlock(&translation->lock);
    return translation->entry[first + at];
}

TranslationEnd translation_run(Translation *translation, CpuBus *bus)
{
    typedef int Enter(CpuBus * bus, const uint8_t *to);
    const CpuStretch *stretch = &bus->stretch;
    const size_t first = (size_t)((uintptr_t)stretch->code - (uintptr_t)translation->bytes);
    const size_t at = (size_t)(bus->console->cpu.pc - stretch->begin);
    if (first >= translation->count || stretch->bytes > translation->count - first)
        return TRANSLATION_NONE; /* it is RAM */
    const uint32_t known = translation->stretch[first / PIECE_BYTES];
    uint32_t entry = translation->entry[first + at];
    if (entry == 0 || known != name_of(stretch))
        entry = known == 0 || known == name_of(stretch) ? translate(translation, first, stretch, at)
                                                        : 0;
    if (entry == 0)
        return TRANSLATION_NONE;
    bus->entry = (const uint32_t *)&translation->entry[first];
    bus->entry_base = translation->memory;
    Enter *enter;
    memcpy(&enter, &translation->enter, sizeof enter);
    return (TranslationEnd)enter(bus, translation->memory + entry);
}

static void write_ways(Translation *translation)
{
    X86Code *out = &translation->rest;
    *out = (X86Code){translation->memory, translation->memory + translation->memory_bytes, false};
    translation->enter = out->at;
    write_enter(out);
    translation->exit = out->at;
    write_exit(out);
}

Translation *translation_create(const uint8_t *bytes, size_t count)
{
    const size_t pieces = count / PIECE_BYTES + 1;
    Translation *translation =
        calloc(1, sizeof *translation + (count + pieces) * sizeof translation->entry[0]);
    if (translation == NULL)
        return NULL;
    translation->bytes = bytes;
    translation->count = count;
    translation->stretch = translation->entry + count;
    translation->memory_bytes = count * HOST_BYTES_PER_BYTE;
    if (translation->memory_bytes > HOST_BYTES_MAX)
        translation->memory_bytes = HOST_BYTES_MAX;
    void *memory = mmap(NULL, translation->memory_bytes, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || pthread_mutex_init(&translation->lock, NULL) != 0) {
        if (memory != MAP_FAILED)
            munmap(memory, translation->memory_bytes);
        free(translation);
        return NULL;
    }
    translation->memory = memory;
    write_ways(translation);
    return translation;
}

void translation_destroy(Translation *translation)
{
    if (translation == NULL)
        return;
    munmap(translation->memory, translation->memory_bytes);
    pthread_mutex_destroy(&translation->lock);
    free(translation);
}

size_t translation_bytes(const Translation *translation)
{
    return (size_t)(translation->rest.at - translation->memory);
}

void translation_limit(Translation *translation, size_t bytes)
{
    if (bytes < translation->memory_bytes)
        translation->rest.end = translation->memory + bytes;
}

#else

Translation *translation_create(const uint8_t *bytes, size_t count)
{
    (void)bytes, (void)count;
    return NULL;
}

void translation_destroy(Translation *translation)
{
    (void)translation;
}

size_t translation_bytes(const Translation *translation)
{
    (void)translation;
    return 0;
}

void translation_limit(Translation *translation, size_t bytes)
{
    (void)translation, (void)bytes;
}

TranslationEnd translation_run(Translation *translation, CpuBus *bus)
{
    (void)translation, (void)bus;
    return TRANSLATION_NONE;
}

#endif
