/* beside_record: TXT records of MTA-STS, TLS-RPT and BIMI. */
/* SPDX-License-Identifier: ISC */

#include "lint/beside_internal.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "base/taglist.h"

const struct finding_kind tls_findings[] = {TLS_FINDINGS(FINDING_KIND)};
const struct finding_kind bimi_findings[] = {BIMI_FINDINGS(FINDING_KIND)};

static struct span
trim_wsp(struct span s)
{
	while (s.len && ascii_is_wsp(s.p[0]))
		s = span_from(s, 1);
	while (s.len && ascii_is_wsp(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* Returns "'PIECE' WORDS". */
static struct span
quoted(struct span piece, const char *words, struct arena *a)
{
	struct buf b = BUF(a);

	buf_char(&b, '\'');
	buf_short(&b, piece, LIMIT_SHOWN_PIECE);
	buf_printf(&b, "' %s", words);
	return buf_span(&b);
}

/*
 * MTA-STS and TLS-RPT: "v=X; name=value; ...".
 */

/* Is it a field: sts-extension of RFC 8461 3.1, tlsrpt-extension of RFC 8460 3,
 * and in their form the known ones? */
static bool
is_field(struct span field, struct span *name, struct span *value)
{
	*value = field;
	*name = span_cut(value, '=');
	for (size_t i = 0; i < name->len; i++)
		if (!ascii_is_alnum(name->p[i]) &&
		    (!i || !memchr("_-.", name->p[i], 3)))
			return false;
	return name->len && name->len <= 32 && value->len;
}

/* Sets *value to that of the first field of a name, which must be there.
 * Returns words for the error, or absent. */
static struct span
find_field(struct span text, struct span version, struct span wanted,
    struct arena *a, struct span *value)
{
	struct span rest = text, first = trim_wsp(span_cut(&rest, ';'));

	*value = SPAN_NONE;
	if (!span_eq(first, version) || !span_starts(text, version))
		return arena_printf(a, "it does not begin with " SPAN_FMT ";",
		    SPAN_ARG(version));
	while (rest.p) {
		struct span field = trim_wsp(span_cut(&rest, ';'));
		struct span name, found;

		if (!field.len && !rest.p)
			break;
		if (!is_field(field, &name, &found))
			return quoted(field, "is not NAME=VALUE", a);
		if (!value->p && span_eq(name, wanted))
			*value = found;
	}
	return value->p
	    ? SPAN_NONE
	    : arena_printf(a, "there is no " SPAN_FMT "=", SPAN_ARG(wanted));
}

static struct span
check_sts(struct span text, struct arena *a, struct span *value)
{
	struct span wrong =
	    find_field(text, SPAN("v=STSv1"), SPAN("id"), a, value);

	if (wrong.p)
		return wrong;
	for (size_t i = 0; i < value->len; i++)
		if (!ascii_is_alnum(value->p[i]))
			return SPAN("id= has more than letters and digits");
	return value->len <= 32 ? SPAN_NONE : SPAN("id= is over 32 octets");
}

/* RFC 8460 3: mailto: or https:, with ",", ";" and "!" encoded. */
static bool
is_report_uri(struct span uri, struct arena *a)
{
	struct span rest, host;

	for (size_t i = 0; i < uri.len; i++)
		if (uri.p[i] <= ' ' || uri.p[i] >= 0x7f || uri.p[i] == '!')
			return false;
	if (span_casestarts(uri, SPAN("https://"))) {
		host = span_cut(&(struct span){uri.p + 8, uri.len - 8}, '/');
		return domain_normal(span_cut(&host, ':'), a).p;
	}
	if (!span_casestarts(uri, SPAN("mailto:")))
		return false;
	rest = span_cut(&(struct span){uri.p + 7, uri.len - 7}, '?');
	host = span_from(rest, span_find_last(rest, '@'));
	return host.len > 1 && host.len < rest.len &&
	    domain_normal(span_from(host, 1), a).p;
}

static struct span
check_rpt(struct span text, struct arena *a, struct span *value)
{
	struct span wrong =
	    find_field(text, SPAN("v=TLSRPTv1"), SPAN("rua"), a, value);
	struct span rest = *value;

	while (!wrong.p && rest.p) {
		struct span uri = trim_wsp(span_cut(&rest, ','));

		if (!is_report_uri(uri, a))
			wrong = quoted(uri,
			    "is neither mailto:USER@DOMAIN nor https://HOST",
			    a);
	}
	return wrong;
}

/*
 * BIMI: a tag-list.
 */

static struct span
check_bimi(struct span text, struct arena *a, struct span *value)
{
	struct taglist list;
	struct span authority;

	if (taglist_parse(text, a, &list) != TAGLIST_OK)
		return SPAN("it is not a list of tags, NAME=VALUE; ...");
	*value = taglist_value(&list, "l");
	authority = taglist_value(&list, "a");
	if (!span_eq(list.tags[0].name, SPAN("v")) ||
	    !span_eq(list.tags[0].value, SPAN("BIMI1")))
		return SPAN("it does not begin with v=BIMI1;");
	if (!value->p)
		return SPAN("there is no l=");
	if (value->len && !span_casestarts(*value, SPAN("https://")))
		return quoted(*value, "in l= is not an https: URI", a);
	if (authority.len && !span_casestarts(authority, SPAN("https://")))
		return quoted(authority, "in a= is not an https: URI", a);
	return SPAN_NONE;
}

/*
 * The records at one name.
 */

const struct beside_kind beside_sts = {"tls", "_mta-sts", {"v=STSv1", 7},
    {"stsv", 4}, check_sts, &tls_findings[TLS_FINDING_DNS],
    &tls_findings[TLS_FINDING_STS], &tls_findings[TLS_FINDING_STS_SEVERAL],
    &tls_findings[TLS_FINDING_UNSEEN]};

const struct beside_kind beside_rpt = {"tls", "_smtp._tls", {"v=TLSRPTv1", 10},
    {"tlsrptv", 7}, check_rpt, &tls_findings[TLS_FINDING_DNS],
    &tls_findings[TLS_FINDING_RPT], &tls_findings[TLS_FINDING_RPT_SEVERAL],
    &tls_findings[TLS_FINDING_UNSEEN]};

const struct beside_kind beside_bimi = {"dmarc", "default._bimi",
    {"v=BIMI1", 7}, {"bimi", 4}, check_bimi, &bimi_findings[BIMI_FINDING_DNS],
    &bimi_findings[BIMI_FINDING_RECORD], &bimi_findings[BIMI_FINDING_SEVERAL],
    &bimi_findings[BIMI_FINDING_UNSEEN]};

static struct span
name_of(const struct beside_kind *kind, struct span domain, struct arena *a)
{
	return arena_printf(a, "%s." SPAN_FMT, kind->label, SPAN_ARG(domain));
}

/* RFC 8461 3.1, RFC 8460 3: records that do not begin so are discarded. */
static bool
is_record(const struct beside_kind *kind, struct span text)
{
	struct span rest;

	if (!span_starts(text, kind->version))
		return false;
	rest = trim_wsp(span_from(text, kind->version.len));
	return span_starts(rest, SPAN(";"));
}

static bool
looks_alike(const struct beside_kind *kind, struct span text, struct arena *a)
{
	return finding_has_version(
	    finding_skip_litter(finding_without_unseen(text, a), ""),
	    kind->protocol);
}

/* Returns the number of records, or if there is none, 0 with a record that
 * looks like one, or NULL. */
static size_t
count_records(const struct beside_kind *kind, const struct dns_answer *answer,
    struct arena *a, const struct dns_rr **one)
{
	size_t n = 0;

	*one = NULL;
	for (size_t i = 0; i < answer->nrecords; i++)
		if (is_record(kind, answer->records[i].data) && !n++)
			*one = &answer->records[i];
	for (size_t i = 0; i < answer->nrecords && !*one; i++)
		if (looks_alike(kind, answer->records[i].data, a))
			*one = &answer->records[i];
	return n;
}

/* An invisible character is the cause of any other error. */
static enum beside_found
check_record(const struct beside_kind *kind, struct span name,
    const struct dns_rr *record, struct findings *f, struct span *words)
{
	struct span unseen = finding_unseen(
	    finding_without_tabs(record->data, f->arena), f->arena);
	struct span wrong = kind->check(record->data, f->arena, words);
	struct buf b = BUF(f->arena);

	if (unseen.p)
		finding_add(f, kind->unseen, name, unseen);
	if (!wrong.p)
		return BESIDE_FOUND_RECORD;
	*words = SPAN("its record is malformed");
	buf_short(&b, record->data, LIMIT_SHOWN_LIST);
	buf_str(&b, " (");
	buf_add(&b, wrong);
	buf_char(&b, ')');
	if (!unseen.p)
		finding_add(f, kind->malformed, name, buf_span(&b));
	return BESIDE_FOUND_INVALID;
}

void
beside_record_prefetch(const struct beside_method *method,
    const struct beside_kind *kind, struct span domain)
{
	dns_prefetch(
	    method->dns, name_of(kind, domain, method->arena), DNS_TXT);
}

enum beside_found
beside_record(const struct beside_method *method,
    const struct beside_kind *kind, struct span domain, struct findings *f,
    struct span *words)
{
	struct span name = name_of(kind, domain, method->arena);
	const struct dns_answer *answer = dns_query(method->dns, name, DNS_TXT);
	struct span status = span_of(dns_status_words(answer->status));
	enum beside_found found = BESIDE_FOUND_NONE;
	size_t n = count_records(kind, answer, method->arena, &f->record);

	f->section = kind->section;
	*words = SPAN("no record");
	if (dns_unknown(answer->status)) {
		finding_add(f, kind->dns, name, status);
		f->failed = RESULT_TEMPERROR;
		*words = ARENA_JOIN(method->arena, SPAN("not known: "), status);
		found = BESIDE_FOUND_FAILED;
	} else if (n > 1) {
		finding_add(f, kind->several, name,
		    arena_printf(method->arena, "%zu records", n));
		*words = SPAN("several records, all of which are ignored");
		found = BESIDE_FOUND_INVALID;
	} else if (f->record) {
		found = check_record(kind, name, f->record, f, words);
	}
	f->record = NULL;
	return found;
}
