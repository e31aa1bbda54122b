/* spf_lint_typo: mistyped terms, and what they were meant to be. */
/* SPDX-License-Identifier: ISC */

#include <sys/socket.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "lint/spf_lint_internal.h"

/* A longer word is not one term that was mistyped. */
#define LONGEST 500u

/* Names, as nearest_of() takes them, and what comes after them. */
static const char *const names[] = {"all", "include", "a", "mx", "ptr", "ip4",
    "ip6", "exists", "redirect", "exp", NULL};

static bool
is_qualifier(char c)
{
	return c == '+' || c == '-' || c == '~' || c == '?';
}

/* Parses a word that is one term and nothing else. */
static bool
parse(struct span word, struct arena *a, struct spf_term *t)
{
	struct spf_record r;
	struct span wrong;

	if (!word.len ||
	    spf_record_parse(ARENA_JOIN(a, SPAN("v=spf1 "), word), a, &r,
		&wrong) != SPF_PASS ||
	    r.nterms != 1)
		return false;
	*t = r.terms[0];
	return true;
}

/* Has it a comma or semicolon that is not a delimiter of a macro (RFC 7208
 * 7.1)? No name has one. */
static bool
has_separator(struct span s)
{
	bool in = false;

	for (size_t i = 0; i < s.len; i++) {
		if (!in && (s.p[i] == ',' || s.p[i] == ';'))
			return true;
		in = s.p[i] != '}' && (in || s.p[i] == '{');
	}
	return false;
}

/* Is it an address, or a network? */
static bool
is_address(struct span s, bool *is_ip4)
{
	struct span rest = s, address = span_cut(&rest, '/');
	struct ip ip;
	uint64_t bits;

	*is_ip4 = ip_parse_family(address, AF_INET, &ip);
	if (!*is_ip4 && !ip_parse_family(address, AF_INET6, &ip))
		return false;
	return !rest.p || span_number(rest, *is_ip4 ? 32 : 128, &bits);
}

/*
 * One word.
 */

/* A word, taken apart. */
struct parts {
	struct span qualifier; /* or empty */
	struct span body;      /* what follows it */
	struct span name, value;
	char mark; /* ':' or '=' between them, or 0 */
};

static struct parts
take_apart(struct span word)
{
	struct parts w = {.qualifier = span_upto(word, 0), .body = word};
	size_t n = 0;

	if (word.len && is_qualifier(word.p[0])) {
		w.qualifier = span_upto(word, 1);
		w.body = span_from(word, 1);
	}
	while (n < w.body.len && !memchr(":=/", w.body.p[n], 3))
		n++;
	w.name = span_upto(w.body, n);
	w.value = span_from(w.body, n);
	if (w.value.len && w.value.p[0] != '/') {
		w.mark = w.value.p[0];
		w.value = span_from(w.value, 1);
	}
	return w;
}

/* Names for addresses: "ip", "ipv4", "ip-6". */
static bool
is_ip_name(struct span name)
{
	const char *near = nearest_of(name, names);

	return span_casestarts(name, SPAN("ip")) ||
	    (near && span_casestarts(span_of(near), SPAN("ip")));
}

/* Returns the name that was meant, or NULL. */
static const char *
meant_name(const struct parts *w, bool *is_modifier)
{
	const char *name = nearest_of(w->name, names);
	bool is_ip4;

	*is_modifier = name &&
	    (span_eq(span_of(name), SPAN("redirect")) ||
		span_eq(span_of(name), SPAN("exp")));
	if (w->mark && is_address(w->value, &is_ip4))
		return is_ip_name(w->name) || (name && !*is_modifier)
		    ? is_ip4 ? "ip4" : "ip6"
		    : NULL;
	return name;
}

/* Returns the term that was meant, absent: not known. */
static struct span
meant_term(struct span word, struct arena *a)
{
	struct parts w = take_apart(word);
	struct buf b = BUF(a);
	struct spf_term t;
	bool is_ip4, is_modifier;
	const char *name;

	if (is_address(w.body, &is_ip4))
		return ARENA_JOIN(a, w.qualifier,
		    is_ip4 ? SPAN("ip4:") : SPAN("ip6:"), w.body);
	name = meant_name(&w, &is_modifier);
	if (!name)
		return SPAN_NONE;
	if (!is_modifier)
		buf_add(&b, w.qualifier);
	buf_str(&b, name);
	if (w.mark && w.value.len)
		buf_char(&b, is_modifier ? '=' : ':');
	buf_add(&b, w.value);
	return parse(buf_span(&b), a, &t) ? buf_span(&b) : SPAN_NONE;
}

/* Returns what a word without blanks and separators was meant to be; empty:
 * nothing, as it is another version. */
static struct span
mend_word(struct span word, struct arena *a)
{
	struct spf_term t;
	struct span meant;

	if (span_casestarts(word, SPAN("v=spf")))
		return span_upto(word, 0);
	if (parse(word, a, &t) && t.kind != SPF_UNKNOWN)
		return word;
	meant = meant_term(word, a);
	if (!meant.p && word.len > 1 && word.p[word.len - 1] == '.')
		meant = meant_term(span_upto(word, word.len - 1), a);
	if (!meant.p && parse(word, a, &t)) /* an unknown modifier */
		return word;
	return meant;
}

