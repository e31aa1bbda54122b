/* dkim_lint_guess: the selectors that providers of mail are known to use. */
/* SPDX-License-Identifier: ISC */

#include "lint/dkim_lint.h"

#include "base/buf.h"
#include "base/domain.h"

/*
 * Providers whose selectors are the same for all customers, or follow from the
 * name of the include: "%" is its first label. Those that make a name for each
 * customer (Amazon SES, Postmark, Rackspace, OVH) are not here.
 */
static const struct provider {
	/* Ends of the names of MX hosts and of includes, separated by a blank;
	 * NULL: it has none of its own. */
	const char *hosts, *includes;
	const char *selectors;
} providers[] = {
    /* Mailboxes. */
    {"google.com googlemail.com", "_spf.google.com", "google"},
    {"mail.protection.outlook.com mx.microsoft", "spf.protection.outlook.com",
	"selector1 selector2"},
    {"messagingengine.com", "spf.messagingengine.com", "fm1 fm2 fm3"},
    {"protonmail.ch", "_spf.protonmail.ch",
	"protonmail protonmail2 protonmail3"},
    {"zoho.com zoho.eu zoho.in zoho.com.au zoho.jp",
	"zoho.com zohomail.com zoho.eu zohomail.eu zoho.in zohomail.in",
	"zmail zoho"},
    {"yandex.net yandex.ru", "_spf.yandex.net", "mail"},
    {"emx.mail.ru", "_spf.mail.ru", "mailru"},
    {"mail.icloud.com", "icloud.com", "sig1"},
    {"mailbox.org", "mailbox.org", "mbo0001 mbo0002 mbo0003 mbo0004"},
    {"migadu.com", "spf.migadu.com", "key1 key2 key3"},
    {"mail.gandi.net", "_mailcust.gandi.net", "gm1 gm2 gm3"},
    {"ionos.com ionos.de ionos.co.uk ionos.es ionos.fr ionos.it "
     "kundenserver.de",
	"_spf-eu.ionos.com _spf-us.ionos.com _spf.perfora.net "
	"_spf.kundenserver.de",
	"s1-ionos s2-ionos s42582890"},
    {"mail.hostinger.com mx1.hostinger.com mx2.hostinger.com",
	"_spf.mail.hostinger.com",
	"hostingermail-a hostingermail-b hostingermail-c"},
    {"runbox.com", "spf.runbox.com", "selector1 selector2"},
    {"purelymail.com", "_spf.purelymail.com",
	"purelymail1 purelymail2 purelymail3"},
    {"tutanota.de", "spf.tutanota.de", "s1 s2"},
    {"titan.email", "spf.titan.email", "titan1"},
    {"privateemail.com", "spf.privateemail.com", "default"},
    {"mxrouting.net mxlogin.com", "mxroute.com mxlogin.com", "x"},
    /* Forwarders. */
    {"improvmx.com", "spf.improvmx.com", "dkimprovmx1 dkimprovmx2"},
    {"simplelogin.co", "simplelogin.co", "dkim dkim02 dkim03"},
    {"mx.cloudflare.net", "_spf.mx.cloudflare.net", "cf2024-1"},
    /* Senders of bulk and transactional mail. */
    {NULL, "servers.mcsv.net", "k1 k2 k3"},
    {NULL, "spf.mandrillapp.com", "mandrill mte1 mte2"},
    {"mx.sendgrid.net", "sendgrid.net", "s1 s2 smtpapi m1"},
    {"mailgun.org", "mailgun.org", "k1 mx pic smtp krs mailo pdk1 pdk2"},
    {NULL, "spf.mtasv.net", "pm"},
    {NULL, "hubspotemail.net", "hs1-% hs2-%"},
    {NULL, "mail.zendesk.com", "zendesk1 zendesk2"},
    {NULL, "spf.sendinblue.com spf.brevo.com", "mail brevo1 brevo2"},
    {NULL, "_spf.mailersend.net", "mlsend2"},
    {NULL, "_spf.mlsend.com", "litesrv ml"},
    {NULL, "spf.mailjet.com", "mailjet"},
    {NULL, "spf.constantcontact.com", "ctct1 ctct2"},
};

static void
add_selector(struct span text, struct span name, struct arena *a,
    struct dkim_lint_selector **list, size_t *n)
{
	struct span front = span_upto(text, span_find(text, '%'));
	struct span label = span_upto(name, span_find(name, '.'));

	if (front.len < text.len)
		text = domain_normal(ARENA_JOIN(a, front, label), a);
	for (size_t i = 0; text.p && i < *n; i++)
		if (span_eq((*list)[i].selector, text))
			return;
	if (text.p)
		*ARENA_PUSH(a, *list, *n) = (struct dkim_lint_selector){
		    .selector = text, .source = DKIM_LINT_PROVIDER};
}

/* Is a name one of the ends, or below it? */
static bool
has_end(const char *ends, struct span name)
{
	struct span rest = span_of(ends);

	while (rest.p)
		if (domain_within(name, span_cut(&rest, ' ')))
			return true;
	return false;
}

static void
guess(struct span name, bool is_host, struct arena *a,
    struct dkim_lint_selector **list, size_t *n)
{
	name = domain_normal(name, a);
	for (size_t i = 0; name.p && i < COUNT(providers); i++) {
		const struct provider *p = &providers[i];
		struct span rest = span_of(p->selectors);

		if (!has_end(is_host ? p->hosts : p->includes, name))
			continue;
		while (rest.p)
			add_selector(span_cut(&rest, ' '), name, a, list, n);
	}
}

void
dkim_lint_guess(const struct span *hosts, size_t nhosts,
    const struct span *includes, size_t nincludes, struct arena *a,
    struct dkim_lint_selector **list, size_t *n)
{
	for (size_t i = 0; i < nhosts; i++)
		guess(hosts[i], true, a, list, n);
	for (size_t i = 0; i < nincludes; i++)
		guess(includes[i], false, a, list, n);
}
