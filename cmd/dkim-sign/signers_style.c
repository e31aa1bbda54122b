/* signers_style: turn options into the style of signatures, and sign. */
/* SPDX-License-Identifier: ISC */

#include "signers.h"

#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/domain.h"
#include "base/limit.h"
#include "tool/inserter.h"

/* RFC 6376 3.5: "c=relaxed" alone means relaxed/simple. */
static void
read_canon(const char *text, struct dkim_sign_options *style, struct arena *a)
{
	static const char *const names[] = {"simple", "relaxed", NULL};
	struct span body = span_of(text), header = span_cut(&body, '/');

	if (!text) {
		style->header = style->body = CANON_RELAXED;
		return;
	}
	if (!canon_parse(header, &style->header))
		cli_no_choice("-c", header, names, a);
	if (body.p && !canon_parse(body, &style->body))
		cli_no_choice("-c", body, names, a);
}

/* Reads a list of --sign-headers or --oversign. Fields that are never signed
 * stay unsigned even if named. */
static void
read_names(const char *option, const char *list, struct dkim_names *names,
    struct arena *a)
{
	if (!list)
		return;
	if (!dkim_names_apply(names, span_of(list), a))
		cli_usage("%s: not a list of field names: %s", option, list);
	for (size_t i = 0; i < names->nnames; i++)
		if (dkim_never_signed(names->names[i]))
			inserter_warn(
			    "never-signed: a field of this name is not "
			    "signed: " SPAN_FMT,
			    SPAN_ARG(names->names[i]));
}

void
signers_style(const struct signers_options *o, struct dkim_fields *fields,
    struct dkim_sign_options *style, struct arena *a)
{
	static const char *const profiles[] = {"default", "list", "bulk", NULL};

	*style = (struct dkim_sign_options){
	    .has_time = !o->no_timestamp, .copied = o->copied};
	read_canon(o->canon, style, a);
	if (!dkim_profile(span_of(o->profile), a, fields))
		cli_no_choice("--profile", span_of(o->profile), profiles, a);
	read_names("--sign-headers", o->sign_headers, &fields->sign, a);
	dkim_fields_trim(fields); /* from the whole profile */
	if (o->oversign && !span_trim(span_of(o->oversign)).len)
		fields->oversign.nnames = 0; /* --oversign= */
	else
		read_names("--oversign", o->oversign, &fields->oversign, a);
	style->time = cli_time(o->now);
	if (o->expire)
		style->expiry = style->time + cli_duration("expire", o->expire);
}

/* Sets i=, which must be within the domain of each signature (RFC 6376 3.5). */
static void
read_auid(const char *auid, const struct signer *list, size_t n,
    struct dkim_sign_options *style, struct arena *a)
{
	struct span local, domain;

	if (!auid)
		return;
	if (!dkim_auid_parse(span_of(auid), a, &local, &domain) || !domain.p)
		cli_usage("--auid: not [LOCAL]@DOMAIN: %s", auid);
	for (size_t i = 0; i < n; i++)
		if (!domain_within(domain, list[i].who.domain))
			cli_usage("--auid: not in the domain " SPAN_FMT ": %s",
			    SPAN_ARG(list[i].who.domain), auid);
	style->auid_domain = domain;
	style->auid = arena_printf(
	    a, SPAN_FMT "@" SPAN_FMT, SPAN_ARG(local), SPAN_ARG(domain));
}

static bool
signs(struct span names, struct span wanted)
{
	struct span name;

	while (taglist_item(&names, ':', &name))
		if (span_caseeq(name, wanted))
			return true;
	return false;
}

/* RFC 8058 3.1 and 4: both List-Unsubscribe fields must be there and signed. */
static void
check_bulk(const struct message *m, struct span names)
{
	if (!dkim_has_one_click(m))
		die(EX_DATAERR,
		    "one-click: the message has no pair of "
		    "List-Unsubscribe with HTTPS and "
		    "List-Unsubscribe-Post (RFC 8058)");
	if (!signs(names, SPAN("List-Unsubscribe")) ||
	    !signs(names, SPAN("List-Unsubscribe-Post")))
		cli_usage("--sign-headers: --profile=bulk must sign "
			  "List-Unsubscribe and "
			  "List-Unsubscribe-Post (RFC 8058 4)");
}

void
signers_finish_style(const struct signers_options *o,
    const struct dkim_fields *fields, const struct message *m,
    const struct signer *list, size_t n, struct dkim_sign_options *style)
{
	read_auid(o->auid, list, n, style, m->arena);
	style->names = dkim_fields_list(fields, m, m->arena);
	if (!style->names.p)
		die(EX_DATAERR,
		    "too-many-fields: over %u fields would be signed",
		    LIMIT_SIGNED_FIELDS);
	if (!signs(style->names, SPAN("From")))
		cli_usage("--sign-headers: From must be signed (RFC 6376 5.4)");
	if (!strcmp(o->profile, "bulk"))
		check_bulk(m, style->names);
	signers_explain_style(m, style);
}

struct span
signers_sign(const struct message *m, const struct signer *list, size_t n,
    const struct dkim_sign_options *style, struct span body_hash)
{
	struct buf fields = BUF(m->arena);

	for (size_t i = 0; i < n; i++) {
		struct span field =
		    dkim_sign(m, &list[i].who, style, body_hash);

		if (!field.p)
			die(EX_SOFTWARE, SPAN_FMT ": the key cannot sign",
			    SPAN_ARG(list[i].location));
		if (field.len > LIMIT_TAGLIST)
			die(EX_DATAERR,
			    "signature-too-large: the field would "
			    "be over 64 KiB");
		buf_add(&fields, field);
	}
	return buf_span(&fields);
}
