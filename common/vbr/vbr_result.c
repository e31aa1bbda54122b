/* vbr_result: a verdict to a result. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "base/limit.h"
#include "vbr/vbr.h"

/*
 * Lists.
 */

/* The text of a list, up to LIMIT_SHOWN_LIST octets, and the number of items
 * left out. */
struct list {
	struct buf text;
	const char *separator;
	size_t more;
};

static void
list_add(struct list *list, struct span item)
{
	size_t before = list->text.len ? span_of(list->separator).len : 0;

	if (list->more ||
	    (before && list->text.len + before + item.len > LIMIT_SHOWN_LIST)) {
		list->more++;
		return;
	}
	if (before)
		buf_str(&list->text, list->separator);
	buf_short(&list->text, item, LIMIT_SHOWN_LIST);
}

static struct span
list_end(struct list *list)
{
	if (list->more)
		buf_printf(&list->text, "%s... (and %zu more)", list->separator,
		    list->more);
	return buf_span(&list->text);
}

/* Adds an item to a list unless the list has it. */
static void
keep_new(struct span *kept, size_t *n, struct span item)
{
	for (size_t i = 0; i < *n; i++)
		if (span_eq(kept[i], item))
			return;
	kept[(*n)++] = item;
}

static struct span
list_of(const struct span *item, size_t n, struct arena *a)
{
	struct list list = {.text = BUF(a), .separator = ", "};

	for (size_t i = 0; i < n; i++)
		list_add(&list, item[i]);
	return list_end(&list);
}

/* Returns the words of a record. */
static struct span
types_of(struct span record, struct arena *a)
{
	struct list list = {.text = BUF(a), .separator = " "};

	while (record.p) {
		struct span word = span_cut(&record, ' ');

		if (word.len)
			list_add(&list, word);
	}
	return list_end(&list);
}

/* Returns the distinct faults of the fields that cannot be parsed. */
static struct span
faults_of(const struct vbr_check *check)
{
	struct span *item =
	    ARENA_ARRAY(check->arena, struct span, check->nfields);
	size_t n = 0;

	for (size_t i = 0; i < check->nfields; i++)
		if (!check->fields[i].is_valid)
			keep_new(item, &n, check->fields[i].info.wrong);
	return list_of(item, n, check->arena);
}

/* Returns the distinct domains of the evaluated queries. They are those of
 * fields, at most LIMIT_VBR_INFO. */
static struct span
domains_of(const struct vbr_check *check)
{
	struct span *item =
	    ARENA_ARRAY(check->arena, struct span, check->evaluated);
	size_t n = 0;

	for (size_t i = 0; i < check->evaluated; i++)
		keep_new(item, &n, check->queries[i].domain);
	return list_of(item, n, check->arena);
}

/*
 * Results.
 */

/* Sets the result to a reason, with ": about" after its words unless about is
 * empty. */
static void
set_reason(struct result *r, enum vbr_reason reason, struct span about,
    struct arena *a)
{
	*r = (struct result){.method = "vbr"};
	result_because(r, &vbr_reasons[reason]);
	if (r->why.id && about.len)
		r->why.words = ARENA_JOIN(a, r->why.words, SPAN(": "), about);
}

void
vbr_query_result(const struct vbr_query *q, struct arena *a, struct result *r)
{
	struct span about = q->answer.detail;

	if (q->reason == VBR_NOT_TYPE)
		about = types_of(about, a);
	else if (q->reason == VBR_AUTHENTICATION)
		about = SPAN_NONE;
	set_reason(r, q->reason, about, a);
	r->domain = q->domain;
	result_property(r, "header.md", q->domain, RESULT_VALUE);
	result_property(r, "header.mv", q->certifier->host, RESULT_VALUE);
}

static void
add_notes(const struct vbr_check *check, struct result *r)
{
	size_t valid = vbr_check_valid(check);
	const struct vbr_query *q = check->decisive;

	if (q && q->is_unsigned)
		result_note(r, VBR_NOTE_UNSIGNED,
		    SPAN("no passing signature of the domain covers the "
			 "VBR-Info field"));
	if (valid < check->nfields && check->reason != VBR_INFO_SYNTAX)
		result_note(r, VBR_NOTE_SYNTAX,
		    ARENA_JOIN(check->arena,
			arena_printf(check->arena,
			    "%zu VBR-Info field(s) cannot be parsed: ",
			    check->nfields - valid),
			faults_of(check)));
	if (check->total > check->nfields)
		result_note(r, VBR_NOTE_MORE,
		    arena_printf(check->arena,
			"%zu more VBR-Info field(s) are not checked",
			check->total - check->nfields));
}

void
vbr_check_result(const struct vbr_check *check, struct result *r)
{
	const struct vbr_query *q = check->decisive;
	struct arena *a = check->arena;

	if (q && q->is_queried)
		vbr_query_result(q, a, r);
	else if (check->reason == VBR_INFO_SYNTAX)
		set_reason(r, check->reason, faults_of(check), a);
	else /* no query, or none was queried */
		set_reason(r, check->reason, domains_of(check), a);
	add_notes(check, r);
}
