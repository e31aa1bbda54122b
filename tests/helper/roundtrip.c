/*
 * roundtrip: signs generated messages and verifies them: as they are, with one
 * change that canonicalization removes, with one that it does not. Which a
 * change is, is decided here, without the code that is tested: by what RFC
 * 6376 3.4, 3.7 and 5.4.2 say is hashed (signed_octets() below).
 *	roundtrip ROUNDS SEED ZONE SELECTOR=KEYFILE...
 * Prints how many messages passed, and how many changes were judged right;
 * ends with 1 at the first that was not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dkim.h"
#include "slow_canon.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define NOW      1795176000
#define KEYS     4

struct state {
	uint64_t random;
	struct arena *arena; /* of one round */
	struct dns *dns;
	struct dkim_signing key[KEYS];
	size_t keys;
	int fd; /* a file for all messages */
	const char *eol[2];
	struct dkim_sign_options style; /* of this round */
};

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
static uint64_t
next_random(struct state *s)
{
	uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* A number under n. */
static size_t
pick(struct state *s, size_t n)
{
	return (size_t)(next_random(s) >> 11) % n;
}

static bool
once_in(struct state *s, size_t n)
{
	return pick(s, n) == 0;
}

/* Generating. */

static void
add_eol(struct state *s, struct buf *b)
{
	buf_str(b, s->eol[pick(s, 2)]);
}

static void
add_blanks(struct state *s, struct buf *b, size_t most)
{
	for (size_t n = pick(s, most + 1); n; n--)
		buf_char(b, once_in(s, 3) ? '\t' : ' ');
}

/* Most octets are letters; others are odd. */
static char
octet(struct state *s)
{
	static const char odd[] = "\0\r\v\f\x1b\x7f\xa0\x89\xff=;:\"\\().,<>";

	if (once_in(s, 12))
		return odd[pick(s, sizeof(odd) - 1)];
	if (once_in(s, 12))
		return (char)(128 + pick(s, 128));
	return (char)((once_in(s, 2) ? 'a' : 'A') + pick(s, 26));
}

static void
add_word(struct state *s, struct buf *b)
{
	for (size_t n = 1 + pick(s, once_in(s, 10) ? 70 : 10); n; n--)
		buf_char(b, octet(s));
}

/* A field's body: words, blanks, folds, folds of nothing but blanks. */
static void
add_value(struct state *s, struct buf *b)
{
	add_blanks(s, b, 2);
	for (size_t n = pick(s, 8); n; n--) {
		if (once_in(s, 4)) {
			add_blanks(s, b, 2);
			add_eol(s, b);
			buf_char(b, ' ');
		}
		add_blanks(s, b, 3);
		if (!once_in(s, 6))
			add_word(s, b);
	}
	add_blanks(s, b, 2);
}

/* Names that are signed, but for the last two, in odd spellings. */
static const char *const names[] = {"Subject", "To", "Date", "Message-ID",
    "MIME-Version", "X-Odd", "x-oDD", "X", "Comments", "Received", "X-None"};
#define SIGN_NAMES \
	"From:Subject:To:Date:Message-ID:MIME-Version:X-Odd:X:Comments"

static void
add_field(struct state *s, struct buf *b, const char *name)
{
	buf_str(b, name);
	if (once_in(s, 8))
		add_blanks(s, b, 2);
	buf_char(b, ':');
	add_value(s, b);
}

static void
add_header(struct state *s, struct buf *b)
{
	size_t n = pick(s, 12), from = pick(s, n + 1);

	for (size_t i = 0; i <= n; i++) {
		if (i)
			add_eol(s, b);
		add_field(
		    s, b, i == from ? "From" : names[pick(s, COUNT(names))]);
	}
}

static void
add_lines(struct state *s, struct buf *b, size_t lines)
{
	for (; lines; lines--) {
		if (!once_in(s, 4))
			for (size_t n = pick(s, 9); n; n--) {
				add_blanks(s, b, once_in(s, 9) ? 20 : 2);
				add_word(s, b);
			}
		if (once_in(s, 4))
			add_blanks(s, b, 3);
		add_eol(s, b);
	}
}

static void
add_body(struct state *s, struct buf *b)
{
	if (!once_in(s, 10))
		add_lines(s, b, 1 + pick(s, 12));
	if (once_in(s, 300))
		add_lines(s, b, 3000);
	if (once_in(s, 50))
		for (size_t n = pick(s, 3000); n; n--)
			add_word(s, b);
	if (once_in(s, 3))
		for (size_t n = pick(s, 5); n; n--)
			add_eol(s, b);
	if (once_in(s, 4))
		add_word(s, b); /* no line end at the end */
	if (once_in(s, 8))
		add_blanks(s, b, 3);
}

/* A header alone, with or without a last line end; one with the empty line;
 * one whose body begins with a line that is no field; most with a body. */
static struct span
generate(struct state *s)
{
	static const char *const ends[][2] = {
	    {"\n", "\n"}, {"\r\n", "\r\n"}, {"\n", "\r\n"}};
	struct buf b = BUF(s->arena);
	size_t end = pick(s, COUNT(ends) * 2) % 5 % COUNT(ends);

	s->eol[0] = ends[end][0];
	s->eol[1] = ends[end][1];
	add_header(s, &b);
	if (once_in(s, 40))
		return buf_span(&b);
	add_eol(s, &b);
	if (once_in(s, 40))
		return buf_span(&b);
	if (once_in(s, 40))
		buf_str(&b, "no field ");
	else
		add_eol(s, &b);
	add_body(s, &b);
	return buf_span(&b);
}

/*
 * What is hashed. A message is cut into fields and body: a line that begins
 * with a blank goes on, an empty line or one without a name and a colon ends
 * the header.
 */
#define FIELDS 64

struct parts {
	struct span field[FIELDS];
	size_t fields;
	struct span body;
};

static size_t
name_length(struct span line)
{
	size_t n = 0;

	while (n < line.len && ascii_is_ftext(line.p[n]))
		n++;
	return n;
}

static bool
is_field(struct span line)
{
	size_t name = name_length(line), n = name;

	while (n < line.len && ascii_is_wsp(line.p[n]))
		n++;
	return name && n < line.len && line.p[n] == ':';
}

static struct parts
cut(struct span s)
{
	struct parts p = {.fields = 0};

	while (s.len) {
		size_t n = span_find(s, '\n');
		struct span line = span_upto(s, n < s.len ? n + 1 : n);
		bool more = ascii_is_wsp(line.p[0]) && p.fields;

		if (!more && !is_field(line))
			break;
		if (more)
			p.field[p.fields - 1].len += line.len;
		else if (p.fields < FIELDS)
			p.field[p.fields++] = line;
		s = span_from(s, line.len);
	}
	if (span_starts(s, SPAN("\n")))
		s = span_from(s, 1);
	else if (span_starts(s, SPAN("\r\n")))
		s = span_from(s, 2);
	p.body = s;
	return p;
}

static bool
has_name(struct span field, struct span name)
{
	return span_caseeq(span_upto(field, name_length(field)), name);
}

/* RFC 6376 5.4.2: each name takes the lowest field not taken yet. */
static void
add_selected(
    const struct parts *p, struct span list, enum canon c, struct buf *out)
{
	bool taken[FIELDS] = {false};

	while (list.p) {
		struct span name = span_trim(span_cut(&list, ':'));

		for (size_t i = p->fields; i; i--)
			if (!taken[i - 1] && has_name(p->field[i - 1], name)) {
				taken[i - 1] = true;
				buf_add(out,
				    slow_header(
					c, p->field[i - 1], out->arena));
				break;
			}
	}
}

/* The value of b= in a signature field, or absent. */
static struct span
find_b(struct span field)
{
	struct span rest = field;

	span_cut(&rest, ':');
	while (rest.p) {
		struct span value = span_cut(&rest, ';');

		if (span_eq(span_trim(span_cut(&value, '=')), SPAN("b")))
			return value;
	}
	return SPAN_NONE;
}

/* The characters of base64 without white space, and without the padding, which
 * may be there or not (RFC 6376 2.10), but not in part. */
static void
add_base64(struct span b, struct buf *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < b.len; i++)
		if (!ascii_is_space(b.p[i]))
			buf_char(out, b.p[i]);
	if ((out->len - start) % 4 == 0)
		while (out->len > start && out->p[out->len - 1] == '=')
			out->len--;
}

