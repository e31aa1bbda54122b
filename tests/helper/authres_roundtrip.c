/* authres_roundtrip: writes random Authentication-Results, and reads them. */
/* SPDX-License-Identifier: ISC */

/*
 *	authres_roundtrip ROUNDS SEED
 *
 * Checks that fields are read as they were given, with escapes for octets that
 * cannot be shown. Then reads fields with many results, and checks that the
 * time is linear in their number. Prints how many fields, results and
 * properties were read correctly, and for each number of results whether they
 * were read. Exits with 1 at the first error.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "mail/authres.h"
#include "mail/fieldtext.h"
#include "base/limit.h"
#include "random.h"

#define RESULTS  4
#define TOO_LONG "too long to be shown"

/* The expected value of a property; absent if the property is left out, and
 * why. */
struct expected {
	struct span value;
	const char *why;
};

struct field {
	struct span id;
	struct result results[RESULTS];
	struct expected expected[RESULTS][RESULT_PROPERTIES];
	size_t nresults;
};

static size_t fields_right, results_right, properties_right, left_out_right;

static struct span
escaped(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	fieldtext_add(&b, s);
	return buf_span(&b);
}

/*
 * Generated fields.
 */

/* Texts with which a sender could try to forge a result. */
static const char *const hostile[] = {"; dkim=pass", "\r\n\tdkim=pass",
    "\"; dmarc=pass header.from=bank.example \"", "\\", "\"", "\\\"", "(", ")",
    "(.example.com", "\r", "\n", "\r\nX: y\r\n\r\n", " ", "\t", "'", ";", "=",
    "@", "@b.example", "\xff", "\xc3", "\xc3\xbc", "\xe2\x80\xae", "\x1b[2J",
    "\xc0\xaf", "\xed\xa0\x80", "reason=\"", "mx.example.org; spf=pass",
    "=?us-ascii?q?x=3B_dmarc=3Dpass?=", "?q?x?=", "DMARC (c) = pass"};

/* Returns random octets, with hostile texts among them. */
static struct span
any_octets(struct generator *g)
{
	struct buf b = BUF(g->arena);

	for (size_t n = pick(g, 6); n; n--)
		if (once_in(g, 3))
			buf_str(&b, hostile[pick(g, COUNT(hostile))]);
		else
			add_word(g, &b);
	if (once_in(g, 40))
		for (size_t n = pick(g, 1200); n; n--)
			buf_char(&b, octet(g));
	if (once_in(g, 20))
		buf_add(&b, (struct span){"\0", 1});
	return buf_span(&b);
}

/* Appends one to most octets of a set. */
static void
add_of(struct generator *g, struct buf *b, const char *set, size_t most)
{
	for (size_t n = 1 + pick(g, most); n; n--)
		buf_char(b, set[pick(g, strlen(set))]);
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define ATEXT   LETTERS "!#$%&'*+-/=?^_`{|}~"

static bool
is_atext(char c)
{
	return ascii_is_8bit(c) || (c && strchr(ATEXT, c));
}

static struct span
atoms(struct generator *g)
{
	struct buf b = BUF(g->arena);

	add_of(g, &b, ATEXT, 12);
	for (size_t n = pick(g, 3); n; n--) {
		buf_char(&b, '.');
		add_of(g, &b, ATEXT, 12);
	}
	return buf_span(&b);
}

static struct span
lower(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < s.len; i++)
		buf_char(&b, ascii_lower(s.p[i]));
	return buf_span(&b);
}

/* Returns a domain name and sets its normal form; or an invalid one, and
 * absent. */
static struct span
domain(struct generator *g, struct span *normal)
{
	struct buf b = BUF(g->arena), bad = BUF(g->arena);
	static const char *const wrong[] = {";", "(", "\"", " ", "\r", "\n",
	    "\\", "..", ",", "=", "\x1b", "\xff", ".-a"};

	if (once_in(g, 16)) {
		*normal = SPAN("xn--bcher-kva.example");
		return SPAN("b\xc3\xbc"
			    "cher.example");
	}
	for (size_t n = pick(g, 4); n; n--) {
		add_of(g, &b, LETTERS, 20);
		buf_str(&b, once_in(g, 4) ? "-x." : ".");
	}
	add_of(g, &b, LETTERS, 12);
	*normal = lower(buf_span(&b), g->arena);
	if (once_in(g, 8))
		buf_char(&b, '.');
	if (!once_in(g, 3))
		return buf_span(&b);
	*normal = SPAN_NONE;
	buf_add(&bad, span_upto(buf_span(&b), pick(g, b.len) + 1));
	buf_str(&bad, wrong[pick(g, COUNT(wrong))]);
	buf_add(&bad, buf_span(&b));
	return buf_span(&bad);
}

