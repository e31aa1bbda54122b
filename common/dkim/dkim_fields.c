/* dkim_fields: which header fields are signed, and the h= list of a message. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "dkim/dkim.h"
#include "base/limit.h"

/*
 * The profiles. Nobody can change a signed field, or add one that is
 * oversigned, without breaking the signature (RFC 6376 5.4, 8.15). Beside the
 * fields of RFC 6376 5.4.1 the table has Message-ID, Sender and the MIME
 * fields, because adding or changing them alters what a reader sees.
 * "bulk" also oversigns the pair of fields that RFC 8058 4 requires to be
 * signed.
 * "list" does not oversign what mailing lists add or rewrite: Subject,
 * Reply-To, Sender, To, Cc, List-*, and the MIME fields that a footer changes.
 */
enum {
	SIGN = 1,
	OVER = 2, /* oversigned by default and bulk */
	KEEP = 4, /* oversigned by list */
	BULK = 8, /* oversigned by bulk alone */
};

static const struct {
	const char *name;
	int flags;
} profile_table[] = {
    {"From", SIGN | OVER | KEEP},
    {"Sender", SIGN | OVER},
    {"Reply-To", SIGN | OVER},
    {"To", SIGN | OVER},
    {"Cc", SIGN | OVER},
    {"Subject", SIGN | OVER},
    {"Date", SIGN | OVER | KEEP},
    {"Message-ID", SIGN | OVER | KEEP},
    {"In-Reply-To", SIGN | OVER | KEEP},
    {"References", SIGN | OVER | KEEP},
    {"MIME-Version", SIGN | OVER},
    {"Content-Type", SIGN | OVER},
    {"Content-Transfer-Encoding", SIGN | OVER},
    {"Content-Disposition", SIGN},
    {"Content-ID", SIGN},
    {"Content-Description", SIGN},
    {"Resent-Date", SIGN},
    {"Resent-From", SIGN},
    {"Resent-Sender", SIGN},
    {"Resent-To", SIGN},
    {"Resent-Cc", SIGN},
    {"Resent-Message-ID", SIGN},
    {"List-Id", SIGN},
    {"List-Help", SIGN},
    {"List-Unsubscribe", SIGN | BULK},
    {"List-Unsubscribe-Post", SIGN | BULK},
    {"List-Subscribe", SIGN},
    {"List-Post", SIGN},
    {"List-Owner", SIGN},
    {"List-Archive", SIGN},
    {"VBR-Info", SIGN},
};

static const struct {
	const char *name;
	int oversigned; /* the fields with any of these flags */
} profiles[] = {
    {"default", OVER},
    {"list", KEEP},
    {"bulk", OVER | BULK},
};

static void
add_name(struct dkim_names *names, struct span name, struct arena *a)
{
	*ARENA_PUSH(a, names->names, names->nnames) = name;
}

static size_t
find_name(const struct dkim_names *names, struct span name)
{
	size_t i = 0;

	while (i < names->nnames && !span_caseeq(names->names[i], name))
		i++;
	return i;
}

static bool
has_name(const struct dkim_names *names, struct span name)
{
	return find_name(names, name) < names->nnames;
}

static void
fill(struct dkim_fields *f, int oversigned, struct arena *a)
{
	size_t n = COUNT(profile_table);

	*f = (struct dkim_fields){.sign = {NULL, 0}};
	for (size_t i = 0; i < n; i++) {
		struct span name = span_of(profile_table[i].name);

		add_name(&f->sign, name, a);
		if (profile_table[i].flags & oversigned)
			add_name(&f->oversign, name, a);
	}
}

bool
dkim_profile(struct span name, struct arena *a, struct dkim_fields *f)
{
	for (size_t i = 0; i < COUNT(profiles); i++)
		if (span_eq(name, span_of(profiles[i].name))) {
			fill(f, profiles[i].oversigned, a);
			return true;
		}
	return false;
}

/* Is it a field name that h= can hold, and short enough for one line? Those
 * with "?" are refused: "h=?" would begin an encoded-word (RFC 2047 2). */
static bool
is_field_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_ftext(name.p[i]) || name.p[i] == ';' ||
		    name.p[i] == '?')
			return false;
	return name.len && name.len < LIMIT_LINE_FOLD;
}

