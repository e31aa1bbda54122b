/* roundtrip: signs random messages, changes them, and verifies them. */
/* SPDX-License-Identifier: ISC */

/*
 *	roundtrip ROUNDS SEED ZONE SELECTOR=KEYFILE...
 *
 * Each message is verified unchanged, with one change that canonicalization
 * removes, and with one that it does not. slow_dkim.h, which shares no code
 * with the library, tells the two kinds of changes apart. Prints how many
 * messages passed, and how many changes were detected and tolerated. Exits with
 * 1 at the first error.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dkim/dkim.h"
#include "generate.h"
#include "slow_dkim.h"

#define NOW  1795176000
#define KEYS 4

struct state {
	struct generator generator;
	struct arena *arena; /* of one round; also the generator's */
	struct dns *dns;
	struct key_ring *ring; /* of all rounds */
	struct dkim_signing keys[KEYS];
	size_t nkeys;
	int fd;                         /* a file, for one message at a time */
	struct dkim_sign_options style; /* of this round */
};

/* Signing and verifying. */

static enum message_status
open_message(
    struct state *s, struct span text, struct message *m, struct source *source)
{
	bool done = ftruncate(s->fd, 0) == 0 &&
	    pwrite(s->fd, text.p, text.len, 0) == (ssize_t)text.len &&
	    lseek(s->fd, 0, SEEK_SET) == 0 && source_init(source, s->fd) == 0;

	return done ? message_read(m, source, s->arena) : MESSAGE_READ;
}

/* Returns the names for h=, some of them oversigned. */
static struct span
choose_names(struct state *s, const struct message *m)
{
	struct dkim_fields fields = {.sign = {NULL, 0}};

	dkim_names_apply(&fields.sign, SPAN(SIGN_NAMES), s->arena);
	if (once_in(&s->generator, 2))
		dkim_names_apply(&fields.oversign,
		    SPAN("From:Subject:X-Odd:X-Absent"), s->arena);
	return dkim_fields_list(&fields, m, s->arena);
}

static void
choose_style(struct state *s, const struct message *m)
{
	s->style = (struct dkim_sign_options){
	    .header = once_in(&s->generator, 2) ? CANON_SIMPLE : CANON_RELAXED,
	    .body = once_in(&s->generator, 2) ? CANON_SIMPLE : CANON_RELAXED,
	    .names = choose_names(s, m),
	    .has_time = once_in(&s->generator, 2),
	    .time = NOW,
	    .copied = once_in(&s->generator, 20)};
}

/* Returns the message with its signature; absent if signing fails. */
static struct span
sign(struct state *s, struct span text)
{
	struct sink_buf out = sink_to_buf(s->arena);
	const struct dkim_signing *key =
	    &s->keys[once_in(&s->generator, 16) ? s->nkeys - 1 : 0];
	struct message m;
	struct source source;
	struct digest *body;
	struct sink *sink;
	struct span field;

	if (open_message(s, text, &m, &source) != MESSAGE_OK)
		return SPAN_NONE;
	choose_style(s, &m);
	body = dkim_sign_body(s->style.body, s->arena, &sink);
	if (message_body(&m, &sink, 1, true) < 0)
		return SPAN_NONE;
	field = dkim_sign(&m, key, &s->style, body->value);
	if (!field.p || message_write(&m, field, &out.sink, NULL) < 0)
		return SPAN_NONE;
	return buf_span(&out.buf);
}

static bool
passes(struct state *s, struct span text)
{
	const struct dkim_policy policy = {
	    .max_signatures = 10, .now = NOW, .keys = s->ring};
	struct message m;
	struct source source;
	struct dkim_verifier *v;
	struct sink *const *sinks;
	struct sink *sink[10];
	const struct result *r;
	size_t n;

	if (open_message(s, text, &m, &source) != MESSAGE_OK)
		return false;
	dns_begin(s->dns);
	v = dkim_verify_begin(&m, s->dns, &policy);
	n = dkim_verify_sinks(v, &sinks);
	for (size_t i = 0; i < n; i++)
		sink[i] = sinks[i];
	if (message_body(&m, sink, n, false) < 0)
		return false;
	n = dkim_verify_end(v, &r);
	return result_verdict(r, n, true, SPAN_NONE) == RESULT_PASS;
}