/*
 * Words with separators, quotes and backslashes in them.
 */

/* Returns the word with SP for these, except that quotes and backslashes may be
 * dropped. */
static struct span
without_separators(struct span word, bool drops, struct arena *a)
{
	struct span text = finding_without_unseen(word, a);
	struct buf b = BUF(a);
	bool in = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		in = c != '}' && (in || c == '{');
		if (in || !strchr(",;\"'\\", c))
			buf_char(&b, c);
		else if (!drops || c == ',' || c == ';')
			buf_char(&b, ' ');
	}
	return buf_span(&b);
}

/* Returns what each of some words was meant to be; absent: not known. */
static struct span
mend_words(struct span words, struct arena *a)
{
	struct buf b = BUF(a);

	while (words.p) {
		struct span word = span_cut(&words, ' ');
		struct span meant = word.len ? mend_word(word, a) : word;

		if (!meant.p)
			return SPAN_NONE;
		if (b.len && meant.len)
			buf_char(&b, ' ');
		buf_add(&b, meant);
	}
	return buf_span(&b);
}

/* Returns what a word was meant to be; absent: not known. */
static struct span
mend(struct span word, struct arena *a)
{
	struct spf_term t;
	struct span meant;

	if (parse(word, a, &t) && !has_separator(t.domain))
		return t.kind == SPF_UNKNOWN ? mend_word(word, a) : word;
	if (word.len > LONGEST)
		return SPAN_NONE;
	meant = mend_words(without_separators(word, true, a), a);
	if (!meant.p)
		meant = mend_words(without_separators(word, false, a), a);
	return meant;
}

/*
 * Terms.
 */

/* Is a blank between two words one inside a term, as in "include: a.example",
 * "ip4 :192.0.2.1", "- all"? */
static bool
is_torn(struct span word, struct span next, struct arena *a)
{
	char last = word.p[word.len - 1];
	struct spf_term t;

	if (word.len + next.len > LONGEST ||
	    (parse(word, a, &t) && parse(next, a, &t)))
		return false;
	return next.len &&
	    (last == ':' || last == '=' || memchr(":=/", next.p[0], 3) ||
		(word.len == 1 && is_qualifier(last)));
}

static struct span
next_word(struct span *rest)
{
	struct span word = {"", 0};

	while (rest->p && !word.len)
		word = span_cut(rest, ' ');
	return word;
}

bool
spf_typo_next(struct span *rest, struct arena *a, struct spf_typo *t)
{
	struct span word = next_word(rest), after = *rest, next;

	if (!word.len)
		return false;
	next = next_word(&after);
	if (is_torn(word, next, a)) {
		t->to = mend(ARENA_JOIN(a, word, next), a);
		if (t->to.p) {
			t->from = span_between(word.p, next.p + next.len);
			*rest = after;
			return true;
		}
	}
	*t = (struct spf_typo){.from = word, .to = mend(word, a)};
	return true;
}

struct span
spf_typo_all(struct span terms, struct arena *a)
{
	struct span rest = terms;
	struct buf b = BUF(a);
	struct spf_typo t;

	while (rest.p && spf_typo_next(&rest, a, &t)) {
		if (!t.to.p)
			return SPAN_NONE;
		if (b.len && t.to.len)
			buf_char(&b, ' ');
		buf_add(&b, t.to);
	}
	return buf_span(&b);
}

/*
 * The version.
 */

/* Returns the position of "v=spf1" in a text, or its length. */
static size_t
find_version(struct span text)
{
	size_t i = 0;

	while (i < text.len &&
	    !span_casestarts(span_from(text, i), SPAN("v=spf1")))
		i++;
	return i;
}

/* Removes a version that finding_has_version() knows: "v = SPF1", "spf10". */
static struct span
without_version(struct span text)
{
	if (span_casestarts(text, SPAN("v")))
		text = finding_skip_litter(span_from(text, 1), "");
	text = span_from(text, sizeof("spf") - 1);
	text = finding_skip_litter(text, "+-~?");
	while (text.len && ascii_is_digit(text.p[0]))
		text = span_from(text, 1);
	return text;
}

/* Returns the text with SP for controls that are blanks. */
static struct span
with_blanks(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < text.len; i++)
		buf_char(&b, ascii_is_space(text.p[i]) ? ' ' : text.p[i]);
	return finding_without_unseen(buf_span(&b), a);
}

struct span
spf_typo_terms(struct span text, struct arena *a)
{
	struct span rest, first;
	struct spf_term t;
	size_t at;

	text = finding_skip_litter(with_blanks(text, a), "+-~?");
	at = find_version(text);
	if (at < text.len)
		return without_version(span_from(text, at));
	if (finding_has_version(text, SPAN("spf")))
		return without_version(text);
	rest = text;
	first = span_cut(&rest, ' ');
	if (rest.p && (!parse(first, a, &t) || t.kind == SPF_UNKNOWN) &&
	    !meant_term(first, a).p)
		return rest; /* a version, misspelt in another way */
	return text;
}
