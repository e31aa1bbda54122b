/* show_csv: --csv: the list as comma-separated values (RFC 4180). */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

/*
 * The columns are the same for every list, so that a number of a column means
 * the same in every script; dmarc-report(1) has their meanings. All rows are
 * written. Lines end with LF: awk, cut and gnuplot would take the CR of RFC
 * 4180 for a part of the last field, and spreadsheets read both.
 */

struct list {
	enum tally_by by;
	bool has_before; /* --compare */
	struct arena *memory;
};

/*
 * Fields.
 */

/* Would a spreadsheet take the text for a formula? Some ignore a blank before
 * it, some take full-width signs for the usual ones. */
static bool
is_formula(struct span text)
{
	static const char *const wide[] = {/* = + - @ */
	    "\357\274\235", "\357\274\213", "\357\274\215", "\357\274\240"};

	for (size_t i = 0; i < COUNT(wide); i++)
		if (span_starts(text, span_of(wide[i])))
			return true;
	return text.len && memchr("=+-@\t\r\n", text.p[0], 7);
}

/* Is it to be quoted? (RFC 4180 2, 6 and 7.) Where the decimal mark is a comma,
 * spreadsheets separate fields by semicolons. */
static bool
has_separator(struct span text)
{
	return span_find(text, ',') < text.len ||
	    span_find(text, '"') < text.len || span_find(text, ';') < text.len;
}

/* Adds a text: control characters are escaped, and what could be a formula is
 * made text by an apostrophe. */
static void
put_text(struct buf *b, struct span text, struct arena *a)
{
	struct buf shown = BUF(a);
	struct span rest;
	bool quoted;

	if (is_formula(text))
		buf_char(&shown, '\'');
	buf_escaped(&shown, text);
	rest = buf_span(&shown);
	quoted = has_separator(rest);
	if (quoted)
		buf_char(b, '"');
	while (rest.p) {
		buf_add(b, span_cut(&rest, '"'));
		if (rest.p)
			buf_str(b, "\"\"");
	}
	if (quoted)
		buf_char(b, '"');
}

static void
put_number(struct buf *b, uint64_t n)
{
	buf_printf(b, "%llu", (unsigned long long)n);
}

static void
put_day(struct buf *b, int32_t day)
{
	struct tally_date d;

	if (day == TALLY_NO_DAY)
		return;
	d = tally_date_of(day);
	buf_printf(b, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static void
put_network(struct buf *b, const struct tally_row *row, bool with_bits)
{
	char text[IP_TEXT];

	if (!row->has_network)
		return;
	buf_str(b, ip_text(&row->network.ip, text));
	if (with_bits)
		buf_printf(b, "/%u", row->network.bits);
}

/*
 * Columns.
 */

static void
put_key(struct buf *b, const struct list *l, const struct tally_row *row)
{
	if (row->others)
		buf_str(b, "others");
	else if (l->by == TALLY_BY_SOURCE || l->by == TALLY_BY_NETWORK)
		put_network(b, row, l->by == TALLY_BY_NETWORK);
	else if (l->by == TALLY_BY_DAY)
		put_day(b, row->day);
	else if (l->by == TALLY_BY_POLICY)
		put_text(b, row->more, l->memory);
	else
		put_text(b, row->text, l->memory);
}

/* The counters that are columns, in their order. */
static const struct {
	const char *name;
	unsigned counter;
} counters[] = {
    {"messages", TALLY_MESSAGES},
    {"aligned", TALLY_PASSED},
    {"spf", TALLY_SPF},
    {"dkim", TALLY_DKIM},
    {"group_forwarders", TALLY_KIND + VERDICT_FORWARDED},
    {"group_aligned", TALLY_KIND + VERDICT_ALIGNED},
    {"group_partly", TALLY_KIND + VERDICT_PARTLY},
    {"group_not_yours", TALLY_KIND + VERDICT_NEITHER},
    {"refused", TALLY_REFUSED},
    {"none", TALLY_NONE},
    {"quarantine", TALLY_QUARANTINE},
    {"reject", TALLY_REJECT},
    {"reports", TALLY_REPORTS},
};

static void
put_header(struct buf *b, const struct list *l)
{
	buf_str(b, tally_by_word(l->by));
	for (size_t i = 0; i < COUNT(counters); i++) {
		buf_char(b, ',');
		buf_str(b, counters[i].name);
	}
	buf_str(b, ",first_day,last_day,messages_before,aligned_before");
	buf_str(b, ",domain,dkim_domain,dkim_selector,rule\n");
}

/* --compare: what the row had in the period before; else empty. */
static void
put_before(struct buf *b, const struct list *l, const struct tally_row *row)
{
	buf_char(b, ',');
	if (l->has_before)
		put_number(b, row->before[TALLY_MESSAGES]);
	buf_char(b, ',');
	if (l->has_before)
		put_number(b, row->before[TALLY_PASSED]);
}

/* What most of the messages have, or what the key has. */
static void
put_typical(struct buf *b, const struct list *l, const struct tally_row *row)
{
	struct arena *a = l->memory;

	buf_char(b, ',');
	put_text(b, l->by == TALLY_BY_POLICY ? row->text : row->header_from, a);
	buf_char(b, ',');
	put_text(
	    b, l->by == TALLY_BY_SELECTOR ? row->more : row->dkim_domain, a);
	buf_char(b, ',');
	put_text(
	    b, l->by == TALLY_BY_SELECTOR ? row->text : row->dkim_selector, a);
	buf_char(b, ',');
	if (row->typical)
		buf_str(b, verdict_rule_id(row->rule));
	buf_char(b, '\n');
}

static void
put_row(struct buf *b, const struct list *l, const struct tally_row *row)
{
	put_key(b, l, row);
	for (size_t i = 0; i < COUNT(counters); i++) {
		buf_char(b, ',');
		put_number(b, row->n[counters[i].counter]);
	}
	buf_char(b, ',');
	put_day(b, row->first);
	buf_char(b, ',');
	put_day(b, row->last);
	put_before(b, l, row);
	put_typical(b, l, row);
}

void
show_csv(struct job *job)
{
	const struct list l = {
	    job->options.by, job->options.compare > 0, arena_new()};
	enum tally_part part = l.has_before ? TALLY_LAST : TALLY_ALL;
	struct buf b = BUF(job->memory);
	size_t n;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_GROUPS, part, job->memory, &n);

	put_header(&b, &l);
	for (size_t i = 0; i < n; i++) {
		put_row(&b, &l, &rows[i]);
		fwrite(b.p, 1, b.len, stdout);
		b.len = 0;
		arena_reset(l.memory);
	}
	fwrite(b.p, 1, b.len, stdout);
	arena_free(l.memory);
}
