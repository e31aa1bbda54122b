/*
 * cli: the user interface that all tools share: options, exit statuses, the
 * clock, the streams. Like all of tool/ it may end the program (see die.h).
 * Options and their targets are globals of the tools.
 */
/* SPDX-License-Identifier: ISC */
#ifndef CLI_H
#define CLI_H

#include "base/ip.h"
#include "dns/dns.h"
#include "mail/message.h"
#include "mail/result.h"

enum cli_kind {
	CLI_END,
	CLI_FLAG,   /* bool *: set to true */
	CLI_STRING, /* const char **: the last value given */
	CLI_LIST,   /* struct cli_list *: all values given */
	CLI_NUMBER, /* uint64_t *: 1 to INT32_MAX */
	CLI_COUNT,  /* uint64_t *: 0 to INT32_MAX */
	/* Not an option of this tool, and not in --help: giving it is a usage
	 * error with the words of its help. */
	CLI_REFUSED,
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
	const char *arg; /* name of its argument in --help, or NULL */
	const char *help;
};

/* Options under one heading of --help; an array of them ends with a NULL
 * title. */
struct cli_section {
	const char *title;
	const struct cli_option *option; /* ends with CLI_END */
};

/* What --help and -h tell of a tool besides its options. */
struct cli_tool {
	const char *synopsis;     /* after the program's name */
	const char *purpose;      /* a sentence */
	const char *examples[2];  /* lines for a shell */
	const char *main_options; /* those that -h shows, separated by blanks */
};

/*
 * Begins a run: sets the program's name, opens streams 0 to 2 if they are
 * closed, ignores SIGPIPE. Returns an arena that lives as long as the program.
 */
struct arena *cli_begin(const char *path);

/*
 * Reads the options of the sections, the tool's own first, and --help, -h,
 * --version, --color, --defer and --exit-map; a usage error ends the program
 * (64), and so does an operand, as the message is read from stdin.
 */
void cli_parse(int argc, char **argv, const struct cli_tool *tool,
    const struct cli_section *sections, struct arena *a);

/* The two halves of cli_parse(), for a caller that learns from the options
 * whether stdin is read (cli_drains_stdin()). cli_read() sets the options, even
 * if there are usage errors; cli_settle() ends the program for a usage error,
 * --help and --version. */
const char **cli_read(int argc, char **argv, const struct cli_tool *tool,
    const struct cli_section *sections, struct arena *a);
void cli_settle(void);

/* A subcommand, such as "new" of dkim-key. */
struct cli_command {
	const char *name;
	/* Its help, of which --help of the tool shows the purpose. */
	const struct cli_tool *tool;
	const struct cli_section *sections;
	/* Does the work, once the options are read. Returns an exit status. */
	int (*run)(const char **operands, struct arena *a);
};

/*
 * The rest of main() for a tool whose first argument is a subcommand, one of a
 * list that ends with a NULL name: reads its options, as cli_read() does, and
 * runs it. Messages then begin with "TOOL COMMAND: ". The tool itself has only
 * the options of all tools, and its help lists the subcommands. Nothing is read
 * from stdin before a failure. Returns the exit status.
 */
int cli_run_command(int argc, char **argv, const struct cli_tool *tool,
    const struct cli_command *commands, struct arena *a);

/* Ends the program with a message, after which it points to --help, and
 * EX_USAGE. */
_Noreturn void
cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, with the rule as the message, unless good. */
void cli_require(bool good, const char *rule);

/*
 * Hints: what people may have meant. Programs do not see them: they are written
 * only if stderr is a terminal or -v is given.
 */

/* The target of -v in every tool that has it. It is set when the options have
 * been read (cli_read()), even if there are usage errors. */
extern bool cli_verbose;

/* Writes "hint: " and the text to stderr as one line, escaped as by warn(), if
 * hints are written. A message that it belongs to comes first. The text has at
 * most 74 columns for values of usual length, and no full stop. */
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sets a hint that is written when the program ends early, after the message
 * that tells why, or when cli_hint_last() is called. NULL: none. The text must
 * live as long as the program. */
