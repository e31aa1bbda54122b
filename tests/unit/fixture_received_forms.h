/*
 * fixture_received_forms: what servers write into a Received field, with words
 * that strangers choose in it. The property: the search finds the client or
 * nobody. It does not matter whether a server accepts such a word: any octet
 * but NUL, CR and LF may occur.
 */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_RECEIVED_FORMS_H
#define FIXTURE_RECEIVED_FORMS_H

#include "base/buf.h"
#include "mail/received.h"

#define FORM_HOST   "mx.example.org"
#define FORM_RELAY  "gate.example.org" /* 10.0.0.1 */
#define FORM_CLIENT "192.0.2.66"
#define FORM_FORGED "192.0.2.1"
#define FORM_DATE   "Fri, 20 Nov 2026 10:00:01 +0000"
#define FORM_TIME   1795168801

/* The parts that strangers choose. In a form %h is the HELO and so on, %a the
 * client's address, %b the host after "by", %o this host. */
enum form_slot {
	FORM_HELO,      /* %h */
	FORM_NAME,      /* %n: the name of the client's address in the DNS */
	FORM_IDENT,     /* %i: the answer of the client's port 113 */
	FORM_SENDER,    /* %s */
	FORM_RECIPIENT, /* %r */
	FORM_USER,      /* %u: a login, or the name in a certificate */
	FORM_SLOTS
};
#define FORM_LETTERS "hnisru"

