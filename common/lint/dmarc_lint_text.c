/* dmarc_lint_text: texts that are, or are meant to be, a DMARC record. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

/* Is the text a record without its version? */
static bool
has_policy(struct span text, struct arena *a)
{
	struct dmarc_record r;

	dmarc_record_parse(ARENA_JOIN(a, SPAN("v=DMARC1;"), text), a, &r);
	return r.has_p || r.has_sp || r.has_np;
}

bool
dmarc_lint_looks_alike(struct span text, struct arena *a)
{
	struct span bare = finding_skip_litter(text, "");

	return !dmarc_is_record(text) &&
	    (finding_has_version(bare, SPAN("DMARC")) ||
		span_casecontains(bare, SPAN("v=DMARC1")) ||
		has_policy(bare, a));
}

/* Returns the text with a space for each HTAB, which is a blank like it (RFC
 * 9989 4.8). */
static struct span
without_tabs(struct span text, struct arena *a)
{
	char *p;

	if (span_find(text, '\t') == text.len)
		return text;
	p = arena_cstr(a, text);
	for (size_t i = 0; i < text.len; i++)
		if (p[i] == '\t')
			p[i] = ' ';
	return (struct span){p, text.len};
}

/* "'"' after 'p=' (octet 14)" */
static struct span
place(struct span text, size_t at, struct arena *a)
{
	struct span before = span_upto(text, at);

	if (before.len > 16)
		before = span_from(before, before.len - 16);
	return ARENA_JOIN(a, span_upto(span_from(text, at), 1),
	    SPAN(" after '"), before, arena_printf(a, "' (octet %zu)", at + 1));
}

static void
check_octet(struct dmarc_lint_job *job, enum dmarc_finding kind,
    struct span where, struct span text, char c)
{
	size_t at = span_find(text, c);

	if (at < text.len)
		dmarc_lint_add(job, kind, where, place(text, at, job->arena));
}

void
dmarc_lint_text(struct dmarc_lint_job *job, struct span where, struct span text)
{
	struct span unseen =
	    finding_unseen(without_tabs(text, job->arena), job->arena);

	if (dmarc_lint_looks_alike(text, job->arena))
		dmarc_lint_add(job, DMARC_FINDING_LOOKALIKE, where, text);
	else if (!dmarc_is_record(text))
		return;
	else if (!span_starts(text, SPAN("v=DMARC1")))
		dmarc_lint_add(job, DMARC_FINDING_BLANKS, where,
		    span_upto(text, span_find(text, ';')));
	if (unseen.p)
		dmarc_lint_add(job, DMARC_FINDING_UNSEEN, where, unseen);
	check_octet(job, DMARC_FINDING_QUOTES, where, text, '"');
	check_octet(job, DMARC_FINDING_BACKSLASH, where, text, '\\');
}