/* Changing. */

/* Returns the first octet of a kind, from at on and then from the start, or
 * at. */
static size_t
find_kind(struct span s, size_t at, bool (*is)(char))
{
	for (size_t i = 0; i < s.len; i++)
		if (is(s.p[(at + i) % s.len]))
			return (at + i) % s.len;
	return at;
}

static bool
is_lf(char c)
{
	return c == '\n';
}

/* Returns the text with drop octets at a place replaced by others. */
static struct span
spliced(
    struct state *s, struct span t, size_t at, size_t drop, struct span other)
{
	struct buf b = BUF(s->arena);

	if (drop > t.len - at)
		drop = t.len - at;
	buf_add(&b, span_upto(t, at));
	buf_add(&b, other);
	buf_add(&b, span_from(t, at + drop));
	return buf_span(&b);
}

enum change {
	REPLACE,
	INSERT,
	REMOVE,
	CASE,       /* of a letter */
	MORE_BLANK, /* next to a blank or a colon, or before a line end */
	LESS_BLANK,
	OTHER_BLANK,
	LINE_END, /* LF to CRLF, CRLF to LF */
	FOLD,     /* before a blank */
	END,      /* an octet more, or less, at the end */
	CHANGES
};

static bool
is_colon(char c)
{
	return c == ':';
}

/* Returns a place where another blank may make no difference. */
static size_t
blank_place(struct state *s, struct span t, size_t at)
{
	switch (pick(&s->generator, 4)) {
	case 0:
		return find_kind(t, at, is_lf);
	case 1:
		return find_kind(t, at, is_colon) + pick(&s->generator, 2);
	default:
		return find_kind(t, at, ascii_is_wsp) + pick(&s->generator, 2);
	}
}

static struct span
change_line_end(struct state *s, struct span t, size_t at)
{
	at = find_kind(t, at, is_lf);
	if (at && t.p[at - 1] == '\r')
		return spliced(s, t, at - 1, 1, SPAN(""));
	return spliced(s, t, at, 0, SPAN("\r"));
}

static struct span
change_end(struct state *s, struct span t)
{
	static const struct span more[] = {
	    {"\n", 1}, {"\r\n", 2}, {" ", 1}, {"\t", 1}, {"x", 1}, {"\0", 1}};

	if (once_in(&s->generator, 3))
		return span_upto(t, t.len - 1);
	return spliced(s, t, t.len, 0, more[pick(&s->generator, COUNT(more))]);
}

static struct span
change_at(struct state *s, enum change how, struct span t, size_t at)
{
	char blank = once_in(&s->generator, 2) ? ' ' : '\t';
	char other = octet(&s->generator), swapped;

	switch (how) {
	case REPLACE:
		return spliced(s, t, at, 1, (struct span){&other, 1});
	case INSERT:
		return spliced(s, t, at, 0, (struct span){&other, 1});
	case REMOVE:
		return spliced(s, t, at, 1, SPAN(""));
	case CASE:
		at = find_kind(t, at, ascii_is_alpha);
		swapped = t.p[at] ^ 0x20;
		return spliced(s, t, at, 1, (struct span){&swapped, 1});
	case MORE_BLANK:
		return spliced(
		    s, t, blank_place(s, t, at), 0, (struct span){&blank, 1});
	case LESS_BLANK:
		return spliced(
		    s, t, find_kind(t, at, ascii_is_wsp), 1, SPAN(""));
	case OTHER_BLANK:
		return spliced(s, t, find_kind(t, at, ascii_is_wsp), 1,
		    (struct span){&blank, 1});
	case LINE_END:
		return change_line_end(s, t, at);
	case FOLD:
		return spliced(s, t, find_kind(t, at, ascii_is_wsp), 0,
		    span_of(s->generator.eol[0]));
	default:
		return change_end(s, t);
	}
}

static struct span
covered(const struct state *s, struct span text)
{
	return signed_octets(
	    text, s->style.names, s->style.header, s->style.body, s->arena);
}