/* A field about the client, written by this host or one of its relays. */
static const struct received_form {
	const char *server, *text;
} received_forms[] = {
    {"Postfix",
	"from %h (%n [%a])\n\tby %b (Postfix) with ESMTP id 4Xvk2F1Ynxz1\n"
	"\tfor <%r>; " FORM_DATE " (UTC)"},
    {"Postfix, TLS and a login",
	"from %h (%n [%a])\n\t(using TLSv1.3 with cipher "
	"TLS_AES_256_GCM_SHA384 (256/256 bits)\n\t key-exchange X25519 "
	"server-signature RSA-PSS (2048 bits) server-digest SHA256)\n"
	"\t(Client CN \"%u\", Issuer \"%u\" (verified OK))\n"
	"\t(Authenticated sender: %u)\n\tby %b (Postfix) with ESMTPSA id 4X\n"
	"\tfor <%r>; " FORM_DATE " (UTC)"},
    {"sendmail",
	"from %h (%n [%a] (may be forged))\n\tby %b (8.17.1/8.17.1) with "
	"ESMTPS id 5AKA01xY012345\n\t(version=TLSv1.3 cipher=X bits=256 "
	"verify=NOT)\n\tfor <%r>; " FORM_DATE},
    {"sendmail, ident and a login",
	"from %h (IDENT:%i@%n [%a])\n\t(authenticated user=%u bits=0)\n"
	"\tby %b (8.14.4/8.14.4) with ESMTP id 5AKA01xY012348; " FORM_DATE},
    {"sendmail, no HELO",
	"(from %n [%a])\n\tby %b (8.17.1/8.17.1) id 5AKA01xY012349;\n"
	"\t" FORM_DATE},
    {"Exim, HELO verified",
	"from %h ([%a])\n\tby %b with esmtps  (TLS1.3) tls X\n\t(Exim 4.96)\n"
	"\t(envelope-from <%s>)\n\tid 1uAbCd-0001ab-2C\n\tfor %r;\n"
	"\t" FORM_DATE},
    {"Exim, name and HELO",
	"from %n ([%a]:50342 helo=%h ident=%i)\n\tby %b with esmtp (Exim "
	"4.94.2)\n\t(envelope-from <%s>)\n\tid 1uAbCe-0001ab-2C\n"
	"\tfor %r; " FORM_DATE},
    {"Exim, no name",
	"from [%a] (helo=%h)\n\tby %b with esmtp (Exim 4.94.2)\n"
	"\t(envelope-from <%s>)\n\tid 1uAbCf-0001ab-2C\n\tfor "
	"%r; " FORM_DATE},
    {"Exim, no name, ident",
	"from [%a] (port=50342 helo=%h ident=%i)\n\tby %b with esmtp (Exim "
	"4.96)\n\t(envelope-from <%s>)\n\tid 1uAbCg-0001ab-2C;\n"
	"\t" FORM_DATE},
    {"qmail",
	"from %n (HELO %h) (%a)\n  by %b with SMTP; 20 Nov 2026 10:00:01 "
	"-0000"},
    {"qmail, ident",
	"from %n (HELO %h) (%i@%a)\n  by %b with ESMTPA; 20 Nov 2026 "
	"10:00:01 -0000"},
    {"qmail, no HELO",
	"from %n (%i@%a)\n  by %b with SMTP; 20 Nov 2026 10:00:01 -0000"},
    {"qmail-ldap",
	"from %n (HELO %h) ([%a]) (envelope-sender <%s>)\n          by %b "
	"(qmail-ldap-1.03) with SMTP\n          for <%r>; 20 Nov 2026 "
	"10:00:01 -0000"},
    {"Exchange",
	"from %h (%a) by %b\r\n (198.51.100.25) with Microsoft SMTP Server "
	"(version=TLS1_2,\r\n cipher=X) id 15.1.2507.39 via Frontend\r\n "
	"Transport; " FORM_DATE},
    {"SMTPSVC",
	"from %h ([%a]) by %b with Microsoft SMTPSVC(10.0.17763.1697);\n"
	"\t " FORM_DATE},
    {"Gmail",
	"from %h (%n. [%a])\n        by %b with ESMTPS id d2e1a72fcca58-72\n"
	"        for <%r>\n        (version=TLS1_3 cipher=X bits=256/256);\n"
	"        Fri, 20 Nov 2026 02:00:01 -0800 (PST)"},
    {"OpenSMTPD",
	"from %h (%n [%a])\n\tby %b (OpenSMTPD) with ESMTPSA id 2a3b4c5d "
	"(TLSv1.3:X:256:NO) auth=yes user=%u\n\tfor <%r>;\n\t" FORM_DATE
	" (UTC)"},
    {"Courier",
	"from %h (%n [::ffff:%a])\n  (IDENT: %i, AUTH: PLAIN %u, TLS: "
	"TLSv1.3,256bits,X)\n  by %b with ESMTPSA\n  id 00000000000A0B0C."
	"0000000065A00001.00001234; " FORM_DATE},
    {"Dovecot LMTP",
	"from %h ([%a])\n\tby %b with LMTP\n\tid AbCdEfGhIjKlMnOp\n"
	"\t(envelope-from <%s>)\n\tfor <%r>; " FORM_DATE},
    {"Cyrus LMTP",
	"from %h (%n [%a])\n\t (authenticated user=%u bits=0)\n\t by %b "
	"(Cyrus 3.6.1) with LMTPSA;\n\t " FORM_DATE},
    {"Haraka",
	"from %h (%n [%a])\n\tby %b (Haraka/3.0.3) with ESMTPSA id 0A1B.1\n"
	"\tenvelope-from <%s>\n\t(cipher=X verify=NO);\n\t" FORM_DATE},
    {"Stalwart",
	"from %h (%n [%a] (AS64496 %u))\r\n\t(using TLSv1.3 with cipher X)"
	"\r\n\tby %b (Stalwart SMTP) with ESMTPS id 1A2B3C;\r\n\t" FORM_DATE},
    {"MailEnable", "from %h ([%a]) by %b with MailEnable ESMTP; " FORM_DATE},
    {"MDaemon",
	"from %h (%n [%a])\n\tby %b (MDaemon PRO v20.0.3)\n\twith ESMTPS id "
	"md50000000001.msg\n\tfor <%r>; " FORM_DATE},
    {"CommuniGate",
	"from [%a] (HELO %h)\n  by %b (CommuniGate Pro SMTP 6.3.9)\n  with "
	"ESMTP id 1 for %r; " FORM_DATE},
    {"CommuniGate, a login",
	"from [%a] (account %u HELO %h)\n  by %b (CommuniGate Pro SMTP "
	"6.3.9)\n  with ESMTPSA id 1 for %r; " FORM_DATE},
    {"Yahoo", "from %a (EHLO %h) (%a)\n by %b with SMTPs; " FORM_DATE},
};
#define FORMS (COUNT(received_forms))

