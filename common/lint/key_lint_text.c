/* key_lint_text: errors and risks in the text of a key record. */
/* SPDX-License-Identifier: ISC */

#include "lint/key_lint_internal.h"

#include "base/ascii.h"
#include "base/limit.h"

/*
 * What a verifier makes of a record.
 */

/* RFC 6376 6.1.2, RFC 8301 3.2 */
static enum dkim_reason
verifier_reason(const struct dkim_key *key)
{
	const struct dkim_signature s = {
	    .type = key->type, .hash = DIGEST_SHA256};
	struct key_public *k;
	enum dkim_reason reason = dkim_key_import(key, LIMIT_RSA_BITS_MIN, &k);

	if (reason == DKIM_OK)
		reason = dkim_key_allows(key, &s);
	key_public_free(k);
	return reason;
}

/*
 * A text.
 */

/* Takes the tags of a record that a verifier can parse. Returns false if they
 * are not as they were meant. */
static bool
take_tags(struct key_text *t)
{
	static const char letters[] = KEY_TAGS;
	struct taglist list;

	taglist_parse(t->text, t->arena, &list);
	for (size_t i = 0; i < KEY_TAG_COUNT; i++)
		t->tags[i] =
		    taglist_value(&list, (const char[]){letters[i], '\0'});
	for (size_t i = KEY_TAG_K; i < KEY_TAG_P; i++)
		if (finding_unseen(t->tags[i], t->arena).p)
			return false;
	return true;
}

/* FWS is blanks, with at most one CRLF that a blank follows (RFC 6376 2.8). */
static bool
has_line_ends(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		struct span rest = span_from(text, i);

		if (text.p[i] != '\r' && text.p[i] != '\n')
			continue;
		if (!span_starts(rest, SPAN("\r\n ")) &&
		    !span_starts(rest, SPAN("\r\n\t")))
			return true;
		i++;
	}
	return false;
}

static void
check_blanks(struct key_text *t)
{
	struct span p = t->tags[KEY_TAG_P];

	if (has_line_ends(p))
		key_lint_add(t, KEY_FINDING_PEM, SPAN("line ends"));
	else if (arena_without(t->arena, p, ascii_is_space).len < p.len)
		key_lint_add(t, KEY_FINDING_BLANKS, SPAN_NONE);
}

/* Is a list absent, or has it one of two words? */
static bool
permits(struct span list, struct span word, struct span all)
{
	struct span item;
	bool found = !list.p;

	while (taglist_item(&list, ':', &item))
		found |= span_eq(item, word) || span_eq(item, all);
	return found;
}

/* RFC 6376 3.6.1 */
static void
check_use(struct key_text *t)
{
	struct span s = t->tags[KEY_TAG_S], h = t->tags[KEY_TAG_H];
	struct span flags = t->tags[KEY_TAG_T];

	if (!permits(s, SPAN("email"), SPAN("*")))
		key_lint_add(t, KEY_FINDING_SERVICE, s);
	if (!permits(h, SPAN("sha256"), SPAN("sha256")))
		key_lint_add(t, KEY_FINDING_HASH, h);
	if (flags.p && permits(flags, SPAN("y"), SPAN("y")))
		key_lint_add(t, KEY_FINDING_TESTING, SPAN_NONE);
}

/* RFC 8301 3.2 */
static void
check_size(struct key_text *t)
{
	unsigned bits = t->out->bits;

	if (t->out->type != KEY_RSA || !bits || bits >= LIMIT_RSA_BITS_WARN)
		return;
	key_lint_add(t,
	    bits < LIMIT_RSA_BITS_MIN ? KEY_FINDING_TOO_SMALL
				      : KEY_FINDING_SMALL,
	    arena_printf(t->arena, "%u bits", bits));
}

/* An RSA key may be published without the frame of the SubjectPublicKeyInfo, of
 * which it is the end (RFC 8017 A.1.1). */
static bool
is_same(struct span one, struct span other)
{
	struct span end = one.len > other.len ? one : other;
	size_t shorter = one.len > other.len ? other.len : one.len;

	return span_eq(span_from(end, end.len - shorter),
	    one.len > other.len ? other : one);
}

static bool
is_expected(const struct key_text *t)
{
	const struct key_expected *e = t->expected;
	struct key_public *k;
	bool same;

	if (e->type != t->out->type)
		return false;
	if (e->data.p)
		return is_same(e->data, t->out->data);
	if (!e->private ||
	    key_public_parse(e->type, t->out->data, &k) != KEY_OK)
		return true;
	same = key_private_matches(e->private, k);
	key_public_free(k);
	return same;
}

/* Does a finding say why verifiers reject the key? */
static bool
is_explained(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].level == FINDING_ERROR ||
		    f->list[i].kind == &key_findings[KEY_FINDING_VERSION])
			return true;
	return false;
}

/* Adds that the record cannot be parsed, if nothing else says why. */
static void
check_parsed(struct key_text *t, const struct dkim_key *key)
{
	if (t->out->reason == DKIM_OK || is_explained(&t->out->findings))
		return;
	key_lint_add(t, KEY_FINDING_SYNTAX, key->detail);
}

/* Takes the tags, and adds the findings about their form. Returns false if
 * there is no key to check. */
static bool
read_tags(struct key_text *t)
{
	if (t->out->reason == DKIM_OK && take_tags(t)) {
		check_blanks(t);
		return true;
	}
	for (size_t i = 0; i < KEY_TAG_COUNT; i++)
		t->tags[i] = SPAN_NONE;
	return key_lint_read(t);
}

static void
check_key(struct key_text *t, const struct dkim_key *key)
{
	struct key_lint *out = t->out;

	if (!read_tags(t))
		return;
	if (out->reason == DKIM_OK)
		out->reason = verifier_reason(key);
	if (t->tags[KEY_TAG_P].len)
		key_lint_data(t);
	check_use(t);
	check_size(t);
	if (t->expected && out->data.p && !is_expected(t))
		key_lint_add(
		    t, KEY_FINDING_DIFFERS, key_lint_title(out, t->arena));
	check_parsed(t, key);
}

static enum key_lint_state
state_of(const struct key_lint *l)
{
	if (finding_has(&l->findings, &key_findings[KEY_FINDING_FORBIDDEN]))
		return KEY_LINT_UNKNOWN;
	return key_lint_worst(l) ? KEY_LINT_FLAWED : KEY_LINT_SOUND;
}

void
key_lint_check(struct key_text *t)
{
	struct key_lint *out = t->out;
	struct dkim_key key;

	*out = (struct key_lint){.findings = FINDINGS(t->arena, "dkim")};
	out->findings.record = t->record;
	out->reason = dkim_key_parse(t->text, t->arena, &key);
	if (out->reason == DKIM_KEY_REVOKED) {
		key_lint_add(t, KEY_FINDING_REVOKED, SPAN_NONE);
		out->state = KEY_LINT_REVOKED;
	} else {
		check_key(t, &key);
		out->state = state_of(out);
	}
	out->is_usable = out->reason == DKIM_OK;
}