void cli_hint_at_end(const char *text);
void cli_hint_last(void);

/* Sets whether stdin, if a pipe or a socket, is read to its end before the
 * program ends early: a process that writes a message to it may not survive a
 * closed pipe. It is from cli_begin() on. */
void cli_drains_stdin(bool drains);

/* Reads stdin to its end now, if it is a pipe or a socket. */
void cli_drain_stdin(void);

/* Does --defer turn this verdict into status 75 with nothing written? */
bool cli_is_deferred(enum result_code verdict);

/* The exit status of a verdict, or of a status of sysexits.h, after --defer and
 * --exit-map. own replaces result_status() unless it is 0. */
int cli_verdict_status(enum result_code verdict, int own);
int cli_status(int status);

/* Flushes and closes stdout: a write error ends the program (74). */
void cli_close_stdout(void);

/* Returns the domain name given to an option in normal form; absent if text is
 * NULL. Anything else is a usage error. */
struct span cli_domain(const char *option, const char *text, struct arena *a);

/* Returns this host's authserv-id (RFC 8601 2.5): the text given to
 * --authserv-id, else $VOUCH_AUTHSERV_ID, else the host's name. One that a
 * field cannot have is a usage error. */
struct span cli_authserv_id(const char *text, struct arena *a);

/* Returns the networks of a repeatable option, of which each value is a list
 * separated by commas, and sets their number. Anything else is a usage
 * error. */
const struct ip_network *cli_networks(const char *option,
    const struct cli_list *list, struct arena *a, size_t *n);

/* Returns the index in a closed set of words, a list that ends with NULL, of
 * the one given to an option. Anything else is a usage error, which suggests
 * the nearest word, or names them all if none is near. */
size_t cli_choice(const char *option, const char *text,
    const char *const *words, struct arena *a);

/* That usage error, for a text that another function could not read as one of
 * the words. */
_Noreturn void cli_no_choice(const char *option, struct span text,
    const char *const *words, struct arena *a);

/* Returns the time given to --now in seconds since 1970, the clock's if text is
 * NULL. Anything else is a usage error. */
int64_t cli_time(const char *text);

/* Returns the seconds of a duration: SECONDS, or a number with a unit s, m, h,
 * d or w ("2d"). Anything else is a usage error. */
int64_t cli_duration(const char *option, const char *text);

/* Returns a whole file. If it cannot be read, ends the program (66). */
struct span cli_file(const char *path, struct arena *a);

/* The same; "-" is stdin, which ends the program with 74 if it cannot be
 * read. */
struct span cli_file_or_stdin(const char *path, struct arena *a);

/* The options of all tools that query the DNS. */
extern const struct cli_option cli_dns_options[];

/* Has any of them been given? Has a server or a zone been named? */
bool cli_dns_given(void);
bool cli_dns_is_named(void);

/* Returns the first file of --zone, or NULL. */
const char *cli_dns_zone(void);

/* Returns the resolver that these options describe; an invalid value ends the
 * program. cli_dns_close() frees the resolver and finishes --dns-log. */
struct dns *cli_dns_open(struct arena *a);
void cli_dns_close(struct dns *d);

/* Returns a resolver that queries one server alone, ADDR[#PORT], with --timeout
 * and --set as for the other one; NULL if the text is not an address. Neither
 * is it logged, nor does it warn of failures: its answers tell. dns_free()
 * frees it. */
struct dns *cli_dns_open_server(const char *server, struct arena *a);

/*
 * Reads the header of the message on stdin. If stdin is not a message, or the
 * header is too large (MESSAGE_TOO_LARGE) and allow_large is false, ends the
 * program (65); a read error ends it, too (74). A terminal is a usage error.
 */
void cli_read_message(struct message *m, struct source *source,
    bool allow_large, struct arena *a);

/* message_body() and message_write() for the message on stdin: a failure ends
 * the program (74). */
void cli_read_body(
    struct message *m, struct sink *const *sinks, size_t n, bool keep);
void cli_put_message(
    struct message *m, struct span added, struct sink *out, struct sink *strip);

#endif
