#include "base/buf.h"
#include "dmarc/dmarc.h"
#include "base/limit.h"

struct explainer {
	const struct dmarc_method *method;
	const struct dmarc_level *level; /* whose record applies */
	bool suffix;                     /* which is its own organization */
	struct span org;                 /* of the record's domain, or absent */
	struct result *r;
	struct arena *arena;
};

/* What one of the two tags asks for. */
struct reports {
	const char *tag, *name;
	const struct dmarc_uri *uri;
	size_t uris;
	bool failure;
};

static void
add_line(struct explainer *e, struct span line)
{
	struct result *r = e->r;

	r->explain = ARENA_PUSH(e->arena, r->explain, r->explains);
	r->explain[r->explains++] = line;
}

static const char *
rule(const struct explainer *e)
{
	return e->method->rfc7489 ? "RFC 7489 7.1" : "RFC 9990 4";
}

static void
explain_consent(struct explainer *e, const struct reports *reports,
    const struct dmarc_uri *uri, const struct dmarc_report *report)
{
	static const struct {
		const char *no, *why;
	} words[] = {
	    [DMARC_CONSENT_OWN] = {"", "same organization"},
	    [DMARC_CONSENT_GIVEN] = {"", "authorized at "},
	    [DMARC_CONSENT_MISSING] = {"no ", "not authorized at "},
	    [DMARC_CONSENT_FAILED] = {"perhaps ", "the DNS fails for "},
	    [DMARC_CONSENT_LIMIT] = {"perhaps ",
		"over the limit of questions, so not known: "},
	    [DMARC_CONSENT_NONE] = {"perhaps ", "not mailto:"},
	};
	struct buf b = BUF(e->arena);

	buf_str(&b, reports->tag);
	buf_add(&b, uri->text);
	buf_printf(&b, ": %s%s: %s", words[report->consent].no, reports->name,
	    words[report->consent].why);
	if (report->name.p)
		buf_add(&b, report->name);
	else if (report->consent == DMARC_CONSENT_FAILED ||
	    report->consent == DMARC_CONSENT_LIMIT)
		buf_str(&b, "the organizational domain");
	if (report->elsewhere.p)
		buf_printf(&b, ", which leads on to " SPAN_FMT,
		    SPAN_ARG(report->elsewhere));
	buf_printf(&b, " (%s)", rule(e));
	add_line(e, buf_span(&b));
}

/* So many addresses are not shown. */
static void
explain_rest(struct explainer *e, const char *front, size_t uris)
{
	if (uris > LIMIT_DMARC_ADDRESSES)
		add_line(e,
		    arena_printf(e->arena, "%s%zu more addresses", front,
			uris - LIMIT_DMARC_ADDRESSES));
}

/* An address that the consent names. */
static void
explain_other(struct explainer *e, const struct reports *reports,
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

/* RFC 9990 4, step 9; RFC 9991 5 with ruf: the addresses of a consent stand
 * instead of the one that it is given for, which can be among them. */
static void
explain_override(struct explainer *e, const struct reports *reports,
    const struct dmarc_uri *uri, const struct dmarc_report *report)
{
	const struct dmarc_record *record = &report->record;
	const struct dmarc_uri *to =
	    reports->failure ? record->ruf : record->rua;
	size_t n = reports->failure ? record->rufs : record->ruas;
	bool replaced = n > 0;
	struct buf b = BUF(e->arena);

	for (size_t i = 0; i < n; i++)
		replaced = replaced && !span_eq(to[i].text, uri->text);
	if (replaced) {
		buf_str(&b, reports->tag);
		buf_add(&b, uri->text);
		buf_printf(&b, ": no %s: replaced at " SPAN_FMT " (%s)",
		    reports->name, SPAN_ARG(report->name), rule(e));
		add_line(e, buf_span(&b));
	} else {
		explain_consent(e, reports, uri, report);
	}
	for (size_t i = 0; i < n && i < LIMIT_DMARC_ADDRESSES; i++)
		if (!span_eq(to[i].text, uri->text))
			explain_other(e, reports, &to[i], replaced);
	explain_rest(e, "  ", n);
}

static void
explain_address(struct explainer *e, const struct reports *reports,
    const struct dmarc_uri *uri)
{
	struct dmarc_report report;

	dmarc_report_ask(e->method, uri, e->level->domain, e->org, &report);
	if (report.consent == DMARC_CONSENT_GIVEN)
		explain_override(e, reports, uri, &report);
	else
		explain_consent(e, reports, uri, &report);
}

static void
explain_addresses(struct explainer *e, const struct reports *reports)
{
	for (size_t i = 0; i < reports->uris && i < LIMIT_DMARC_ADDRESSES; i++)
		explain_address(e, reports, &reports->uri[i]);
	explain_rest(
	    e, arena_printf(e->arena, "%s: ", reports->tag).p, reports->uris);
}

static void
explain_aggregate(struct explainer *e)
{
	const struct dmarc_record *record = &e->level->record;
	struct reports rua = {
	    "rua=", "aggregate reports", record->rua, record->ruas, false};

	explain_addresses(e, &rua);
	if (!record->ruas)
		add_line(e,
		    arena_printf(e->arena,
			"no valid rua=: no aggregate reports (%s)",
			e->method->rfc7489 ? "RFC 7489 6.3" : "RFC 9989 4.7"));
}

static void
explain_failure(struct explainer *e)
{
	const struct dmarc_record *record = &e->level->record;
	struct reports ruf = {
	    "ruf=", "failure reports", record->ruf, record->rufs, true};

	if (e->suffix && record->rufs) {
		add_line(e,
		    SPAN("ruf=: no failure reports to a public suffix"
			 " (RFC 9991 2)"));
		return;
	}
	if (record->fo.p)
		ruf.name = arena_printf(e->arena,
		    "failure reports as of fo=" SPAN_FMT, SPAN_ARG(record->fo))
			       .p;
	explain_addresses(e, &ruf);
}

void
dmarc_explain_reports(const struct dmarc_method *method,
    const struct dmarc_level *level, struct span org, struct result *r)
{
	struct explainer e = {
	    .method = method, .level = level, .r = r, .arena = method->arena};

	e.suffix = !method->rfc7489 && level->record.psd == DMARC_PSD_Y;
	e.org = e.suffix ? level->domain : org;
	explain_aggregate(&e);
	explain_failure(&e);
}