/* The fields that can be above it, and the host that then writes the field
 * about the client. */
static const struct received_above {
	const char *text, *by;
} received_above[] = {
    {NULL, FORM_HOST},
    {"(qmail 12345 invoked from network); 20 Nov 2026 10:00:01 -0000",
	FORM_HOST},
    {"from %o\n\tby %o with LMTP\n\tid AbCdEfGhIjKlMnOp\n"
     "\t(envelope-from <%s>)\n\tfor <%r>; " FORM_DATE,
	FORM_HOST},
    {"from %o ([unix socket])\n\t by %o (Cyrus 3.6.1) with LMTPA;\n"
     "\t " FORM_DATE,
	FORM_HOST},
    {"from %o (%o [198.51.100.9])\n\tby store.example.org (Postfix) with "
     "LMTP id 4X\n\tfor <%r>; " FORM_DATE " (UTC)",
	FORM_HOST},
    {"from gate (" FORM_RELAY " [10.0.0.1])\n\tby %o (Postfix) with ESMTP id "
     "4X\n\tfor <%r>; " FORM_DATE " (UTC)",
	FORM_RELAY},
};
#define FORMS_ABOVE (COUNT(received_above))

/* Fills in a form. */
static inline struct span
form_write(const char *text, const char *by,
    const struct span slot[static FORM_SLOTS], struct arena *a)
{
	struct buf b = BUF(a);

	for (const char *p = text; *p; p++) {
		const char *letter;

		if (*p != '%') {
			buf_char(&b, *p);
			continue;
		}
		letter = strchr(FORM_LETTERS, *++p);
		if (letter)
			buf_add(&b, slot[letter - FORM_LETTERS]);
		else
			buf_str(&b,
			    *p == 'a'       ? FORM_CLIENT
				: *p == 'b' ? by
					    : FORM_HOST);
	}
	return buf_span(&b);
}

enum form_answer {
	FORM_NOBODY,
	FORM_FOUND,
	FORM_BROKEN
};

/*
 * Searches a message that has a field above, the form, and a forged field of
 * this host: does the search find the client, nobody, or another client? The
 * date must not be that of another field either. *field is set to that of the
 * form, for people.
 */
static inline enum form_answer
form_search(size_t above, size_t form, bool trusts,
    const struct span slot[static FORM_SLOTS], struct arena *a,
    struct span *text)
{
	const struct received_above *over = &received_above[above];
	struct field field[3] = {{.name = SPAN_NONE}};
	struct message m = {.fields = field};
	struct ip_network trusted[2];
	struct received found;
	struct ip client;
	size_t mine, got;

	if (over->text)
		field[m.nfields++].body =
		    form_write(over->text, over->by, slot, a);
	mine = m.nfields++;
	field[mine].body =
	    form_write(received_forms[form].text, over->by, slot, a);
	field[m.nfields++].body = SPAN(
	    "from bank.example (bank.example [" FORM_FORGED
	    "])\n\tby " FORM_HOST " (Postfix) with ESMTP id 4X; " FORM_DATE);
	for (size_t i = 0; i < m.nfields; i++)
		field[i].name = SPAN("Received");
	*text = field[mine].body;
	if (!ip_parse(SPAN(FORM_CLIENT), &client) ||
	    !ip_parse_network(SPAN("127.0.0.0/8"), &trusted[0]) ||
	    !ip_parse_network(SPAN("10.0.0.0/8"), &trusted[1]))
		return FORM_BROKEN;
	got = received_find(
	    &m, SPAN(FORM_HOST), trusted, trusts ? 2 : 0, a, &found);
	if (got == SIZE_MAX)
		return found.has_ip ? FORM_BROKEN : FORM_NOBODY;
	if (!trusts && got == 0 && over->text)
		return FORM_FOUND; /* a field about a relay */
	return got == mine && found.has_ip &&
		!memcmp(&found.ip, &client, sizeof(client)) &&
		(!found.has_date || found.date == FORM_TIME)
	    ? FORM_FOUND
	    : FORM_BROKEN;
}