/*
 * RFC 6376 3.7: the signature field without the value of b=, and without its
 * last CRLF; then that value, which is not hashed, but must not change either.
 */
static bool
add_signature(struct span field, enum canon c, struct buf *out)
{
	struct span b = find_b(field), text;
	struct buf without = BUF(out->arena);

	if (!b.p)
		return false;
	buf_add(&without, span_between(field.p, b.p));
	buf_add(&without, span_between(b.p + b.len, field.p + field.len));
	text = slow_header(c, buf_span(&without), out->arena);
	buf_add(out, span_upto(text, text.len - 2));
	buf_char(out, '\n');
	add_base64(b, out);
	return true;
}

/* All of it; absent if there is no signature that could be read. */
static struct span
signed_octets(struct state *s, struct span message)
{
	struct parts p = cut(message);
	struct buf out = BUF(s->arena);
	size_t i = 0;

	while (i < p.fields && !has_name(p.field[i], SPAN("DKIM-Signature")))
		i++;
	if (i == p.fields)
		return SPAN_NONE;
	add_selected(&p, s->style.names, s->style.header, &out);
	if (!add_signature(p.field[i], s->style.header, &out))
		return SPAN_NONE;
	buf_char(&out, '\n');
	buf_add(&out, slow_body(s->style.body, p.body, s->arena));
	return buf_span(&out);
}

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

