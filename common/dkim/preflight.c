/* preflight: the findings in a message that is about to be signed. */
/* SPDX-License-Identifier: ISC */

#include "dkim/preflight.h"

#include "base/ascii.h"
#include "base/limit.h"

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

/* Checks a piece of a line, without its LF. A CR at the end of the piece is
 * held back in p->cr, as LF may follow. */
static void
check_text(struct preflight *p, struct span text)
{
	if (!text.len)
		return;
	if (p->cr)
		p->found[PREFLIGHT_BARE_CR] = true;
	p->cr = text.p[text.len - 1] == '\r';
	count(p, text.len - p->cr);
	text.len -= p->cr;
	if (span_find(text, '\r') < text.len)
		p->found[PREFLIGHT_BARE_CR] = true;
}

static void
check_line_end(struct preflight *p)
{
	if (p->cr)
		p->crlf = true;
	else
		p->lf = true;
	p->cr = false;
	p->line = 0;
}

static void
preflight_put(struct sink *self, const char *octets, size_t n)
{
	struct preflight *p = (struct preflight *)self;
	struct span rest = {octets, n};

	if (!p->found[PREFLIGHT_EIGHT_BIT] && has_8bit(rest))
		p->found[PREFLIGHT_EIGHT_BIT] = true;
	while (rest.len) {
		size_t len = span_find(rest, '\n');

		check_text(p, span_upto(rest, len));
		if (len == rest.len)
			return;
		check_line_end(p);
		rest = span_from(rest, len + 1);
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
