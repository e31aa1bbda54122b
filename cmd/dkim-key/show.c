/* show: what a file has: a key, key records, the signatures of a message. */
/* SPDX-License-Identifier: ISC */

#include "dkim-key.h"

#include <errno.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "tool/output.h"

static const char *password_file;
static bool as_json;

static const struct cli_option options[] = {
    {"json", 'j', CLI_FLAG, &as_json, NULL,
	"print objects of JSON, one for each key"},
    {"password-file", 0, CLI_STRING, &password_file, "FILE",
	"file whose first line opens encrypted keys and tokens"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options of show:", options},
    {NULL, NULL},
};

void
show_row(const struct screen *to, size_t column, const char *title,
    enum screen_role role, struct span text, struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, title);
	screen_to_column(&t, column);
	screen_add(&t, role, text);
	screen_put_hanging(to, &t, column);
}

/* The column of what is told of a key. */
#define COLUMN 15u

static void
put_row(const struct screen *to, const char *title, enum screen_role role,
    struct span text, struct arena *a)
{
	show_row(to, COLUMN, title, role, text, a);
}

static const char *
type_of(const struct shown *s)
{
	return s->key ? key_type_name(key_public_type(s->key)) : s->type;
}

static unsigned
bits_of(const struct shown *s)
{
	return s->key ? key_public_bits(s->key) : s->bits;
}

/* "FILE: private key, rsa, 2048 bits" */
static void
put_title(const struct screen *to, const char *file, const struct shown *s,
    struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	screen_str(&t, SCREEN_HEADING, file);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_str(&t, SCREEN_PLAIN, s->what);
	if (type_of(s)) {
		screen_str(&t, SCREEN_PLAIN, ", ");
		screen_str(&t, SCREEN_PLAIN, type_of(s));
	}
	if (bits_of(s))
		screen_shown(
		    &t, SCREEN_PLAIN, arena_printf(a, ", %u bits", bits_of(s)));
	screen_put(to, &t);
}

static void
put_shown(const struct screen *to, const char *file, const struct shown *s,
    struct arena *a)
{
	put_title(to, file, s, a);
	if (s->name.p)
		put_row(to, "name", SCREEN_PLAIN, s->name, a);
	if (s->key)
		put_row(to, "fingerprint", SCREEN_PLAIN,
		    key_public_fingerprint(s->key, a), a);
	if (s->record.p)
		put_row(to, "record", SCREEN_PLAIN, s->record, a);
	for (size_t i = 0; i < s->nweak; i++)
		put_row(to, "weak", SCREEN_DOUBT,
		    ARENA_JOIN(a, span_of(s->weak[i].id), SPAN(": "),
			s->weak[i].words),
		    a);
}

static void
put_json(const char *file, const struct shown *s, struct arena *a)
{
	json_t *weak = json_array(), *object;

	object = json_pack("{s:i, s:o, s:s, s:o}", JSON_MEMBER("schema", 1),
	    JSON_MEMBER("file", json_text(span_of(file), a)),
	    JSON_MEMBER("what", s->what),
	    JSON_MEMBER("name", json_text(s->name, a)));
	format_key(object, s->key, a);
	if (type_of(s))
		json_object_set_new(object, "kind", json_string(type_of(s)));
	if (bits_of(s))
		json_object_set_new(object, "bits", json_integer(bits_of(s)));
	json_object_set_new(object, "record", json_text(s->record, a));
	for (size_t i = 0; i < s->nweak; i++)
		json_array_append_new(weak,
		    json_pack("{s:s, s:o}", JSON_MEMBER("id", s->weak[i].id),
			JSON_MEMBER("words", json_text(s->weak[i].words, a))));
	json_object_set_new(object, "weak", weak);
	output_json(object, stdout);
}

static void
put_list(const char *file, struct shown_list *l)
{
	const struct screen to = screen_of(stdout);

	for (size_t i = 0; i < l->n; i++) {
		if (as_json)
			put_json(file, &l->list[i], l->arena);
		else
			put_shown(&to, file, &l->list[i], l->arena);
		key_public_free(l->list[i].key);
	}
}

/* Adds a key, with the record that it would have. */
static void
add_key(
    struct shown_list *l, struct key_public *key, const struct key_found *found)
{
	struct shown *s = ARENA_PUSH(l->arena, l->list, l->n);
	bool private = found->content == KEY_CONTENT_PRIVATE;

	*s = (struct shown){
	    .what = private ? "private key" : "public key", .key = key};
	show_record(
	    s, SPAN_NONE, record_text(key, SPAN_NONE, l->arena), l->arena);
	if (found->exposed.key)
		*ARENA_PUSH(l->arena, s->weak, s->nweak) =
		    (struct shown_weakness){"key-readable",
			SPAN("group or others can read this private key")};
}

/* Writes why a file is not shown. Returns the status for that. */
static int
put_failure(const char *file, const struct key_error *e, struct arena *a)
{
	const char *words = span_eq(span_of(e->file), span_of(file))
	    ? e->words
	    : arena_printf(a, "%s: %s", e->file, e->words).p;

	if (as_json)
		output_json(output_failure(span_of(file), words, a), stdout);
	else
		warn("%s: %s", file, words);
	return e->status;
}

/* Reads all of a file that is not a key file; a pipe has lost its first
 * octets. */
static struct span
read_all(const char *file, struct span first, struct arena *a)
{
	bool is_stdin = !strcmp(file, "-");
	struct span rest;

	if (!is_stdin)
		return file_read(file, a);
	rest = file_read_fd(0, a);
	return rest.p ? ARENA_JOIN(a, first, rest) : rest;
}

static int
show_other(const char *file, struct span first, struct arena *a)
{
	struct shown_list l = {.arena = a};
	struct key_error error = {EX_DATAERR, file,
	    "neither a key in a form that is known, nor a key record, nor a "
	    "message with a DKIM signature"};
	struct span text = read_all(file, first, a);

	if (text.p)
		show_texts(&l, text);
	else
		error = (struct key_error){EX_NOINPUT, file, strerror(errno)};
	put_list(file, &l);
	return l.n ? 0 : put_failure(file, &error, a);
}

static int
show_file(const char *file, struct arena *a)
{
	const struct key_source source = {file, password_file, false};
	struct shown_list l = {.arena = a};
	struct key_found found;
	struct key_error error;
	struct key_public *key = key_load_public(&source, a, &found, &error);

	if (!key)
		return found.text.p ? show_other(file, found.text, a)
				    : put_failure(file, &error, a);
	add_key(&l, key, &found);
	put_list(file, &l);
	return 0;
}

static int
run(const char **operands, struct arena *a)
{
	struct arena *memory = arena_new();
	int status = 0;

	(void)a;
	cli_require(*operands, "a file is missing");
	for (; *operands; operands++) {
		int one = show_file(*operands, memory);

		status = status ? status : one;
		arena_reset(memory);
	}
	arena_free(memory);
	return status;
}

static const struct cli_tool help = {"[OPTION...] FILE...",
    "Shows what a file has: a key, key records, or signatures.",
    {"dkim-key show r1.pem", "dkim-key show -j *.pem message"},
    "json password-file"};

const struct cli_command command_show = {"show", &help, sections, run};