/* Returns the text with one change that matters, or one that does not; absent
 * if none was found. */
static struct span
changed(struct state *s, struct span text, bool matters)
{
	struct span before = covered(s, text);
	/* Half of the changes in the header, however long the body is. */
	size_t header = text.len - cut(text).body.len;

	for (unsigned tries = 0; tries < 300; tries++) {
		struct span other =
		    change_at(s, pick(&s->generator, CHANGES), text,
			pick(&s->generator,
			    once_in(&s->generator, 2) ? text.len : header));
		struct span after = covered(s, other);

		if (!span_eq(other, text) &&
		    (!after.p || !span_eq(before, after)) == matters)
			return other;
	}
	return SPAN_NONE;
}

/* One round. */

struct count {
	unsigned long signed_, passed, changed, removed;
};

static void
report(struct state *s, const char *what, struct span text, unsigned long round)
{
	struct buf b = BUF(s->arena);

	buf_escaped(&b, text);
	printf("round %lu: %s, %s/%s: " SPAN_FMT "\n", round, what,
	    canon_name(s->style.header), canon_name(s->style.body),
	    SPAN_ARG(buf_span(&b)));
}

static bool
play(struct state *s, unsigned long round, struct count *count)
{
	struct span text = generate(&s->generator), mail = sign(s, text), other;

	if (!mail.p) {
		report(s, "cannot be signed", text, round);
		return false;
	}
	count->signed_++;
	if (!passes(s, mail)) {
		report(s, "fails", mail, round);
		return false;
	}
	count->passed++;
	other = changed(s, mail, true);
	if (other.p && passes(s, other)) {
		report(s, "passes with a change", other, round);
		return false;
	}
	count->changed += other.p != NULL;
	other = changed(s, mail, false);
	if (other.p && !passes(s, other)) {
		report(s, "fails with a change that is removed", other, round);
		return false;
	}
	count->removed += other.p != NULL;
	return true;
}

static bool
load_keys(struct state *s, char **arg)
{
	for (; *arg && s->nkeys < KEYS; arg++, s->nkeys++) {
		struct span file = span_of(*arg), name = span_cut(&file, '=');
		struct key_source source = {.location = file.p};
		struct key_error error;
		struct key_exposure exposed;

		s->keys[s->nkeys] = (struct dkim_signing){SPAN("example.org"),
		    name, key_load(&source, &exposed, &error)};
		if (!s->keys[s->nkeys].key) {
			printf("%s: %s\n", error.file, error.words);
			return false;
		}
	}
	return s->nkeys > 0;
}

static bool
play_all(struct state *s, unsigned long rounds)
{
	struct count count = {0, 0, 0, 0};
	bool good = true;

	for (unsigned long i = 0; i < rounds && good; i++) {
		good = play(s, i, &count);
		arena_reset(s->arena);
	}
	printf("signed %lu\npassed %lu\nchanged %lu\nremoved %lu\n",
	    count.signed_, count.passed, count.changed, count.removed);
	return good;
}

int
main(int argc, char **argv)
{
	struct state s = {.arena = arena_new()};
	struct arena *a = arena_new();
	struct dns_config config = {.nzones = 1, .timeout = 1};
	struct span error = SPAN_NONE;
	const char *zone;
	int status;
	bool good;

	if (argc < 5)
		return 64;
	zone = argv[3];
	config.zones = &zone;
	s.generator.arena = s.arena;
	s.generator.random = strtoull(argv[2], NULL, 0);
	s.fd = memfd_create("message", MFD_CLOEXEC);
	s.ring = key_ring_new();
	s.dns = dns_new(&config, a, &error, &status);
	good = s.dns && s.fd >= 0 && load_keys(&s, argv + 4) &&
	    play_all(&s, strtoul(argv[1], NULL, 10));
	for (size_t i = 0; i < s.nkeys; i++)
		key_private_free(s.keys[i].key);
	if (s.dns)
		dns_free(s.dns);
	key_ring_free(s.ring);
	arena_free(s.arena);
	arena_free(a);
	return fflush(stdout) || !good;
}