/* Is it dot-atom-text (RFC 5322 3.2.3, RFC 6532) that needs no escapes? */
static bool
is_dot_atom(struct span s, struct arena *a)
{
	bool dot = true;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '.' ? dot : !is_atext(s.p[i]))
			return false;
		dot = s.p[i] == '.';
	}
	return !dot && span_eq(escaped(s, a), s);
}

/* Returns [ [local-part] "@" ] domain-name, which may be invalid. */
static struct span
identity(struct generator *g, struct expected *e)
{
	struct span local = once_in(g, 2) ? atoms(g) : any_octets(g), normal;
	struct span name = domain(g, &normal);
	struct buf b = BUF(g->arena), want = BUF(g->arena);
	bool plain = is_dot_atom(local, g->arena) && local.p[0] != '?' &&
	    local.len + 1 + normal.len <= LIMIT_AUTHRES_VALUE;

	e->why = " has no valid domain";
	if (once_in(g, 3)) {
		e->value = normal;
		return name;
	}
	buf_add(&b, local);
	buf_char(&b, '@');
	buf_add(&b, name);
	if (plain)
		buf_add(&want, local);
	buf_char(&want, '@');
	buf_add(&want, normal);
	e->value = normal.p ? buf_span(&want) : SPAN_NONE;
	return buf_span(&b);
}

/* Returns how many octets a text takes as a quoted-string. */
static size_t
quoted_length(struct span s)
{
	size_t n = 2 + s.len;

	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == '"' || s.p[i] == '\\';
	return n;
}

static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_token(s.p[i]))
			return false;
	return s.len > 0;
}

static struct span
value(struct generator *g, struct expected *e)
{
	struct span text = once_in(g, 3) ? atoms(g) : any_octets(g);
	struct span shown = escaped(text, g->arena);
	size_t n = is_token(shown) ? shown.len : quoted_length(shown);

	e->why = " is too long";
	e->value = n > LIMIT_AUTHRES_VALUE ? SPAN_NONE : shown;
	return text;
}

static void
add_result(struct generator *g, struct field *f)
{
	static const char *const methods[] = {"dkim", "spf", "dmarc", "vbr"};
	static const char *const names[] = {"header.d", "header.i", "header.b",
	    "smtp.mailfrom", "smtp.helo", "header.from", "policy.dmarc"};
	static const char *const ids[] = {
	    "body-hash", "key-testing", "no-record"};
	struct expected *e = f->expected[f->nresults];
	struct result *r = &f->results[f->nresults++];

	*r = (struct result){.method = methods[pick(g, COUNT(methods))],
	    .code = (enum result_code)pick(g, RESULT_CODES)};
	if (once_in(g, 2))
		r->why = (struct result_note){
		    ids[pick(g, COUNT(ids))], any_octets(g)};
	for (size_t n = pick(g, 3); n; n--)
		result_note(r, ids[pick(g, COUNT(ids))], any_octets(g));
	for (size_t n = pick(g, RESULT_PROPERTIES + 1); n; n--, e++) {
		enum result_kind kind =
		    once_in(g, 2) ? RESULT_ADDRESS : RESULT_VALUE;

		result_property(r, names[pick(g, COUNT(names))],
		    kind == RESULT_ADDRESS ? identity(g, e) : value(g, e),
		    kind);
	}
}

static void
generate_field(struct generator *g, struct field *f)
{
	f->nresults = 0;
	do
		f->id = once_in(g, 2) ? atoms(g) : any_octets(g);
	while (!authres_is_id(f->id, g->arena));
	for (size_t n = pick(g, RESULTS + 1); n; n--)
		add_result(g, f);
}

