/* dkim_lint_answer: the question whether the keys are sound. */
/* SPDX-License-Identifier: ISC */

#include "lint/dkim_lint_internal.h"

#include "base/buf.h"

const struct finding_kind dkim_findings[] = {DKIM_FINDINGS(FINDING_KIND)};

struct span
dkim_lint_words(const struct dkim_lint_key *key, struct arena *a)
{
	const struct key_lint *l = &key->lint;
	const struct finding *worst = key_lint_worst(l);
	struct buf b = BUF(a);

	switch (key->state) {
	case KEY_LINT_SOUND:
		buf_add(&b, key_lint_title(l, a));
		buf_str(&b, ", sound");
		break;
	case KEY_LINT_FLAWED:
		buf_str(&b, worst ? worst->kind->id : "not sound");
		if (l->data.p) {
			buf_str(&b, ", ");
			buf_add(&b, key_lint_title(l, a));
		}
		break;
	case KEY_LINT_REVOKED:
		buf_str(&b, "revoked");
		break;
	case KEY_LINT_ABSENT:
		buf_str(
		    &b, key->is_wildcard ? "no key, but a wildcard" : "no key");
		break;
	case KEY_LINT_UNKNOWN:
		buf_str(&b, dkim_reasons[l->reason].id);
		break;
	}
	return buf_span(&b);
}

static size_t
count(const struct dkim_lint *out, enum key_lint_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < out->nkeys; i++)
		n += out->keys[i].state == state;
	return n;
}

/* Does a key make the answer a no, whatever the others are? */
static bool
is_bad(const struct dkim_lint_key *k)
{
	return k->state == KEY_LINT_FLAWED ||
	    (k->state == KEY_LINT_ABSENT &&
		k->selector->source == DKIM_LINT_NAMED);
}

static bool
is_named_revoked(const struct dkim_lint_key *k)
{
	return k->state == KEY_LINT_REVOKED &&
	    k->selector->source == DKIM_LINT_NAMED;
}

static size_t
count_if(const struct dkim_lint *out, bool (*is)(const struct dkim_lint_key *))
{
	size_t n = 0;

	for (size_t i = 0; i < out->nkeys; i++)
		n += is(&out->keys[i]);
	return n;
}

/*
 * Proofs.
 */

/* Adds "s1 (RSA 2048), s2 (Ed25519)". */
static void
put_sound(struct buf *b, const struct dkim_lint *out)
{
	bool first = true;

	for (size_t i = 0; i < out->nkeys; i++) {
		const struct dkim_lint_key *k = &out->keys[i];

		if (k->state != KEY_LINT_SOUND)
			continue;
		buf_str(b, first ? "" : ", ");
		buf_add(b, k->selector->selector);
		buf_str(b, " (");
		buf_add(b, key_lint_title(&k->lint, b->arena));
		buf_str(b, ")");
		first = false;
	}
}

/* Adds "s1: no key; s2: revoked", of those keys. */
static void
put_lines(struct buf *b, const struct dkim_lint *out,
    bool (*is)(const struct dkim_lint_key *))
{
	for (size_t i = 0; i < out->nkeys; i++)
		if (is(&out->keys[i])) {
			buf_str(b, b->len ? "; " : "");
			buf_add(b, out->keys[i].line);
		}
}

static bool
is_unknown(const struct dkim_lint_key *k)
{
	return k->state == KEY_LINT_UNKNOWN;
}

static bool
is_revoked(const struct dkim_lint_key *k)
{
	return k->state == KEY_LINT_REVOKED;
}

static struct span
proof_of_yes(const struct dkim_lint *out)
{
	struct buf b = BUF(out->findings.arena);
	size_t n = count(out, KEY_LINT_SOUND);

	buf_printf(&b, "%zu sound key%s: ", n, n == 1 ? "" : "s");
	put_sound(&b, out);
	put_lines(&b, out, is_revoked);
	return buf_span(&b);
}

static struct span
proof_of_doubt(const struct dkim_lint *out)
{
	struct buf b = BUF(out->findings.arena);

	put_lines(&b, out, is_unknown);
	if (b.len)
		return buf_span(&b);
	buf_str(
	    &b, "no selector is known, and the DNS cannot list them: give -s");
	for (size_t i = 0; i < out->nkeys; i++) {
		buf_str(&b, i ? ", " : " (no key under ");
		buf_add(&b, out->keys[i].selector->selector);
	}
	buf_str(&b, out->nkeys ? ")" : "");
	return buf_span(&b);
}

/*
 * Answers.
 */

static void
answer_no(struct dkim_lint *out, bool (*is)(const struct dkim_lint_key *))
{
	struct question *q = &out->question;
	struct buf proof = BUF(out->findings.arena);
	struct buf mend = BUF(out->findings.arena);

	q->answer = ANSWER_NO;
	put_lines(&proof, out, is);
	q->proof = buf_span(&proof);
	for (size_t i = 0; i < out->nkeys; i++)
		if (is(&out->keys[i]) && out->keys[i].lint.mend.p) {
			buf_str(&mend, mend.len ? "; " : "");
			buf_add(&mend, out->keys[i].lint.mend);
		}
	q->mend = buf_span(&mend);
}

/* The changes are an answer if they mend all keys, and nothing else is open. */
static void
take_changes(struct dkim_lint *out)
{
	if (!out->nchanges || out->nchanges < count_if(out, is_bad) ||
	    count(out, KEY_LINT_UNKNOWN))
		return;
	out->question.change = out->changes;
	out->question.nmore = out->nchanges - 1;
}

static void
answer_empty(struct dkim_lint *out, struct span name)
{
	const struct finding_kind *kind = &dkim_findings[DKIM_FINDING_NO_KEYS];

	finding_add(&out->findings, kind, name, SPAN_NONE);
	out->question = (struct question){.answer = ANSWER_NO,
	    .proof = ARENA_JOIN(out->findings.arena, name,
		SPAN(" does not exist, so there is no key (RFC 8020)")),
	    .mend =
		SPAN("make a key with dkim-key new, publish its record, and "
		     "sign with it")};
}

/* Adds the findings of all keys. A revoked key beside a sound one is as it
 * should be. */
static void
join_findings(struct dkim_lint *out, bool is_empty)
{
	for (size_t i = 0; i < out->nkeys; i++) {
		struct dkim_lint_key *k = &out->keys[i];

		if (k->state == KEY_LINT_ABSENT && is_empty)
			continue;
		if (k->state == KEY_LINT_REVOKED && k->lint.findings.n &&
		    count(out, KEY_LINT_SOUND))
			k->lint.findings.list[0].level = FINDING_NOTE;
		finding_join(&out->findings, &k->lint.findings);
	}
}

void
dkim_lint_answer(struct dkim_lint *out, struct span empty)
{
	bool has_sound = count(out, KEY_LINT_SOUND) > 0;
	bool is_open = count(out, KEY_LINT_UNKNOWN) > 0;
	bool is_empty =
	    empty.p && !has_sound && !is_open && !count(out, KEY_LINT_FLAWED);
	join_findings(out, is_empty);
	if (is_empty)
		answer_empty(out, empty);
	else if (count_if(out, is_bad))
		answer_no(out, is_bad);
	else if (!has_sound && !is_open && count_if(out, is_named_revoked))
		answer_no(out, is_named_revoked);
	else
		out->question = (struct question){
		    .answer =
			has_sound && !is_open ? ANSWER_YES : ANSWER_NOT_KNOWN,
		    .proof = has_sound && !is_open ? proof_of_yes(out)
						   : proof_of_doubt(out)};
	if (out->question.answer == ANSWER_NO)
		take_changes(out);
}
