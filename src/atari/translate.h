/*
 * translate.h - the cartridge's program as instructions of the host's own processor.
 *
 * An interpreter (cpu_core_private.h) spends most of its time on the way from one instruction to
 * the next. Here what follows an instruction is written behind it: where the program comes to a
 * place for the first time, all that can be reached from there by branches and jumps is translated,
 * once, and from then on the host runs that. The 6507's registers lie in the host's, the cycles of
 * instructions in a row are added up beforehand, a write to the TIA that may wait is put into the
 * queue on the spot; other accesses to chips are calls of the console's.
 *
 * What is rare is not translated: there a translation ends, and the console has the interpreter do
 * that one instruction. So nothing is ever done in two ways that could differ, but what is plain.
 *
 * A translation belongs to the cartridge; any number of consoles may run it, from any number of
 * threads, and one of them adds to it at a time. It is no part of the machine's state.
 *
 * Where the host is no x86-64, or lends no memory that may be run, there is none.
 */
#ifndef DEEPQ_ATARI_TRANSLATE_H
#define DEEPQ_ATARI_TRANSLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Translation Translation;

/* Of `count` bytes, which outlive it. NULL: there is none here. */
Translation *translation_create(const uint8_t *bytes, size_t count);
void translation_destroy(Translation *translation); /* NULL is fine */

/* Of the host's instructions, so far. */
size_t translation_bytes(const Translation *translation);

/* Let it have no more than so many; at first it may have 128 for each byte of the cartridge. What
 * has no translation when they are used up, but for 4 KB or so, is left to the interpreter. To be
 * called before anything runs. */
void translation_limit(Translation *translation, size_t bytes);

#endif