/* Applies one item: "+name" or "name" adds the name, "-name" removes it. */
static void
apply_item(
    struct dkim_names *names, char sign, struct span name, struct arena *a)
{
	size_t at = find_name(names, name);

	if (sign != '-' && at == names->nnames) {
		add_name(names, name, a);
	} else if (sign == '-' && at < names->nnames) {
		for (names->nnames--; at < names->nnames; at++)
			names->names[at] = names->names[at + 1];
	}
}

/* Returns the '+' or '-' that an item starts with, or 0. */
static char
item_sign(struct span item)
{
	return item.len && (item.p[0] == '+' || item.p[0] == '-') ? item.p[0]
								  : 0;
}

bool
dkim_names_apply(struct dkim_names *names, struct span list, struct arena *a)
{
	struct span rest = list, item;
	bool change = item_sign(span_trim(list)) != 0;
	char *text = arena_cstr(a, list);

	for (size_t i = 0; i < list.len; i++)
		text[i] = text[i] == ',' ? ':' : text[i];
	rest.p = text;
	if (!change)
		names->nnames = 0;
	while (taglist_item(&rest, ':', &item)) {
		char sign = item_sign(item);

		if (sign)
			item = span_trim(span_from(item, 1));
		if ((sign != 0) != change || !is_field_name(item))
			return false;
		apply_item(names, sign, item, a);
	}
	return true;
}

size_t
dkim_times_named(struct span list, struct span name)
{
	struct span item;
	size_t n = 0;

	while (taglist_item(&list, ':', &item))
		n += span_caseeq(item, name);
	return n;
}

void
dkim_fields_trim(struct dkim_fields *f)
{
	struct dkim_names *over = &f->oversign;
	size_t kept = 0;

	for (size_t i = 0; i < over->nnames; i++)
		if (has_name(&f->sign, over->names[i]))
			over->names[kept++] = over->names[i];
	over->nnames = kept;
}

bool
dkim_never_signed(struct span name)
{
	/* added or rewritten in transit; Bcc: not for all recipients */
	static const char *const never[] = {"Return-Path", "Received",
	    "Received-SPF", "DKIM-Signature", "Delivered-To", "Bcc"};

	for (size_t i = 0; i < COUNT(never); i++)
		if (span_caseeq(name, span_of(never[i])))
			return true;
	return span_casestarts(name, SPAN("ARC-"));
}

static size_t
list_name(struct buf *b, const struct message *m, struct span name, bool over)
{
	size_t n;

	if (dkim_never_signed(name))
		return 0;
	n = message_count(m, name) + over;
	for (size_t i = 0; i < n && i <= LIMIT_SIGNED_FIELDS; i++) {
		if (b->len)
			buf_char(b, ':');
		buf_add(b, name);
	}
	return n;
}

struct span
dkim_fields_list(
    const struct dkim_fields *f, const struct message *m, struct arena *a)
{
	struct buf b = BUF(a);
	size_t n = 0;

	for (size_t i = 0; i < f->sign.nnames; i++)
		n += list_name(&b, m, f->sign.names[i],
		    has_name(&f->oversign, f->sign.names[i]));
	for (size_t i = 0; i < f->oversign.nnames; i++)
		if (!has_name(&f->sign, f->oversign.names[i]))
			n += list_name(&b, m, f->oversign.names[i], true);
	return n > LIMIT_SIGNED_FIELDS ? SPAN_NONE : buf_span(&b);
}

/* Returns the body of the only field of this name, trimmed; absent if there is
 * none, or more than one. */
static struct span
only_body(const struct message *m, struct span name)
{
	const struct field *f = message_lowest(m, name);

	return f && message_count(m, name) == 1 ? span_trim(f->body)
						: SPAN_NONE;
}

bool
dkim_has_one_click(const struct message *m)
{
	/* RFC 8058 3.1 */
	return span_casecontains(
		   only_body(m, SPAN("List-Unsubscribe")), SPAN("<https:")) &&
	    span_caseeq(only_body(m, SPAN("List-Unsubscribe-Post")),
		SPAN("List-Unsubscribe=One-Click"));
}
