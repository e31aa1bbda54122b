/* info: choose, verify and compose a VBR-Info field. */
/* SPDX-License-Identifier: ISC */

#include "info.h"

#include "base/buf.h"
#include "base/die.h"
#include "base/domain.h"
#include "base/limit.h"
#include "base/nearest.h"
#include "tool/inserter.h"
#include "tool/table.h"

void
info_check(const struct info_options *o)
{
	if (o->table && (o->type || o->certifiers->nitems))
		cli_usage(
		    "--table gives type and certifiers: -T and -t cannot be "
		    "given with it");
	if (!o->table && !o->certifiers->nitems)
		cli_usage("no certifier: give -t HOST or --table");
	if (o->type && !vbr_is_type(span_of(o->type)))
		cli_usage("-T: not a lower-case word: %s" NEAREST_FMT, o->type,
		    NEAREST_ARG(nearest_of(span_of(o->type), vbr_types)));
}

/* place is "FILE:LINE: " of a table, or "". */
static void
set_type(struct vbr_info *info, struct span type, const char *place)
{
	if (!vbr_is_defined_type(type))
		inserter_warn(
		    "%s%s: RFC 5518 does not define this type: " SPAN_FMT
			NEAREST_FMT,
		    place, "type-unknown", SPAN_ARG(type),
		    NEAREST_ARG(nearest_of(type, vbr_types)));
	info->type = type;
}

/* Adds a certifier after the others, unless it is there already. False: it is
 * not a host name. */
static bool
add_certifier(struct vbr_info *info, struct span text, struct arena *a)
{
	struct span host = domain_normal(text, a);

	if (!host.p)
		return false;
	for (size_t i = 0; i < info->ncertifiers; i++)
		if (span_eq(info->certifiers[i], host))
			return true;
	*ARENA_PUSH(a, info->certifiers, info->ncertifiers) = host;
	return true;
}

/* For -v: the type and the certifiers, and where each is from. */
static void
explain_choice(const struct vbr_info *info, const char *type_source,
    const char *source, struct arena *a)
{
	struct buf hosts = BUF(a);

	for (size_t i = 0; i < info->ncertifiers; i++) {
		buf_char(&hosts, ' ');
		buf_add(&hosts, info->certifiers[i]);
	}
	inserter_explain(arena_printf(
	    a, "type: " SPAN_FMT ", %s", SPAN_ARG(info->type), type_source));
	inserter_explain(arena_printf(a, "certifiers:" SPAN_FMT ", %s",
	    SPAN_ARG(buf_span(&hosts)), source));
}

static void
from_options(
    const struct info_options *o, struct vbr_info *info, struct arena *a)
{
	set_type(info, o->type ? span_of(o->type) : SPAN("all"), "");
	for (size_t i = 0; i < o->certifiers->nitems; i++)
		if (!add_certifier(info, span_of(o->certifiers->items[i]), a))
			cli_usage(
			    "-t: not a host name: %s", o->certifiers->items[i]);
	explain_choice(info, o->type ? "from -T" : "the default", "from -t", a);
}

/* Returns how the columns are invalid, or an absent span. RFC 5518 4: md= is a
 * domain-name of RFC 6376 3.5, which has two labels or more. */
static struct span
wrong_column(const struct table_row *row, struct arena *a)
{
	struct span pattern = row->columns[0];

	if (pattern.p[0] != '.' && pattern.p[0] != '*' &&
	    domain_labels(pattern) < 2)
		return ARENA_JOIN(a, SPAN("PATTERN '"), pattern,
		    SPAN("' is a domain of one label, which cannot be vouched "
			 "for (RFC 5518 4)"));
	if (!vbr_is_type(row->columns[1]))
		return ARENA_JOIN(a, SPAN("TYPE '"), row->columns[1],
		    SPAN("' is not a lower-case word"));
	for (size_t k = 2; k < row->ncolumns; k++)
		if (!domain_normal(row->columns[k], a).p)
			return ARENA_JOIN(a, SPAN("CERTIFIER '"),
			    row->columns[k], SPAN("' is not a host name"));
	return SPAN_NONE;
}

/* Reads the table, and checks every row, so that an error shows before mail
 * needs its row. */
static void
read_table(const char *path, struct arena *a, struct table *t)
{
	static const struct table_form form = {
	    "PATTERN TYPE CERTIFIER...", 3, SIZE_MAX};

	table_read(path, &form, a, t);
	for (size_t i = 0; i < t->nrows; i++) {
		struct span wrong = wrong_column(&t->rows[i], a);

		if (wrong.p)
			table_die(t, t->rows[i].line, wrong);
	}
}

/* Takes type and certifiers from the first row that matches. */
static void
from_table(const struct info_options *o, struct vbr_info *info, struct arena *a)
{
	struct table t;

	read_table(o->table, a, &t);
	for (size_t i = 0; info->domain.p && i < t.nrows; i++) {
		const struct table_row *row = &t.rows[i];
		const char *source;

		if (!table_match(row->columns[0], info->domain, a))
			continue;
		set_type(info, row->columns[1],
		    arena_printf(a, "%s:%zu: ", o->table, row->line).p);
		for (size_t k = 2; k < row->ncolumns; k++)
			add_certifier(info, row->columns[k], a);
		source = arena_printf(a, "from %s:%zu", o->table, row->line).p;
		explain_choice(info, source, source, a);
		return;
	}
}

