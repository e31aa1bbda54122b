/*
 * dkim-key: what the subcommands share.
 *	main.c		the subcommands
 *	new.c		new: make keys
 *	selector.c	the default selectors of new
 *	keyfile.c	files of private keys
 *	record.c	record: the DNS record of a key
 *	format.c	the record in the forms of DNS servers and providers
 *	check.c		check: what servers have of a key (check.h)
 *	servers.c	the authoritative servers of keys (servers.h)
 *	rotate.c	rotate: the next step of all keys of a table (rotate.h)
 *	show.c		show: what a file has
 *	show_texts.c	key records and signatures in files
 */
/* SPDX-License-Identifier: ISC */
#ifndef DKIM_KEY_H
#define DKIM_KEY_H

#include <jansson.h>

#include "dkim/dkim.h"
#include "tool/cli.h"

extern const struct cli_command command_new, command_record, command_check,
    command_rotate, command_show;

/* Ends the program for an error of a key file. */
_Noreturn void die_of_key(const struct key_error *error);

/* Warns of a key or password file that others can read, named by the source. */
void warn_exposed(
    const struct key_source *source, const struct key_exposure *exposed);

/* Returns the signing domain or selector given to an option, in normal form. A
 * missing option, and a domain of one label, are usage errors. */
struct span read_domain(const char *text, struct arena *a);
struct span read_selector(const char *text, struct arena *a);

/* The same for the DNS name of a key; a name that is too long is a usage
 * error. */
struct span
read_name(struct span selector, struct span domain, struct arena *a);

/*
 * Files of private keys.
 */

/* A file that is being made. It gets its name only when it is complete, so that
 * no half of it is left even if the program is killed; where the file system
 * cannot do that, it has its name at once, and loses it after a failure. */
struct keyfile {
	const char *path;
	int folder, fd;
	const char *name; /* in the folder */
	bool is_named;
};

/* Begins a file of mode 0600, which nothing may have the name of, a symbolic
 * link neither. Returns 0, or -1 with errno. */
int keyfile_begin(struct keyfile *f, const char *path, struct arena *a);

/* Writes it to the disk and gives it its name. Returns 0, or -1 with errno;
 * then keyfile_drop() must follow. */
int keyfile_finish(struct keyfile *f);

/* Removes what was made of the file, finished or not. */
void keyfile_drop(struct keyfile *f);

/* Closes it; a file that is finished stays. */
void keyfile_close(struct keyfile *f);

/*
 * Records.
 */

#define RECORD_TTL 3600

struct record {
	struct span domain, selector; /* normal forms */
	struct span name;             /* SELECTOR._domainkey.DOMAIN */
	uint64_t ttl;
	struct span text; /* v=DKIM1; ... */
	const struct key_public *key;
	const char *file; /* of the private key, if this run made it, or NULL */
};

/* Returns the text of a key's record; flags is the value of t=, or absent. */
struct span
record_text(const struct key_public *key, struct span flags, struct arena *a);

/* The words of --format. FORMAT_JSON is -j. */
enum format {
	FORMAT_ZONE,
	FORMAT_PLAIN,
	FORMAT_NSUPDATE,
	FORMAT_TINYDNS,
	FORMAT_ROUTE53,
	FORMAT_OCTODNS,
	FORMAT_JSON,
};
extern const char *const format_names[]; /* ends with NULL */

/* Returns a record in a form, lines with their ends. */
struct span
format_record(enum format format, const struct record *r, struct arena *a);

/* Adds "kind", "bits" and "fingerprint" of a key to a JSON object, null where
 * it is not known. */
void format_key(json_t *object, const struct key_public *key, struct arena *a);

/*
 * What files have.
 */

/* One thing that a file has. */
struct shown {
	const char
	    *what; /* "private key", "public key", "record", "signature" */
	struct span name; /* where its record is, or absent */
	struct key_public
	    *key;           /* NULL: not known; it is freed by whoever shows */
	const char *type;   /* of a signature: "rsa", "ed25519", or NULL */
	unsigned bits;      /* of a signature: by its length; 0: not known */
	struct span record; /* its text, or absent */
	struct shown_weakness {
		const char *id;
		struct span words;
	} * weak;
	size_t nweak;
};

struct shown_list {
	struct arena *arena;
	struct shown *list;
	size_t n;
};

/* Writes a row below the title of a key; its text begins in a column. */
void show_row(const struct screen *to, size_t column, const char *title,
    enum screen_role role, struct span text, struct arena *a);

/* Adds what is weak in a record to what is shown, and sets its record, and its
 * key unless that is set. name may be absent. */
void show_record(
    struct shown *s, struct span name, struct span text, struct arena *a);

/* Finds key records, as text or in the lines of a zone file, or the signatures
 * of a message, in a text that is not a key file. */
void show_texts(struct shown_list *l, struct span text);

#endif
