/* dmarc_verbose_destinations: what report addresses get, for --verbose. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "dmarc/dmarc.h"
#include "base/limit.h"

struct verbose {
	const struct dmarc_method *method;
	const struct dmarc_level *level; /* whose record applies */
	bool suffix;     /* psd=y: the record's domain is a public suffix, and
			    its own organization */
	struct span org; /* of the record's domain, or absent */
	struct result *r;
	struct arena *arena;
};

/* The reports that one of the two tags requests. */
struct reports {
	const char *tag, *name;
	const struct dmarc_uri *uris;
	size_t nuris;
	bool failure;
};

static void
add_line(struct verbose *e, struct span line)
{
	result_detail(e->r, line, e->arena);
}

static const char *
rule(const struct verbose *e)
{
	return e->method->rfc7489 ? "RFC 7489 7.1" : "RFC 9990 4";
}

static void
show_destination(struct verbose *e, const struct reports *reports,
    const struct dmarc_uri *uri, const struct dmarc_destination *d)
{
	static const struct {
		const char *no, *why;
	} words[] = {
	    [DMARC_DESTINATION_OWN] = {"", "same organization"},
	    [DMARC_DESTINATION_AUTHORIZED] = {"", "authorized at "},
	    [DMARC_DESTINATION_UNAUTHORIZED] = {"no ", "not authorized at "},
	    [DMARC_DESTINATION_FAILED] = {"perhaps ", "the DNS fails for "},
	    [DMARC_DESTINATION_LIMIT] = {"perhaps ",
		"not known, over the query limit: "},
	    [DMARC_DESTINATION_NONE] = {"perhaps ", "not mailto:"},
	};
	struct buf b = BUF(e->arena);

	buf_str(&b, reports->tag);
	buf_add(&b, uri->text);
	buf_printf(&b, ": %s%s: %s", words[d->kind].no, reports->name,
	    words[d->kind].why);
	if (d->name.p)
		buf_add(&b, d->name);
	else if (d->kind == DMARC_DESTINATION_FAILED ||
	    d->kind == DMARC_DESTINATION_LIMIT)
		buf_str(&b, "the organizational domain");
	if (d->elsewhere.p)
		buf_printf(&b, ", which redirects to " SPAN_FMT,
		    SPAN_ARG(d->elsewhere));
	buf_printf(&b, " (%s)", rule(e));
	add_line(e, buf_span(&b));
}

/* Adds how many addresses are not shown, if any. */
static void
show_rest(struct verbose *e, const char *front, size_t uris)
{
	if (uris > LIMIT_DMARC_ADDRESSES)
		add_line(e,
		    arena_printf(e->arena, "%s%zu more addresses", front,
			uris - LIMIT_DMARC_ADDRESSES));
}

/* Adds an address that the authorizing record names. */
static void
show_other(struct verbose *e, const struct reports *reports,
    const struct dmarc_uri *uri, bool replaced)
{
	struct buf b = BUF(e->arena);

	buf_str(&b, "  ");
	buf_add(&b, uri->text);
	buf_printf(&b, ": %s%s%s%s", uri->domain.p ? "" : "perhaps ",
	    reports->name, replaced ? " instead" : ", too",
	    uri->domain.p ? "" : ": not mailto:");
	add_line(e, buf_span(&b));
}

/* RFC 9990 4, step 9; for ruf RFC 9991 5: the addresses in the authorizing
 * record replace the URI, which may be among them. */
static void
show_override(struct verbose *e, const struct reports *reports,
    const struct dmarc_uri *uri, const struct dmarc_destination *d)
{
	const struct dmarc_record *record = &d->record;
	const struct dmarc_uri *to =
	    reports->failure ? record->ruf : record->rua;
	size_t n = reports->failure ? record->nruf : record->nrua;
	bool replaced = n > 0;
	struct buf b = BUF(e->arena);

	for (size_t i = 0; i < n; i++)
		replaced = replaced && !span_eq(to[i].text, uri->text);
	if (replaced) {
		buf_str(&b, reports->tag);
		buf_add(&b, uri->text);
		buf_printf(&b, ": no %s: replaced at " SPAN_FMT " (%s)",
		    reports->name, SPAN_ARG(d->name), rule(e));
		add_line(e, buf_span(&b));
	} else {
		show_destination(e, reports, uri, d);
	}
	for (size_t i = 0; i < n && i < LIMIT_DMARC_ADDRESSES; i++)
		if (!span_eq(to[i].text, uri->text))
			show_other(e, reports, &to[i], replaced);
	show_rest(e, "  ", n);
}

static void
show_address(struct verbose *e, const struct reports *reports,
    const struct dmarc_uri *uri)
{
	struct dmarc_destination d;

	dmarc_destination_query(e->method, uri, e->level->domain, e->org, &d);
	if (d.kind == DMARC_DESTINATION_AUTHORIZED)
		show_override(e, reports, uri, &d);
	else
		show_destination(e, reports, uri, &d);
}

static void
show_addresses(struct verbose *e, const struct reports *reports)
{
	for (size_t i = 0; i < reports->nuris && i < LIMIT_DMARC_ADDRESSES; i++)
		show_address(e, reports, &reports->uris[i]);
	show_rest(
	    e, arena_printf(e->arena, "%s: ", reports->tag).p, reports->nuris);
}

static void
show_aggregate(struct verbose *e)
{
	const struct dmarc_record *record = &e->level->record;
	struct reports rua = {
	    "rua=", "aggregate reports", record->rua, record->nrua, false};

	show_addresses(e, &rua);
	if (!record->nrua)
		add_line(e,
		    arena_printf(e->arena,
			"no valid rua=: no aggregate reports (%s)",
			e->method->rfc7489 ? "RFC 7489 6.3" : "RFC 9989 4.7"));
}

static void
show_failure(struct verbose *e)
{
	const struct dmarc_record *record = &e->level->record;
	struct reports ruf = {
	    "ruf=", "failure reports", record->ruf, record->nruf, true};

	if (e->suffix && record->nruf) {
		add_line(e,
		    SPAN("ruf=: no failure reports to a public suffix"
			 " (RFC 9991 2)"));
		return;
	}
	if (record->fo.p)
		ruf.name = arena_printf(e->arena,
		    "failure reports with fo=" SPAN_FMT, SPAN_ARG(record->fo))
			       .p;
	show_addresses(e, &ruf);
}

void
dmarc_verbose_destinations(const struct dmarc_method *method,
    const struct dmarc_level *level, struct span org, struct result *r)
{
	struct verbose e = {
	    .method = method, .level = level, .r = r, .arena = method->arena};

	e.suffix = !method->rfc7489 && level->record.psd == DMARC_PSD_Y;
	e.org = e.suffix ? level->domain : org;
	show_aggregate(&e);
	show_failure(&e);
}
