/* trust_options: read --trust-authres and its like, add their notes. */
/* SPDX-License-Identifier: ISC */

#include "tool/trust_options.h"

#include "base/domain.h"

static bool trust_authres, trust_topmost, accept_header_i;
static const char *trusted_id;

static const struct cli_option options[] = {
    {"trust-authres", 0, CLI_FLAG, &trust_authres, NULL,
	"take SPF and DKIM results from this host's "
	"Authentication-Results"},
    {"trusted-id", 0, CLI_STRING, &trusted_id, "ID",
	"take SPF and DKIM results from the "
	"Authentication-Results of the host ID"},
    {"trust-topmost", 0, CLI_FLAG, &trust_topmost, NULL,
	"take SPF and DKIM results from the topmost "
	"Authentication-Results"},
    {"accept-header-i", 0, CLI_FLAG, &accept_header_i, NULL,
	"in trusted results take header.i if header.d is missing"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

const struct cli_section trust_options = {"Trusted results:", options};

bool
trust_read(struct authid_policy *policy, bool query, const char *queries,
    bool envelope, struct arena *a)
{
	bool trusts = trust_authres || trusted_id || trust_topmost;

	if (query + trusts + envelope > 1)
		cli_usage("only one of: a query (%s); -i, -f or -e; "
			  "--trust-authres, --trusted-id or --trust-topmost",
		    queries);
	cli_require(!trusted_id || !trust_topmost,
	    "at most one of --trusted-id and --trust-topmost");
	cli_require(!accept_header_i || trusts,
	    "--accept-header-i needs --trust-authres, --trusted-id or "
	    "--trust-topmost");
	policy->accept_header_i = accept_header_i;
	policy->trust = trust_topmost     ? AUTHID_TOPMOST
	    : trust_authres || trusted_id ? AUTHID_ID
					  : AUTHID_EVALUATE;
	policy->trusted_id = domain_normal_id(span_of(trusted_id), a);
	return policy->trust == AUTHID_ID && !trusted_id;
}

void
trust_note(const struct authids *found, struct result *r, struct arena *a)
{
	if (found->omitted)
		result_note(r, TRUST_NOTE_LEFT,
		    arena_printf(
			a, "%zu more results were ignored", found->omitted));
	if (found->partly_read)
		result_note(r, TRUST_NOTE_PARTLY,
		    arena_printf(a,
			"%zu trusted field(s) cannot be read in full",
			found->partly_read));
}

void
trust_note_spf(const struct authid_policy *policy, const struct authids *found,
    struct result *r)
{
	if (policy->trust == AUTHID_EVALUATE && !found->has_spf)
		result_note(r, TRUST_NOTE_SPF,
		    SPAN("SPF could not be evaluated: the client or MAIL FROM "
			 "is not known"));
}

void
trust_verbose(const struct authids *found, struct result *r, struct arena *a)
{
	for (size_t i = 0; i < found->ndetail; i++)
		result_detail(r, found->detail[i], a);
}

struct authid_policy
trust_policy(
    const struct authid_policy *policy, const struct checker_message *cm)
{
	struct authid_policy own = *policy;
	struct span ours = domain_normal_id(cm->receiver, cm->arena);

	own.receiver = cm->receiver;
	own.now = cm->now;
	own.verbose = cm->verbose;
	own.columns = cm->columns;
	if (own.trust == AUTHID_TOPMOST || own.trusted_id.p)
		own.unread_id = ours;
	else
		own.trusted_id = ours;
	return own;
}
