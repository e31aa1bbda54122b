/* key_lint_mend: the key record to publish, and what to do in words. */
/* SPDX-License-Identifier: ISC */

#include "lint/key_lint_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/buf.h"

static void
put_tag(struct buf *b, const char *name, struct span value)
{
	if (span_empty(value))
		return;
	buf_str(b, name);
	buf_add(b, value);
	buf_str(b, "; ");
}

struct span
key_lint_record(enum key_type type, struct span hashes, struct span services,
    struct span flags, struct span data, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, "v=DKIM1; ");
	put_tag(&b, "k=", span_of(key_type_name(type)));
	put_tag(&b, "h=", hashes);
	put_tag(&b, "s=", services);
	put_tag(&b, "t=", flags);
	buf_str(&b, "p=");
	buf_add(&b, base64_encode(data, a));
	return buf_span(&b);
}

/* Returns the words of a list separated by ":" without one of them, and without
 * those that are not words. */
static struct span
without_word(struct span list, const char *word, struct arena *a)
{
	struct buf b = BUF(a);
	struct span item;

	while (taglist_item(&list, ':', &item)) {
		bool is_word = item.len > 0;

		for (size_t i = 0; i < item.len; i++)
			is_word &= ascii_is_alnum(item.p[i]) ||
			    item.p[i] == '-' || item.p[i] == '*';
		if (!is_word || (word && span_eq(item, span_of(word))))
			continue;
		if (b.len)
			buf_char(&b, ':');
		buf_add(&b, item);
	}
	return buf_span(&b);
}

static bool
has(const struct key_lint *l, enum key_finding kind)
{
	return finding_has(&l->findings, &key_findings[kind]);
}

/* Returns the value of a tag, less a word that does not belong there; absent
 * if the record is better without the tag. */
static struct span
mended_tag(struct key_text *t, enum key_tag tag, enum key_finding kind,
    const char *word)
{
	if (word || !has(t->out, kind))
		return without_word(t->tags[tag], word, t->arena);
	return SPAN_NONE;
}

/* Is the text a sound record of the expected key? */
static bool
is_sound(struct key_text *t, struct span text)
{
	struct key_lint trial;
	struct key_text again = {.arena = t->arena,
	    .out = &trial,
	    .name = t->name,
	    .text = text,
	    .expected = t->expected};

	key_lint_check(&again);
	return trial.state == KEY_LINT_SOUND;
}

static struct span
proposal(struct key_text *t)
{
	const struct key_expected *e = t->expected;
	bool is_known = e && e->data.p;
	struct span data = is_known ? e->data : t->out->data, text;

	if (!data.p || (!is_known && t->is_split) ||
	    has(t->out, KEY_FINDING_PRIVATE))
		return SPAN_NONE;
	text = key_lint_record(is_known ? e->type : t->out->type,
	    mended_tag(t, KEY_TAG_H, KEY_FINDING_HASH, NULL),
	    mended_tag(t, KEY_TAG_S, KEY_FINDING_SERVICE, NULL),
	    mended_tag(t, KEY_TAG_T, KEY_FINDING_TESTING, "y"), data, t->arena);
	return is_sound(t, text) ? text : SPAN_NONE;
}

/*
 * Words.
 */

/* The options of dkim-key that name a key, "-d example.org -s s1", or its
 * domain alone. */
static struct span
options(struct span name, bool selector, struct arena *a)
{
	static const struct span middle = {"._domainkey.", 12};
	size_t i = 0;

	while (i < name.len && !span_starts(span_from(name, i), middle))
		i++;
	if (i == name.len)
		return ARENA_JOIN(a, SPAN("-d "), name);
	return ARENA_JOIN(a, SPAN("-d "), span_from(name, i + middle.len),
	    selector ? SPAN(" -s ") : SPAN(""),
	    selector ? span_upto(name, i) : SPAN(""));
}

/* Does it take a new key? */
static bool
needs_new_key(const struct key_lint *l)
{
	static const enum key_finding kinds[] = {KEY_FINDING_REVOKED,
	    KEY_FINDING_SMALL, KEY_FINDING_TOO_SMALL, KEY_FINDING_LARGE,
	    KEY_FINDING_EXPONENT, KEY_FINDING_WEAK};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (has(l, kinds[i]))
			return true;
	return false;
}

struct span
key_lint_words(struct span name, const struct key_lint *l)
{
	struct arena *a = l->findings.arena;
	struct span domain = options(name, false, a);

	if (l->proposed.p)
		return ARENA_JOIN(a, SPAN("publish one TXT record at "), name);
	if (has(l, KEY_FINDING_PRIVATE))
		return ARENA_JOIN(a, SPAN("make a new key with dkim-key new "),
		    domain, SPAN(", sign with it, and publish v=DKIM1; p= at "),
		    name);
	if (needs_new_key(l))
		return ARENA_JOIN(a, SPAN("make a new key with dkim-key new "),
		    domain, SPAN(", publish its record, and sign with it"));
	if (has(l, KEY_FINDING_DANGLING))
		return ARENA_JOIN(a, SPAN("remove the CNAME record at "), name,
		    SPAN(", or have the key published at its target"));
	if (has(l, KEY_FINDING_CNAME))
		return ARENA_JOIN(a, SPAN("publish at "), name,
		    SPAN(" either a CNAME record to the name of the key, or "
			 "a TXT record with the key"));
	return ARENA_JOIN(a, SPAN("publish at "), name,
	    SPAN(" what dkim-key record -k KEYFILE "), options(name, true, a),
	    SPAN(" writes"));
}

void
key_lint_mend(struct key_text *t)
{
	key_lint_check(t);
	if (t->out->state == KEY_LINT_SOUND ||
	    t->out->state == KEY_LINT_UNKNOWN)
		return;
	if (t->out->state == KEY_LINT_FLAWED)
		t->out->proposed = proposal(t);
	t->out->mend = key_lint_words(t->name, t->out);
}