/* For -v. */
static void
explain_domain(struct span domain, bool given, const char *why, struct arena *a)
{
	inserter_explain(domain.p
		? arena_printf(a, "domain: " SPAN_FMT ", %s", SPAN_ARG(domain),
		      given ? "from -d" : "from the From field")
		: arena_printf(a, "no domain: %s", why));
}

/* RFC 5518 4 and RFC 6376 3.5: the domain has two labels or more. */
static void
leave_out(const struct info_options *o, struct vbr_info *info)
{
	inserter_one_label(o->require,
	    "a domain of one label cannot be vouched for (RFC 5518 4)",
	    info->domain);
	info->ncertifiers = 0;
}

struct vbr_info
info_choose(const struct info_options *o, struct span author, const char *why,
    struct arena *a)
{
	struct vbr_info info = {
	    .domain = o->domain ? inserter_domain(o->domain, a) : author};

	explain_domain(info.domain, o->domain != NULL, why, a);
	if (!o->table && !info.domain.p)
		die(EX_DATAERR, "no domain to be vouched for: %s, and no -d",
		    why);
	if (o->table)
		from_table(o, &info, a);
	else
		from_options(o, &info, a);
	if (info.domain.p && domain_labels(info.domain) < 2)
		leave_out(o, &info);
	else if (info.domain.p && !info.ncertifiers)
		inserter_explain(
		    arena_printf(a, "no field: %s does not list " SPAN_FMT,
			o->table, SPAN_ARG(info.domain)));
	return info;
}

static void
check_field(
    const struct vbr_info *info, struct field *f, bool replace, struct arena *a)
{
	struct vbr_info other;

	if (!vbr_info_parse(f->body, a, &other)) {
		inserter_warn("vbr-info-syntax: a VBR-Info field of the "
			      "message cannot be parsed");
		return;
	}
	f->dropped = replace && span_eq(other.domain, info->domain);
	if (f->dropped) {
		inserter_explain(arena_printf(a,
		    "replaced: VBR-Info with md=" SPAN_FMT ", mc=" SPAN_FMT,
		    SPAN_ARG(other.domain), SPAN_ARG(other.type)));
		return;
	}
	if (!span_eq(other.type, info->type))
		die(EX_DATAERR,
		    "type-differs: the message has a VBR-Info with mc=" SPAN_FMT
		    ", and all must be the same (RFC 5518 4)",
		    SPAN_ARG(other.type));
	if (span_eq(other.domain, info->domain))
		die(EX_DATAERR,
		    "already-there: the message has a VBR-Info with "
		    "md=" SPAN_FMT " (--replace replaces it)",
		    SPAN_ARG(other.domain));
}

void
info_check_existing(
    const struct vbr_info *info, struct message *m, bool replace)
{
	for (size_t i = 0; i < m->nfields; i++)
		if (span_caseeq(m->fields[i].name, SPAN("VBR-Info")))
			check_field(info, &m->fields[i], replace, m->arena);
}

/* For -v: a certifier's answer, as vbr-check shows it. */
static void
explain_query(const struct vbr_query *q, struct arena *a)
{
	struct result r = {.method = "vbr"};

	vbr_verbose_query(q, a, &r);
	inserter_explain(r.detail[0].text);
}

static bool
does_vouch(const struct vbr_info *info, struct span host, struct dns *dns,
    struct arena *a)
{
	const struct vbr_certifier certifier = {.host = host};
	struct vbr_query q = {.domain = info->domain,
	    .type = info->type,
	    .certifier = &certifier};
	const struct result_reason *why;
	struct span words;

	vbr_query_answer(&q, dns, a);
	explain_query(&q, a);
	if (q.reason == VBR_OK)
		return true;
	why = &vbr_reasons[q.reason];
	words = arena_printf(a, SPAN_FMT ": %s: %s%s" SPAN_FMT, SPAN_ARG(host),
	    why->id, why->words, q.answer.detail.p ? ": " : "",
	    SPAN_ARG(q.answer.detail));
	if (cli_is_deferred(why->code)) {
		inserter_explain_dns(dns, a);
		die(EX_TEMPFAIL, SPAN_FMT, SPAN_ARG(words));
	}
	inserter_warn(SPAN_FMT, SPAN_ARG(words));
	return false;
}

void
info_verify(struct vbr_info *info, struct dns *dns, struct arena *a)
{
	size_t n = 0;

	for (size_t i = 0; i < info->ncertifiers; i++)
		dns_prefetch(dns,
		    vbr_name(info->domain, info->certifiers[i], a), DNS_TXT);
	for (size_t i = 0; i < info->ncertifiers; i++)
		if (does_vouch(info, info->certifiers[i], dns, a))
			info->certifiers[n++] = info->certifiers[i];
	info->ncertifiers = n;
	inserter_explain_dns(dns, a);
}

struct span
info_compose(const struct vbr_info *info, const char *eol, struct arena *a)
{
	struct span field = vbr_info_compose(info, eol, a), rest = field;

	while (rest.len) {
		struct span line = span_cut(&rest, '\n');

		if (line.len > LIMIT_LINE)
			die(EX_DATAERR,
			    "too-many-certifiers: a line would be "
			    "over 998 octets");
	}
	return field;
}