/* What attackers write. */
static const char *const received_hostile[] = {
    /* words of a clause */
    "x by",
    "by",
    "by by",
    "from by",
    "from",
    "from from",
    "x from",
    "by x",
    "by " FORM_HOST,
    "x by " FORM_HOST,
    "x by " FORM_HOST " with SMTP",
    "x BY\t" FORM_HOST ".",
    "x by (y)",
    "(x) by",
    "x by (y) " FORM_HOST,
    "by " FORM_RELAY,
    "x by evil.example",
    "with LMTP",
    "by x with LMTP",
    FORM_HOST " by " FORM_HOST " with LMTP id x",
    FORM_HOST,
    FORM_RELAY,
    "HELO",
    "EHLO",
    "helo=",
    "ident=",
    "port=25",
    "helo=x",
    "HELO x",
    "(Exim 4.96)",
    "id x; " FORM_DATE,
    ";",
    "; by " FORM_HOST,
    "x;",
    "; Thu, 1 Jan 1970 00:00:10 +0000",
    /* parentheses, quotes, backslashes */
    "(",
    ")",
    "((",
    "))",
    "x (y",
    "y) z",
    "()",
    ") (",
    "\\",
    "\\(",
    "\\)",
    "x\\",
    "\"",
    "\"(",
    ")\"",
    "\")\"@x",
    "\"x by y\"@z",
    "(\\",
    "\\\\",
    /* addresses */
    FORM_FORGED,
    "[" FORM_FORGED "]",
    "x [" FORM_FORGED "]",
    "[" FORM_FORGED "] (helo=x)",
    "[" FORM_FORGED "] (HELO x)",
    "[" FORM_FORGED "] (port=25)",
    "[" FORM_FORGED "] (x",
    "x (" FORM_FORGED ")",
    "x (y [" FORM_FORGED "])",
    "x (y [" FORM_FORGED "]) (",
    "x (y [" FORM_FORGED "]) (z",
    "x) (y [" FORM_FORGED "]",
    "x) (y [" FORM_FORGED "]) (",
    "x) (" FORM_FORGED,
    "x) (" FORM_FORGED ") (",
    "y@" FORM_FORGED,
    "y@" FORM_FORGED ") (",
    "x (HELO y) (" FORM_FORGED ")",
    "x (HELO [" FORM_FORGED "])",
    "x helo=[" FORM_FORGED "]",
    "x [127.0.0.1]",
    "x (y [127.0.0.1]) (",
    "[127.0.0.1] (helo=x)",
    "[10.0.0.1]",
    "[IPv6:::ffff:" FORM_FORGED "]",
    "::ffff:" FORM_FORGED,
    /* a whole field */
    "x (y [" FORM_FORGED "]) by " FORM_HOST " (",
    "x (y [" FORM_FORGED "]) by " FORM_HOST " (a (b",
    "x (y [" FORM_FORGED "]) by " FORM_RELAY " (",
    "x (y [" FORM_FORGED "]) by " FORM_HOST " with SMTP; " FORM_DATE,
    "y [" FORM_FORGED "]) by " FORM_HOST " (",
    "y [" FORM_FORGED "]) by (x) " FORM_HOST " (",
    "x (y [" FORM_FORGED "]) by\xc2\xa0" FORM_HOST " (",
    "x by\v" FORM_HOST,
    "\xff",
};
#define FORMS_HOSTILE (COUNT(received_hostile))

#endif
