/*
 * cli: what all tools share in front of their users: options, exit statuses,
 * the clock, the streams. It ends the program, as only cmd/, what works for
 * cmd/ alone (checker, inserter, ...) and arena.c do beside it. Options and
 * their targets are the tools' globals.
 */
#ifndef CLI_H
#define CLI_H

#include "dns/dns.h"
#include "mail/message.h"
#include "mail/result.h"

enum cli_kind {
	CLI_END,
	CLI_FLAG,   /* bool *: set to true */
	CLI_STRING, /* const char **: the last one counts */
	CLI_LIST,   /* struct cli_list *: each one is added */
	CLI_NUMBER, /* uint64_t *: 1 to INT32_MAX */
	CLI_COUNT,  /* uint64_t *: 0 to INT32_MAX */
};

struct cli_list {
	const char **items;
	size_t nitems;
};

struct cli_option {
	const char *name; /* long, without "--" */
	char letter;      /* or 0 */
	enum cli_kind kind;
	void *target;
	const char *arg; /* what the argument is called in --help, or NULL */
	const char *help;
};

/* Options under one heading of --help; an array ends with a NULL title. */
struct cli_section {
	const char *title;
	const struct cli_option *option; /* ends with CLI_END */
};

/*
 * Begins a run: the program's name, streams 0 to 2 open, no SIGPIPE, an arena
 * that lives as long as the program.
 */
struct arena *cli_begin(const char *path);

/*
 * Reads the options of the sections, and --help, --version, --defer and
 * --exit-map; a usage error ends the program (64). Returns the operands, a
 * list that ends with NULL, in the arena. synopsis: what --help shows after
 * the program's name.
 */
const char **cli_parse(int argc, char **argv, const char *synopsis,
    const struct cli_section *sections, struct arena *a);

/* The two halves of cli_parse(), for who knows in between, by the options, that
 * stdin is not read (cli_drains_stdin): cli_read() sets the options, also if
 * there are usage errors; cli_settle() ends the program for these, --help and
 * --version. */
const char **cli_read(int argc, char **argv, const char *synopsis,
    const struct cli_section *sections, struct arena *a);
void cli_settle(void);

/* Ends the program with EX_USAGE. */
_Noreturn void
cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends it so, with the rule for its words, if the rule is broken. */
void cli_require(bool good, const char *rule);

/* Whether stdin is read to its end before the program ends early, which is so
 * from cli_begin() on: a caller that writes a message may not survive a
 * closed pipe (terminals and files are left alone). */
void cli_drains_stdin(bool drains);

/* Reads stdin to its end now, if it is a pipe or a socket. */
void cli_drain_stdin(void);

/* --defer: is this verdict to be 75 with nothing written? */
bool cli_is_deferred(enum result_code verdict);

/* The exit status of a verdict (own: instead of result_status(), or 0), or of a
 * status of sysexits, after --defer and --exit-map. */
int cli_verdict_status(enum result_code verdict, int own);
int cli_status(int status);

/* Flushes and closes stdout: a write error ends the program (74). */
void cli_close_stdout(void);

/* The domain name of an option in normal form; absent if text is NULL; a usage
 * error if it is none. */
struct span cli_domain(const char *option, const char *text, struct arena *a);

/* --now: seconds since 1970; the clock if text is NULL; a usage error if it is
 * none. */
int64_t cli_time(const char *text);

/* SECONDS, or with a unit s, m, h, d, w ("2d"); a usage error if it is none. */
int64_t cli_duration(const char *option, const char *text);

/* A file's text, whole; cannot be read: ends the program (66, of stdin 74). */
struct span cli_file(const char *path, struct arena *a);

/* The same; "-" is stdin. */
struct span cli_file_or_stdin(const char *path, struct arena *a);

/* The options of all tools that ask the DNS. */
extern const struct cli_option cli_dns_options[];

/* Has any of them been given? */
bool cli_dns_given(void);

/* The resolver that they describe; what is wrong with them ends the program.
 * cli_dns_close() ends it and finishes --dns-log. */
struct dns *cli_dns_open(struct arena *a);
void cli_dns_close(struct dns *d);

/*
 * The message on stdin for a filter: its header is read. Not a message, or one
 * whose header is too large unless that is allowed (MESSAGE_TOO_LARGE): ends
 * the program (65, 74). A terminal: usage error.
 */
void cli_read_message(struct message *m, struct source *source,
    bool allow_large, struct arena *a);

/* message_body() and message_write() for the message on stdin: what fails ends
 * the program (74). */
void cli_read_body(
    struct message *m, struct sink *const *sinks, size_t n, bool keep);
void cli_put_message(
    struct message *m, struct span added, struct sink *out, struct sink *strip);

#endif
