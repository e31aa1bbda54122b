/* dmarc_mend_read: what a text means that is, or should be, a DMARC record. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "base/taglist.h"

static const char *const tags[] = {"v", "p", "sp", "np", "adkim", "aspf", "fo",
    "psd", "t", "rua", "ruf", "pct", "rf", "ri", NULL};

/*
 * Text.
 */

/* Returns the text as it would be typed: without unseen characters, quotes,
 * backslashes and angle brackets. */
static struct span
typed(struct span text, struct arena *a)
{
	struct buf b = BUF(a), plain = BUF(a);

	for (size_t i = 0; i < text.len; i++)
		buf_char(&b, text.p[i] == '\t' ? ' ' : text.p[i]);
	text = finding_without_unseen(buf_span(&b), a);
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("\"\\<>", text.p[i], 4))
			buf_char(&plain, text.p[i]);
	return finding_skip_litter(buf_span(&plain), "");
}

/* Returns the tag whose name the text is, in any case, or NULL. */
static const char *
known(struct span name)
{
	for (size_t i = 0; tags[i]; i++)
		if (span_caseeq(name, span_of(tags[i])))
			return tags[i];
	return NULL;
}

/* Does a known tag begin here: NAME=? */
static bool
begins_tag(struct span text)
{
	size_t n = 0, at;

	while (n < text.len && ascii_is_alpha(text.p[n]))
		n++;
	for (at = n; n && at < text.len && text.p[at] == ' ';)
		at++;
	return n && at < text.len && text.p[at] == '=' &&
	    known(span_upto(text, n));
}

/* Takes the next tag off the text: to a semicolon, or to a blank or comma where
 * a semicolon is missing. */
static struct span
take_tag(struct span *text)
{
	size_t n = 0;
	struct span tag;

	while (n < text->len && text->p[n] != ';' &&
	    !(n && memchr(" ,", text->p[n - 1], 2) &&
		begins_tag(span_from(*text, n))))
		n++;
	tag = span_upto(*text, n);
	*text =
	    span_from(*text, n < text->len && text->p[n] == ';' ? n + 1 : n);
	tag = span_trim(tag);
	while (tag.len && memchr(" ,.", tag.p[tag.len - 1], 3))
		tag.len--;
	return tag;
}

/*
 * Values.
 */

static struct dmarc_record
parsed(const char *name, struct span value, struct arena *a)
{
	struct dmarc_record r;

	dmarc_record_parse(
	    ARENA_JOIN(a, SPAN("v=DMARC1;"), span_of(name), SPAN("="), value),
	    a, &r);
	return r;
}

static void
read_policy(struct span value, enum dmarc_policy *policy, bool *has)
{
	const char *near = dmarc_lint_near_policy(value);

	for (int i = DMARC_POLICY_NONE; near && i <= DMARC_POLICY_REJECT; i++) {
		enum dmarc_policy read = (enum dmarc_policy)i;

		if (strcmp(near, dmarc_policy_name(read)) != 0)
			continue;
		if (!*has || *policy < read)
			*policy = read;
		*has = true;
	}
}

static void
read_value(
    struct dmarc_draft *d, const char *name, struct span value, struct span *to)
{
	if (!to->p && !parsed(name, value, d->arena).nflaws)
		*to = value;
}

/* Returns an address as a URI: with its scheme, and no slashes after it. */
static struct span
as_uri(struct span text, struct arena *a)
{
	static const char *const schemes[] = {"mailto", NULL};
	struct span address = text, scheme = span_cut(&address, ':');

	if (!address.p)
		return span_find(text, '@') == text.len
		    ? text
		    : ARENA_JOIN(a, SPAN("mailto:"), text);
	if (!nearest_of(scheme, schemes))
		return text;
	while (address.len && memchr("/ ", address.p[0], 2))
		address = span_from(address, 1);
	return ARENA_JOIN(a, SPAN("mailto:"), address);
}

static void
add_uri(
    struct dmarc_draft *d, struct span text, struct dmarc_uri **list, size_t *n)
{
	struct dmarc_record r = parsed("rua", as_uri(text, d->arena), d->arena);

	if (r.nrua != 1)
		return;
	for (size_t i = 0; i < *n; i++)
		if (span_eq((*list)[i].text, r.rua->text))
			return;
	*ARENA_PUSH(d->arena, *list, *n) = *r.rua;
}

/* Addresses are separated by commas, or blanks by mistake. */
static void
read_uris(struct dmarc_draft *d, struct span value, struct dmarc_uri **list,
    size_t *n)
{
	struct span item, word;

	while (taglist_item(&value, ',', &item))
		while (taglist_item(&item, ' ', &word))
			if (word.len)
				add_uri(d, word, list, n);
}

/*
 * Tags.
 */

static void
read_tag(struct dmarc_draft *d, const char *name, struct span value)
{
	struct span name_span = span_of(name);

	if (span_eq(name_span, SPAN("p")))
		read_policy(value, &d->p, &d->has_p);
	else if (span_eq(name_span, SPAN("sp")))
		read_policy(value, &d->sp, &d->has_sp);
	else if (span_eq(name_span, SPAN("np")))
		read_policy(value, &d->np, &d->has_np);
	else if (span_eq(name_span, SPAN("adkim")))
		read_value(d, name, value, &d->adkim);
	else if (span_eq(name_span, SPAN("aspf")))
		read_value(d, name, value, &d->aspf);
	else if (span_eq(name_span, SPAN("fo")))
		read_value(d, name, value, &d->fo);
	else if (span_eq(name_span, SPAN("psd")))
		read_value(d, name, value, &d->psd);
	else if (span_eq(name_span, SPAN("rua")))
		read_uris(d, value, &d->rua, &d->nrua);
	else if (span_eq(name_span, SPAN("ruf")))
		read_uris(d, value, &d->ruf, &d->nruf);
}

/* The tag whose name was written, or probably meant; NULL: none. */
static const char *
tag_of(struct span name)
{
	const char *tag = known(name);

	return tag ? tag : dmarc_lint_near_name(name);
}

/* A part that is an address alone belongs to the list before it: a semicolon
 * was written for a comma. */
void
dmarc_mend_read(struct dmarc_draft *d, struct span text)
{
	struct span rest = typed(text, d->arena);
	const char *last = NULL;

	while (rest.len) {
		struct span value = take_tag(&rest), whole = value;
		struct span name = span_trim(span_cut(&value, '='));
		const char *tag = value.p ? tag_of(name) : NULL;

		if (!value.p && last &&
		    span_casestarts(whole, SPAN("mailto:"))) {
			tag = last;
			value = whole;
		}
		if (tag)
			read_tag(d, tag, span_trim(value));
		last =
		    tag && span_starts(span_of(tag), SPAN("ru")) ? tag : NULL;
	}
}
