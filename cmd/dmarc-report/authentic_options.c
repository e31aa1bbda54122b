/* authentic_options: read --authentic and the options that need it. */
/* SPDX-License-Identifier: ISC */

#include "authentic.h"

#include <string.h>

#include "base/domain.h"

static bool authentic, trust_authres;
static const char *received_by, *trusted_id;
static struct cli_list trusted_relays;

const struct cli_option authentic_options[] = {
    {"authentic", 0, CLI_FLAG, &authentic, NULL,
	"count only reports in mail that passes DMARC for the organization of "
	"their e-mail address"},
    {"received-by", 0, CLI_STRING, &received_by, "HOST",
	"trust Received fields by HOST (default: this host)"},
    {"trusted-relays", 0, CLI_LIST, &trusted_relays, "CIDR,...",
	"skip Received fields of clients in these networks"},
    {"trust-authres", 0, CLI_FLAG, &trust_authres, NULL,
	"take SPF and DKIM results from this host's Authentication-Results"},
    {"trusted-id", 0, CLI_STRING, &trusted_id, "ID",
	"take SPF and DKIM results from the Authentication-Results of the host "
	"ID"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static void
check_options(bool now_received)
{
	bool needs = received_by || trusted_relays.nitems || trust_authres ||
	    trusted_id || now_received;

	cli_require(authentic || !needs,
	    "--received-by, --trusted-relays, --trust-authres, --trusted-id "
	    "and --now=received need --authentic");
}

/* As dmarc-eval: by --trusted-id, fields with this host's id are not read, and
 * are removed; by --trust-authres they are kept. */
bool
authentic_read(struct authentic_policy *p, const char *now, struct arena *a)
{
	bool now_received = now && !strcmp(now, "received");
	struct span id, normal;

	check_options(now_received);
	if (!authentic)
		return false;
	id = cli_authserv_id(NULL, a);
	normal = domain_normal_id(id, a);
	*p = (struct authentic_policy){.now_received = now_received};
	p->authid.receiver = id;
	p->authid.now = cli_time(now_received ? NULL : now);
	if (trust_authres || trusted_id)
		p->authid.trust = AUTHID_ID;
	p->authid.trusted_id =
	    trusted_id ? domain_normal_id(span_of(trusted_id), a) : normal;
	if (trusted_id)
		p->authid.unread_id = normal;
	p->removal = (struct authres_removal){.normal_id = normal,
	    .method = "dmarc",
	    .keep = trust_authres && !trusted_id};
	p->trust.received_by =
	    received_by ? domain_normal_id(span_of(received_by), a) : normal;
	p->trust.relays = cli_networks(
	    "--trusted-relays", &trusted_relays, a, &p->trust.nrelays);
	return true;
}