/* The names, some of them once more than there are. */
static struct span
choose_names(struct state *s, const struct message *m)
{
	struct dkim_fields fields = {.sign = {NULL, 0}};

	dkim_names_apply(&fields.sign, SPAN(SIGN_NAMES), s->arena);
	if (once_in(s, 2))
		dkim_names_apply(&fields.oversign,
		    SPAN("From:Subject:X-Odd:X-Absent"), s->arena);
	return dkim_fields_list(&fields, m, s->arena);
}

static void
choose_style(struct state *s, const struct message *m)
{
	s->style = (struct dkim_sign_options){
	    .header = once_in(s, 2) ? CANON_SIMPLE : CANON_RELAXED,
	    .body = once_in(s, 2) ? CANON_SIMPLE : CANON_RELAXED,
	    .names = choose_names(s, m),
	    .has_time = once_in(s, 2),
	    .time = NOW,
	    .copied = once_in(s, 20)};
}

/* The message with its signature; absent if that fails. */
static struct span
sign(struct state *s, struct span text)
{
	struct sink_buf out = sink_to_buf(s->arena);
	const struct dkim_signing *key =
	    &s->key[once_in(s, 16) ? s->keys - 1 : 0];
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
	static const struct dkim_policy policy = {
	    .max_signatures = 10, .now = NOW};
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

/* The first octet from at on, or from the start, that is of a kind. */
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

/* drop octets at a place replaced by others. */
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
	MORE_BLANK, /* beside a blank, before a line end, beside a colon */
	LESS_BLANK,
	OTHER_BLANK,
	LINE_END, /* LF to CRLF, CRLF to LF */
	FOLD,     /* before a blank */
	END,      /* more, or less, at the end */
	CHANGES
};

static bool
is_colon(char c)
{
	return c == ':';
}

/* Where a blank more may make no difference. */
static size_t
blank_place(struct state *s, struct span t, size_t at)
{
	switch (pick(s, 4)) {
	case 0:
		return find_kind(t, at, is_lf);
	case 1:
		return find_kind(t, at, is_colon) + pick(s, 2);
	default:
		return find_kind(t, at, ascii_is_wsp) + pick(s, 2);
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

	if (once_in(s, 3))
		return span_upto(t, t.len - 1);
	return spliced(s, t, t.len, 0, more[pick(s, COUNT(more))]);
}

static struct span
change_at(struct state *s, enum change how, struct span t, size_t at)
{
	char blank = once_in(s, 2) ? ' ' : '\t';
	char other = octet(s), swapped;

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
		    span_of(s->eol[0]));
	default:
		return change_end(s, t);
	}
}

/* One change that matters, or one that does not; absent if none was found. */
static struct span
changed(struct state *s, struct span text, bool matters)
{
	struct span before = signed_octets(s, text);
	/* Half of the changes in the header, however long the body is. */
	size_t header = text.len - cut(text).body.len;

	for (unsigned tries = 0; tries < 300; tries++) {
		struct span other = change_at(s, pick(s, CHANGES), text,
		    pick(s, once_in(s, 2) ? text.len : header));
		struct span after = signed_octets(s, other);

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
	struct span text = generate(s), mail = sign(s, text), other;

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
	for (; *arg && s->keys < KEYS; arg++, s->keys++) {
		struct span file = span_of(*arg), name = span_cut(&file, '=');
		struct key_source source = {.location = file.p};
		struct key_error error;
		bool open;

		s->key[s->keys] = (struct dkim_signing){SPAN("example.org"),
		    name, key_load(&source, &open, &error)};
		if (!s->key[s->keys].key) {
			printf("%s: %s\n", error.file, error.words);
			return false;
		}
	}
	return s->keys > 0;
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
	s.random = strtoull(argv[2], NULL, 0);
	s.fd = memfd_create("message", MFD_CLOEXEC);
	s.dns = dns_new(&config, a, &error, &status);
	good = s.dns && s.fd >= 0 && load_keys(&s, argv + 4) &&
	    play_all(&s, strtoul(argv[1], NULL, 10));
	for (size_t i = 0; i < s.keys; i++)
		key_private_free(s.key[i].key);
	if (s.dns)
		dns_free(s.dns);
	arena_free(s.arena);
	arena_free(a);
	return fflush(stdout) || !good;
}