/*
 * Comparison.
 */

/* Is it lines of printable octets, none over LIMIT_LINE, of which each but the
 * first begins with a tab? */
static bool
is_well_formed(struct span text)
{
	bool first = true;

	if (!text.len || text.p[text.len - 1] != '\n')
		return false;
	for (; text.len; first = false) {
		struct span line = span_cut(&text, '\n');

		if (!line.len || line.p[line.len - 1] != '\r' ||
		    line.len - 1 > LIMIT_LINE || (line.p[0] == '\t') == first)
			return false;
		for (size_t i = !first; i + 1 < line.len; i++)
			if ((unsigned char)line.p[i] < ' ' ||
			    line.p[i] == '\x7f')
				return false;
	}
	return true;
}

static bool
eat(struct span *s, struct span word)
{
	if (!span_starts(*s, word))
		return false;
	*s = span_from(*s, word.len);
	return true;
}

/* Takes a note off *s. If all notes are long, TOO_LONG may replace the
 * words. */
static bool
eat_note(struct span *s, struct result_note note, size_t all, struct arena *a)
{
	struct span words = escaped(note.words, a);

	return eat(s, span_of(note.id)) && (!words.len || eat(s, SPAN(": "))) &&
	    (eat(s, words) || (all > LIMIT_LINE / 2 && eat(s, SPAN(TOO_LONG))));
}

static struct span
omitted(const struct field *f, size_t n, struct arena *a)
{
	const struct result *r = &f->results[n];
	struct buf b = BUF(a);

	for (size_t i = 0; i < r->nproperties; i++)
		if (!f->expected[n][i].value.p)
			buf_printf(&b, "%s%s%s", b.len ? ", " : "",
			    r->properties[i].name, f->expected[n][i].why);
	return buf_span(&b);
}

static bool
reason_is_right(
    const struct field *f, size_t n, struct span got, struct arena *a)
{
	const struct result *r = &f->results[n];
	struct result_note notes[RESULT_NOTES + 2];
	size_t nnotes = 0, all = 0;

	if (r->why.id)
		notes[nnotes++] = r->why;
	for (size_t i = 0; i < r->nnotes; i++)
		notes[nnotes++] = r->notes[i];
	if (omitted(f, n, a).len)
		notes[nnotes++] =
		    (struct result_note){"property-omitted", omitted(f, n, a)};
	for (size_t i = 0; i < nnotes; i++)
		all += quoted_length(escaped(notes[i].words, a)) + 32;
	for (size_t i = 0; i < nnotes; i++)
		if ((i && !eat(&got, SPAN("; "))) ||
		    !eat_note(&got, notes[i], all, a))
			return false;
	return nnotes ? got.p && !got.len : !got.p;
}

static bool
property_is_right(
    const char *name, struct span value, const struct authres_property *got)
{
	struct span last = span_of(name), ptype = span_cut(&last, '.');

	return span_eq(ptype, got->ptype) && span_eq(last, got->name) &&
	    span_eq(value, got->value);
}

static bool
result_is_right(const struct field *f, size_t n,
    const struct authres_result *got, struct arena *a)
{
	const struct result *r = &f->results[n];
	size_t k = 0;

	if (!span_eq(got->method, span_of(r->method)) || got->version != 1 ||
	    !span_eq(got->result, span_of(result_name(r->code))) ||
	    !reason_is_right(f, n, got->reason, a))
		return false;
	for (size_t i = 0; i < r->nproperties; i++) {
		if (!f->expected[n][i].value.p) {
			left_out_right++;
			continue;
		}
		if (k == got->nproperties ||
		    !property_is_right(r->properties[i].name,
			f->expected[n][i].value, &got->properties[k++]))
			return false;
		properties_right++;
	}
	results_right++;
	return k == got->nproperties;
}

static bool
is_right(const struct field *f, struct span text, struct arena *a)
{
	struct span name, body = text;
	struct authres got;

	name = span_cut(&body, ':');
	/* Without the last line end, as in message.h. */
	body = span_upto(body, body.len ? body.len - 2 : 0);
	if (!is_well_formed(text) || !authres_is_name(name) ||
	    !authres_parse(body, a, &got) || !span_eq(got.id, f->id) ||
	    got.version != 1 || got.nresults != f->nresults)
		return false;
	for (size_t i = 0; i < got.nresults; i++)
		if (!result_is_right(f, i, &got.results[i], a))
			return false;
	fields_right++;
	return true;
}

