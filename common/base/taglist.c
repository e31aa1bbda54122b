/* taglist: parse tag=value lists (RFC 6376 3.2). */
/* SPDX-License-Identifier: ISC */

#include "base/taglist.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limit.h"
#include "base/scan.h"
#include "base/utf8.h"

/* Octets of a name that are shown. */
#define SHOWN 20

/* Not in tag-name of RFC 6376 3.2, but accepted in a name (taglist.h). */
static bool
is_tolerable(char c)
{
	return c == '-' || c == '.';
}

/* tag-name = ALPHA *ALNUMPUNC, with "-" and "." also accepted. */
static bool
is_name(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '_' &&
		    !is_tolerable(s.p[i]))
			return false;
	return s.len && ascii_is_alpha(s.p[0]);
}

static bool
is_irregular_name(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_tolerable(s.p[i]))
			return true;
	return false;
}

/* tag-value: VALCHARs (0x21-3A, 0x3C-7E, RFC 8616: UTF-8) and FWS. */
static bool
is_value(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_vchar(s.p[i]) && !ascii_is_space(s.p[i]) &&
		    !ascii_is_8bit(s.p[i]))
			return false;
	return utf8_valid(s);
}

/* Records the tag that makes the list invalid, and why. Returns status. */
static enum taglist_status
refuse(struct taglist *list, enum taglist_status status, struct span spec,
    const char *why, struct arena *a)
{
	struct span value = spec, name = span_trim(span_cut(&value, '='));
	struct buf b = BUF(a);

	if (name.len)
		buf_short(&b, name, SHOWN);
	else
		buf_str(&b, "a tag");
	if (name.len && value.p)
		buf_char(&b, '=');
	buf_printf(&b, " %s", why);
	list->wrong = span_trim(spec);
	list->words = buf_span(&b);
	return status;
}

/* Why a text is not a tag-spec (RFC 6376 3.2), or NULL if it is one. */
static const char *
syntax_error(struct span spec)
{
	struct span value = spec, name = span_trim(span_cut(&value, '='));

	if (!value.p)
		return name.len ? "has no =" : "is empty";
	if (!is_name(name))
		return name.len ? "is not a tag name" : "has no name";
	return is_value(value) ? NULL : "has an octet that is not allowed";
}

static enum taglist_status
add_tag(struct taglist *list, struct span spec, struct arena *a)
{
	struct span value = spec, name = span_trim(span_cut(&value, '='));
	const char *error = syntax_error(spec);
	struct tag *tag;

	if (error)
		return refuse(list, TAGLIST_SYNTAX, spec, error, a);
	for (size_t i = 0; i < list->ntags; i++)
		if (span_eq(list->tags[i].name, name))
			return refuse(
			    list, TAGLIST_DUPLICATE, spec, "occurs twice", a);
	if (list->ntags == LIMIT_TAGLIST_TAGS)
		return TAGLIST_TOO_LARGE;
	tag = ARENA_PUSH(a, list->tags, list->ntags);
	*tag = (struct tag){name, span_trim(value), value};
	if (!list->irregular.p && is_irregular_name(name))
		list->irregular = name;
	return TAGLIST_OK;
}

/* FWS has CR only in CRLF (RFC 6376 2.8). */
static bool
has_bare_cr(struct span s)
{
	for (;;) {
		s = span_from(s, span_find(s, '\r'));
		if (!s.len)
			return false;
		if (!span_starts(s, SPAN("\r\n")))
			return true;
		s = span_from(s, 2);
	}
}

/* The first tag with a CR that is not followed by LF, or absent. */
static struct span
find_bare_cr(struct span text)
{
	while (text.p) {
		struct span spec = span_cut(&text, ';');

		if (has_bare_cr(spec))
			return spec;
	}
	return SPAN_NONE;
}

enum taglist_status
taglist_parse(struct span text, struct arena *a, struct taglist *list)
{
	struct span cr;

	*list = (struct taglist){.tags = NULL};
	if (text.len > LIMIT_TAGLIST)
		return TAGLIST_TOO_LARGE;
	cr = find_bare_cr(text);
	if (cr.p)
		return refuse(
		    list, TAGLIST_SYNTAX, cr, "has a CR without LF", a);
	while (text.p) {
		struct span spec = span_cut(&text, ';');
		enum taglist_status status;

		if (!text.p && list->ntags && span_empty(span_trim(spec)))
			break; /* the ";" after the last tag */
		status = add_tag(list, spec, a);
		if (status != TAGLIST_OK)
			return status;
	}
	return list->ntags ? TAGLIST_OK : TAGLIST_SYNTAX;
}

const struct tag *
taglist_find(const struct taglist *list, const char *name)
{
	for (size_t i = 0; i < list->ntags; i++)
		if (span_eq(list->tags[i].name, span_of(name)))
			return &list->tags[i];
	return NULL;
}

struct span
taglist_value(const struct taglist *list, const char *name)
{
	const struct tag *tag = taglist_find(list, name);

	return tag ? tag->value : SPAN_NONE;
}

bool
taglist_item(struct span *list, char c, struct span *item)
{
	if (!list->p)
		return false;
	*item = span_trim(span_cut(list, c));
	return true;
}
