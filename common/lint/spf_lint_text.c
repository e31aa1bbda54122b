/* spf_lint_text: TXT records as text: look-alikes, and joined strings. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/buf.h"
#include "lint/spf_lint_internal.h"

/*
 * Look-alikes.
 */

static bool
is_qualifier(char c)
{
	return c == '+' || c == '-' || c == '~' || c == '?';
}

/* Is it a term that no other text has by chance: an address, "include:" with a
 * name that has a dot, "all" with a qualifier? */
static bool
is_distinctive(const struct spf_term *t)
{
	return t->kind == SPF_IP4 || t->kind == SPF_IP6 ||
	    (t->kind == SPF_INCLUDE &&
		span_find(t->domain, '.') < t->domain.len) ||
	    (t->kind == SPF_ALL && is_qualifier(t->text.p[0]));
}

/* Is it a record without its version: only terms, of which one is distinctive;
 * or terms, of which two are, before something else? */
static bool
has_terms(struct span text, struct arena *a)
{
	struct buf b = BUF(a);
	struct spf_record r;
	struct span wrong;
	size_t distinctive = 0;
	bool whole;

	buf_str(&b, "v=spf1 ");
	buf_add(&b, text);
	whole = spf_record_parse(buf_span(&b), a, &r, &wrong) == SPF_PASS;
	for (size_t i = 0; i < r.nterms; i++)
		distinctive += is_distinctive(&r.terms[i]);
	return distinctive >= (whole ? 1 : 2);
}

bool
spf_lint_looks_alike(struct span text, struct arena *a)
{
	struct span rest = finding_skip_litter(text, "+-~?");

	if (span_casestarts(rest, SPAN("spf2.0/"))) /* Sender ID, RFC 4406 */
		return false;
	if (finding_has_version(rest, SPAN("spf")) || has_terms(rest, a))
		return true;
	span_cut(&rest, ' '); /* perhaps a version, misspelt in another way */
	return rest.p && has_terms(rest, a);
}

/*
 * Strings that are joined without a space.
 */

static const struct {
	const char *name;
	const char *after; /* octets that may follow; SP is the end */
} terms[] = {
    {"include", ":"},
    {"exists", ":"},
    {"ip4", ":"},
    {"ip6", ":"},
    {"redirect", "="},
    {"exp", "="},
    {"all", " "},
    {"ptr", ": "},
    {"mx", ":/ "},
    {"a", ":/ "},
};

/* Returns a word without its qualifier, if it has one. */
static struct span
unqualified(struct span word)
{
	return word.len && is_qualifier(word.p[0]) ? span_from(word, 1) : word;
}

/* Returns the name of a term that the text begins with, or absent. Sets *after
 * to the octet after it, or ' ' at the end. */
static struct span
term_name(struct span text, char *after)
{
	for (size_t i = 0; i < COUNT(terms); i++) {
		struct span name = span_of(terms[i].name);

		if (!span_casestarts(text, name))
			continue;
		*after = text.len > name.len ? text.p[name.len] : ' ';
		if (*after && strchr(terms[i].after, *after))
			return name;
	}
	return SPAN_NONE;
}

/* Are the two parts of a word two terms? The end of a domain name may look like
 * the name of a term ("exampl" "a"), that of an IPv6 address like "a:1" or
 * "a/64". */
static bool
is_two_terms(struct span front, struct span back)
{
	char last = front.p[front.len - 1], after;
	struct span bare = unqualified(back);
	struct span name = term_name(bare, &after);
	bool ip4 = span_casestarts(unqualified(front), SPAN("ip4:"));
	bool ip6 = span_casestarts(unqualified(front), SPAN("ip6:"));

	if (!name.p || (!ascii_is_alnum(last) && last != '}'))
		return false;
	if (bare.len < back.len || ip4)
		return true;
	if (ip6)
		return name.len > 1;
	return after != ' ' || span_eq(name, SPAN("all"));
}

static struct span
split_text(struct span front, struct span back, struct arena *a)
{
	struct buf b = BUF(a);

	buf_char(&b, '"');
	buf_add(&b, front);
	buf_str(&b, "\" \"");
	buf_add(&b, back);
	buf_char(&b, '"');
	return buf_span(&b);
}

/* A place between two strings where two terms run together. */
struct split {
	struct span front, back; /* of the word */
	size_t at;               /* octets before it */
};

/* Finds such places, at most one in each word (RFC 7208 3.3). Returns how
 * many. */
static size_t
find_splits(const struct dns_rr *r, struct arena *a, struct split **list)
{
	struct span rest = r->data;
	size_t start = 0, edge = 0; /* where a word, and a string, begins */
	size_t next = 0;            /* the string that begins at edge */
	size_t n = 0;

	*list = NULL;
	while (rest.p) {
		struct span word = span_cut(&rest, ' ');
		bool found = false;

		for (; next < r->nstrings && edge < start + word.len; next++) {
			size_t in = edge > start ? edge - start : 0;
			struct span front = span_upto(word, in);
			struct span back = span_from(word, in);

			if (in && !found && is_two_terms(front, back)) {
				*ARENA_PUSH(a, *list, n) =
				    (struct split){front, back, edge};
				found = true;
			}
			edge += r->strings[next].len;
		}
		start += word.len + 1;
	}
	return n;
}

void
spf_lint_strings(
    struct spf_lint_job *job, struct span where, const struct dns_rr *r)
{
	struct findings *f = &job->out->findings;
	struct split *list;
	size_t n = find_splits(r, job->arena, &list);

	f->record = r;
	for (size_t i = 0; i < n; i++)
		finding_add(f, &spf_findings[SPF_FINDING_SPLIT], where,
		    split_text(list[i].front, list[i].back, job->arena));
}

struct span
spf_lint_joined(const struct dns_rr *r, struct arena *a)
{
	struct buf b = BUF(a);
	struct split *list;
	size_t n = find_splits(r, a, &list), from = 0;

	for (size_t i = 0; i < n; i++) {
		buf_add(
		    &b, span_between(r->data.p + from, r->data.p + list[i].at));
		buf_char(&b, ' ');
		from = list[i].at;
	}
	buf_add(&b, span_from(r->data, from));
	return buf_span(&b);
}