static bool
play(struct generator *g, unsigned long round)
{
	struct field f;
	struct span text;

	generate_field(g, &f);
	text = authres_compose(f.id, f.results, f.nresults, "\r\n", g->arena);
	if (is_right(&f, text, g->arena))
		return true;
	printf("round %lu: not right: " SPAN_FMT "\n", round,
	    SPAN_ARG(escaped(text, g->arena)));
	return false;
}

/*
 * Many results.
 */

/* Returns the body of a field, each result of which has a comment and a
 * property so many times. */
static struct span
body_of(size_t results, int times, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, " mx.example.org");
	for (size_t i = 0; i < results; i++) {
		buf_printf(&b, ";\r\n\tdkim=pass header.d=d%zu.example", i);
		for (int k = 0; k < times; k++)
			buf_str(&b, " (a \"comment\") header.b=\"a b\"");
	}
	if (!results)
		buf_str(&b, "; none");
	return buf_span(&b);
}

/* Reads a field as a tool does that keeps the results of other hosts. Returns
 * how many results there are, or SIZE_MAX if it does not parse. */
static size_t
read_field(struct span body, struct arena *a)
{
	static const struct authres_removal what = {
	    {"mx.example.org", 14}, "spf", true, {NULL, 0}};
	struct span raw = ARENA_JOIN(a, SPAN("Authentication-Results:"), body);
	struct authres ar;
	bool parses = authres_parse(body, a, &ar);

	/* Only a field that does not parse is removed. */
	if (authres_kept(&what, raw, a).len != (parses ? raw.len : 0))
		return SIZE_MAX - 1;
	return parses ? ar.nresults + ar.omitted : SIZE_MAX;
}

static double
processor_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Returns the shortest time of three runs. With 200 octets a result it can be
 * measured. */
static double
time_of(size_t results)
{
	struct arena *a = arena_new(), *scratch = arena_new();
	struct span body = body_of(results, 8, a);
	double best = 1e9;

	for (int i = 0; i < 3; i++) {
		double start = processor_time(), took;

		read_field(body, scratch);
		took = processor_time() - start;
		best = took < best ? took : best;
		arena_reset(scratch);
	}
	arena_free(scratch);
	arena_free(a);
	return best;
}

static bool
count_results(void)
{
	static const size_t counts[] = {0, 1, 16, 17, 999, 1000, 1001, 100000};
	bool good = true;

	for (size_t i = 0; i < COUNT(counts); i++) {
		struct arena *a = arena_new();
		size_t n = read_field(body_of(counts[i], 1, a), a);

		printf("%zu results: %s\n", counts[i],
		    n == SIZE_MAX        ? "does not parse"
			: n == counts[i] ? "read"
					 : "wrong");
		good = good && n == counts[i];
		arena_free(a);
	}
	return good;
}

/* In linear time a hundred times as many results take a hundred times as long,
 * in quadratic time ten thousand times. The load of a machine does not make one
 * look like the other. */
static bool
is_linear(size_t n)
{
	double ratio = time_of(100 * n) / time_of(n);

	printf(
	    "%zu results take %.0f times as long as %zu\n", 100 * n, ratio, n);
	return ratio < 1500;
}

int
main(int argc, char **argv)
{
	struct generator g = {.arena = arena_new()};
	bool good = true;

	if (argc != 3)
		return 64;
	g.random = strtoull(argv[2], NULL, 0);
	for (unsigned long i = 0; i < strtoul(argv[1], NULL, 10) && good; i++) {
		good = play(&g, i);
		arena_reset(g.arena);
	}
	arena_free(g.arena);
	printf("fields %zu\nresults %zu\nproperties %zu\nleft out %zu\n",
	    fields_right, results_right, properties_right, left_out_right);
	good = count_results() && good;
	good = is_linear(LIMIT_AUTHRES_RESULTS / 10) && good;
	return fflush(stdout) || !good;
}
