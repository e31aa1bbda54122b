#include "taglist.h"

#include "ascii.h"
#include "limit.h"
#include "scan.h"
#include "utf8.h"

/* tag-name = ALPHA *ALNUMPUNC */
static bool
is_name(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '_')
			return false;
	return s.len && ascii_is_alpha(s.p[0]);
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

static enum taglist_status
add_tag(struct taglist *list, struct span spec, struct arena *a)
{
	struct span value = spec, name = span_trim(span_cut(&value, '='));
	struct tag *tag;

	if (!value.p || !is_name(name) || !is_value(value))
		return TAGLIST_SYNTAX;
	for (size_t i = 0; i < list->tags; i++)
		if (span_eq(list->tag[i].name, name))
			return TAGLIST_DUPLICATE;
	if (list->tags == LIMIT_TAGLIST_TAGS)
		return TAGLIST_TOO_LARGE;
	list->tag = ARENA_PUSH(a, list->tag, list->tags);
	tag = &list->tag[list->tags++];
	*tag = (struct tag){name, span_trim(value), value};
	return TAGLIST_OK;
}

/* A CR that is not part of a CRLF is no FWS (RFC 6376 2.8). */
static bool
has_bare_cr(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '\r' &&
		    !span_starts(span_from(s, i), SPAN("\r\n")))
			return true;
	return false;
}

enum taglist_status
taglist_parse(struct span text, struct arena *a, struct taglist *list)
{
	*list = (struct taglist){NULL, 0};
	if (text.len > LIMIT_TAGLIST)
		return TAGLIST_TOO_LARGE;
	if (has_bare_cr(text))
		return TAGLIST_SYNTAX;
	while (text.p) {
		struct span spec = span_cut(&text, ';');
		enum taglist_status status;

		if (!text.p && list->tags && span_empty(span_trim(spec)))
			break; /* the ";" after the last tag */
		status = add_tag(list, spec, a);
		if (status != TAGLIST_OK)
			return status;
	}
	return list->tags ? TAGLIST_OK : TAGLIST_SYNTAX;
}

const struct tag *
taglist_find(const struct taglist *list, const char *name)
{
	for (size_t i = 0; i < list->tags; i++)
		if (span_eq(list->tag[i].name, span_of(name)))
			return &list->tag[i];
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
