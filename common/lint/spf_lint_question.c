/* spf_lint_question: is SPF sound, and how it is known. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/buf.h"
#include "base/limit.h"
#include "lint/spf_lint_internal.h"

/* Octets of a record in a proof, and of what a finding is about. */
#define SHOWN 100u

/*
 * Words. Those of a finding are "PROBLEM: MEND" or "PROBLEM: EFFECT; MEND".
 */

static size_t
find_words(struct span text, const char *what)
{
	size_t n = strlen(what), i = 0;

	while (i + n <= text.len && memcmp(text.p + i, what, n) != 0)
		i++;
	return i + n <= text.len ? i : text.len;
}

static struct span
problem_of(const struct finding *f)
{
	struct span words = span_of(f->kind->words);

	return span_upto(words, find_words(words, ": "));
}

static struct span
mend_of(const struct finding *f)
{
	struct span words = span_of(f->kind->words);
	size_t at = find_words(words, "; ");

	if (at == words.len)
		at = find_words(words, ": ");
	return span_from(words, at + 2);
}

static void
add_what(struct buf *b, const struct spf_lint *l, const struct finding *f)
{
	if (f->what.p) {
		buf_str(b, ": ");
		buf_short(b, f->what, SHOWN);
	}
	if (!span_eq(f->where, l->domain)) {
		buf_str(b, " of ");
		buf_add(b, f->where);
	}
}

/* "v=spf1 mx -all, 1 of 10 lookups, ends in -all" */
static void
prove_yes(struct buf *b, const struct spf_lint *l)
{
	buf_short(b, l->record, SHOWN);
	buf_printf(b, ", %u of %u lookups, ", l->lookups, LIMIT_SPF_LOOKUPS);
	if (l->voids)
		buf_printf(b, "%u of %u void, ", l->voids, LIMIT_SPF_VOIDS);
	buf_str(b, "ends in ");
	buf_add(b, l->all);
}

/* "v=spf1 mx: neither all nor redirect=" */
static void
prove_no(struct buf *b, const struct spf_lint *l)
{
	const char *before = l->record.p ? ": " : "";

	buf_short(b, l->record, SHOWN);
	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];

		if (!spf_lint_is_unsound(l, f))
			continue;
		buf_str(b, before);
		buf_add(b, problem_of(f));
		add_what(b, l, f);
		before = "; ";
	}
}

static void
prove_not_known(struct buf *b, const struct spf_lint *l)
{
	const char *before = "";

	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];

		if (f->kind != &spf_findings[SPF_FINDING_DNS])
			continue;
		buf_str(b, before);
		buf_str(b, "the DNS gives no answer");
		add_what(b, l, f);
		before = "; ";
	}
	if (!b->len)
		buf_str(b, "where redirect= leads depends on the client");
}

/* Is it a finding that the answer, or else the change, is about? */
static bool
is_concerned(const struct spf_lint *l, const struct finding *f, bool is_no)
{
	return is_no ? spf_lint_is_unsound(l, f) : spf_lint_is_own(l, f);
}

/* Has an earlier finding the same words? */
static bool
is_repeated(const struct spf_lint *l, const struct finding *f, bool is_no)
{
	for (const struct finding *p = l->findings.list; p < f; p++)
		if (p->kind == f->kind && is_concerned(l, p, is_no))
			return true;
	return false;
}

/* "correct it (did you mean -all?); end with -all or ~all" */
static struct span
mend_words(const struct spf_lint *l, bool is_no, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];

		if (!is_concerned(l, f, is_no) || is_repeated(l, f, is_no))
			continue;
		if (b.len)
			buf_str(&b, "; ");
		buf_add(&b, mend_of(f));
		if (f->near) {
			buf_str(&b, " (did you mean ");
			buf_short(&b, span_of(f->near), SHOWN);
			buf_str(&b, "?)");
		}
	}
	return buf_span(&b);
}

void
spf_question(const struct spf_lint *l, struct dns *dns, struct arena *a,
    struct question *q)
{
	static void (*const prove[])(struct buf *, const struct spf_lint *) = {
	    [ANSWER_YES] = prove_yes,
	    [ANSWER_NO] = prove_no,
	    [ANSWER_NOT_KNOWN] = prove_not_known,
	};
	struct buf b = BUF(a);

	*q = (struct question){.answer = spf_lint_sound(l)};
	prove[q->answer](&b, l);
	q->proof = buf_span(&b);
	if (q->answer != ANSWER_NOT_KNOWN)
		q->change = spf_mend(l, dns, a);
	if (q->answer == ANSWER_NO || q->change)
		q->mend = mend_words(l, q->answer == ANSWER_NO, a);
}
