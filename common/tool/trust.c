#include "tool/trust.h"

#include "base/domain.h"

static bool trust_authres, trust_topmost, accept_header_i;
static const char *trusted_id;

static const struct cli_option options[] = {
    {"trust-authres", 0, CLI_FLAG, &trust_authres, NULL,
	"take spf and dkim from Authentication-Results under our name"},
    {"trusted-id", 0, CLI_STRING, &trusted_id, "ID", "under this name instead"},
    {"trust-topmost", 0, CLI_FLAG, &trust_topmost, NULL,
	"from the topmost such field, whatever its name"},
    {"accept-header-i", 0, CLI_FLAG, &accept_header_i, NULL,
	"there, header.i stands in for header.d"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

const struct cli_section trust_options = {"Trusted results:", options};

bool
trust_read(struct identity_policy *policy, bool query, const char *queries,
    bool envelope, struct arena *a)
{
	bool trusts = trust_authres || trusted_id || trust_topmost;

	if (query + trusts + envelope > 1)
		cli_usage("queries (%s), -i with -f and -e, and "
			  "--trust-authres, --trusted-id and --trust-topmost "
			  "exclude each other",
		    queries);
	cli_require(!trusted_id || !trust_topmost,
	    "at most one of --trusted-id and --trust-topmost");
	cli_require(!accept_header_i || trusts,
	    "--accept-header-i goes with --trust-authres");
	policy->accept_header_i = accept_header_i;
	policy->trust = trust_topmost     ? IDENTITY_TOPMOST
	    : trust_authres || trusted_id ? IDENTITY_ID
					  : IDENTITY_JUDGE;
	policy->trusted_id = domain_normal_id(span_of(trusted_id), a);
	return policy->trust == IDENTITY_ID && !trusted_id;
}

void
trust_note(const struct identities *found, struct result *r, struct arena *a)
{
	if (found->left_out)
		result_note(r, TRUST_NOTE_LEFT,
		    arena_printf(a, "%zu more results were not looked at",
			found->left_out));
	if (found->partly_read)
		result_note(r, TRUST_NOTE_PARTLY,
		    arena_printf(a, "%zu trusted field(s) cannot be read whole",
			found->partly_read));
}

void
trust_note_spf(const struct identity_policy *policy,
    const struct identities *found, struct result *r)
{
	if (policy->trust == IDENTITY_JUDGE && !found->has_spf)
		result_note(r, TRUST_NOTE_SPF,
		    SPAN("SPF could not be evaluated: the client or MAIL FROM "
			 "is not known"));
}

void
trust_explain(const struct identities *found, struct result *r, struct arena *a)
{
	for (size_t i = 0; i < found->explains; i++) {
		r->explain = ARENA_PUSH(a, r->explain, r->explains);
		r->explain[r->explains++] = found->explain[i];
	}
}

struct identity_policy
trust_policy(const struct identity_policy *policy, struct span receiver,
    int64_t now, bool explain, struct arena *a)
{
	struct identity_policy own = *policy;
	struct span ours = domain_normal_id(receiver, a);

	own.receiver = receiver;
	own.now = now;
	own.explain = explain;
	if (own.trust == IDENTITY_TOPMOST || own.trusted_id.p)
		own.unread_id = ours;
	else
		own.trusted_id = ours;
	return own;
}
