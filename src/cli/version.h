/*
 * version.h - which deepq this is.
 */
#ifndef DEEPQ_CLI_VERSION_H
#define DEEPQ_CLI_VERSION_H

/* "deepq 0.1.0 (0123abc)": with the commit it was built from, a '+' behind it where files differed;
 * without where that is not known. */
extern const char version_text[];

#endif
