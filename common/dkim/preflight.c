/* preflight: the findings in a message that is about to be signed. */
/* SPDX-License-Identifier: ISC */

#include "dkim/preflight.h"

#include "base/ascii.h"
#include "base/limit.h"
#include "dkim/canon.h"

static const struct {
	const char *id, *words;
} finding_table[] = {
#define PREFLIGHT_ROW(name, id, words) {id, words},
    PREFLIGHTS(PREFLIGHT_ROW)};

const char *
preflight_id(enum preflight_finding finding)
{
	return finding_table[finding].id;
}

const char *
preflight_words(enum preflight_finding finding)
{
	return finding_table[finding].words;
}

static void
count(struct preflight *p, size_t n)
{
	p->line += n;
	if (p->line > LIMIT_LINE)
		p->found[PREFLIGHT_LONG_LINE] = true;
}

#define BLOCK 32

/* No branches within a block, so that the compiler can vectorize it. */
static bool
has_8bit(struct span s)
{
	unsigned char all = 0;

	for (; s.len >= BLOCK && !(all & 0x80); s = span_from(s, BLOCK))
		for (int i = 0; i < BLOCK; i++)
			all |= (unsigned char)s.p[i];
	for (size_t i = 0; i < s.len; i++)
		all |= (unsigned char)s.p[i];
	return all & 0x80;
}

static void
end_line(struct preflight *p)
{
	if (p->cr)
		p->crlf = true;
	else
		p->lf = true;
	p->cr = false;
	p->line = 0;
}

/* Takes one octet of a line or of its end. A CR is held back in p->cr, as LF
 * may follow. */
static void
check_octet(struct preflight *p, char c)
{
	if (c == '\n') {
		end_line(p);
		return;
	}
	if (p->cr) {
		p->found[PREFLIGHT_BARE_CR] = true;
		count(p, 1);
	}
	p->cr = c == '\r';
	if (!p->cr)
		count(p, 1);
}

/* Returns the number of octets up to the last line end that ends a line of most
 * octets, or else up to the first line end; 0: there is none. */
static size_t
whole_lines(const struct preflight *p, size_t most, struct span run)
{
	size_t left = p->line < most ? most - p->line : 0;
	struct span near = span_upto(run, run.len < left ? run.len : left);
	size_t end = span_find_last(near, '\n');

	if (end == near.len)
		end = span_find(run, '\n');
	return end < run.len ? end + 1 : 0;
}

/* Checks lines that end all in the same way and have no other CR. As long as
 * there is a line end in each stretch of the limit, no line is longer, so that
 * few of the line ends are looked for. */
static void
check_run(struct preflight *p, struct span run, bool crlf)
{
	size_t most = LIMIT_LINE + (crlf ? 2 : 1), n;

	while ((n = whole_lines(p, most, run))) {
		if (p->line + n > most)
			p->found[PREFLIGHT_LONG_LINE] = true;
		p->cr = crlf;
		end_line(p);
		run = span_from(run, n);
	}
	count(p, run.len);
}

/* Checks the octets up to one that takes a closer look. Returns how many. */
static size_t
check_some(struct preflight *p, struct span rest)
{
	size_t n = 0;

	if (p->cr || rest.p[0] == '\r')
		return 0;
	if (rest.p[0] != '\n')
		n = canon_run(CANON_SIMPLE, rest);
	check_run(p, span_upto(rest, n), true);
	rest = span_from(rest, n);
	if (!rest.len || rest.p[0] != '\n')
		return n;
	check_run(p, span_upto(rest, span_find(rest, '\r')), false);
	return n + span_find(rest, '\r');
}

static void
preflight_put(struct sink *self, const char *octets, size_t n)
{
	struct preflight *p = (struct preflight *)self;
	struct span rest = {octets, n};

	if (!p->found[PREFLIGHT_EIGHT_BIT] && has_8bit(rest))
		p->found[PREFLIGHT_EIGHT_BIT] = true;
	while (rest.len) {
		rest = span_from(rest, check_some(p, rest));
		if (rest.len)
			check_octet(p, rest.p[0]);
		rest = span_from(rest, rest.len ? 1 : 0);
	}
}

static void
preflight_end(struct sink *self)
{
	struct preflight *p = (struct preflight *)self;

	if (p->cr)
		p->found[PREFLIGHT_BARE_CR] = true;
	if (p->crlf && p->lf)
		p->found[PREFLIGHT_MIXED_EOL] = true;
}

void
preflight_begin(struct preflight *p, const struct message *m)
{
	static const struct {
		const char *name;
		enum preflight_finding finding;
	} once[] = {
	    {"From", PREFLIGHT_FROM},
	    {"Date", PREFLIGHT_DATE},
	    {"Message-ID", PREFLIGHT_MESSAGE_ID},
	};

	*p = (struct preflight){.sink = {preflight_put, preflight_end}};
	for (size_t i = 0; i < m->nfields; i++)
		preflight_put(
		    &p->sink, m->fields[i].raw.p, m->fields[i].raw.len);
	preflight_put(&p->sink, m->separator.p, m->separator.len);
	for (size_t i = 0; i < COUNT(once); i++)
		if (message_count(m, span_of(once[i].name)) != 1)
			p->found[once[i].finding] = true;
}
