/* test_header_signature: repairs of the signature field, and by what it
 * tells. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header.h"

#define BH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define F  "From: a\r\nTo: b\r\nSubject: c\r\n"

/* Checks what is found, with these repairs alone; "none" if nothing. */
static void
check(size_t i, struct span original, struct span received, struct span body,
    const char *ids, struct arena *a)
{
	struct received *r = receive(received, a);
	struct span digest = digest_of(original, a);
	struct budget budget = full_budget();
	struct header_found found =
	    search_with(header_signature_repairs, r, digest, body, &budget, a);
	const char *got = found.is_found ? ids_of(&found, a) : "none";

	if (strcmp(got, ids) != 0)
		fail_msg("%zu: %s, not %s", i, got, ids);
	if (found.is_found)
		check_found(&found, r, digest, a);
}

/* As these signers have written it. */
#define OPENDKIM                                                              \
	"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.org; " \
	"s=one;\r\n"                                                          \
	"\tt=1796098250; bh=" BH ";\r\n"                                      \
	"\th=From:Cc:Reply-To:List-Unsubscribe:In-Reply-To:References:To:"    \
	"\r\n\t Subject:Date:Message-ID:MIME-Version:Content-Type;\r\n"       \
	"\tb=YWJjYWJjYWJj\r\n\t YWJjYWJj\r\n"
#define DKIMPY                                                                \
	"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.org;"  \
	"\r\n i=@example.org; q=dns/txt; s=one; t=1796098250; h=from : cc : " \
	"reply-to\r\n : list-unsubscribe : in-reply-to : references : to : "  \
	"subject : date :\r\n message-id : mime-version : content-type : "    \
	"from;\r\n bh=" BH ";\r\n b=YWJjYWJj\r\n YWJj\r\n"
#define DKIM_SIGN                                                             \
	"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.org; " \
	"s=one;\r\n"                                                          \
	"\tt=1796098702; "                                                    \
	"h=From:From:Sender:Reply-To:To:To:Cc:Subject:Subject:"               \
	"\r\n\tDate:Date:Message-ID:Message-ID:In-Reply-To:References:"       \
	"MIME-Version:\r\n\tMIME-Version:Content-Type:Content-Type:"          \
	"Content-Transfer-Encoding; bh=4\r\n"                                 \
	"\t7DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; "                     \
	"b=YWJjYWJjYWJjYWJj\r\n"                                              \
	"\tYWJj\r\n"

#define MAIL_DKIM                                                              \
	"DKIM-Signature: v=1; a=rsa-sha256; c=simple; d=example.org; "         \
	"h=from:cc\r\n"                                                        \
	"\t:reply-to:list-unsubscribe:in-reply-to:references:to:subject\r\n"   \
	"\t:date:message-id:mime-version:content-type; s=one; "                \
	"bh=47DEQpj8HB\r\n"                                                    \
	"\tSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=YWJjYWJjYWJjYWJjYWJjYWJj\r\n" \
	"\tYWJj\r\n"

/* The same on one line, as software joins lines: blanks kept, or one SP. */
static struct span
joined(struct span field, bool kept, struct arena *a)
{
	struct buf b = BUF(a);
	bool fold = false;

	field = field_chomp(field);
	for (size_t i = 0; i < field.len; i++) {
		bool blank = field.p[i] == ' ' || field.p[i] == '\t';

		if (field.p[i] == '\r' || field.p[i] == '\n') {
			if (!fold && !kept)
				buf_char(&b, ' ');
			fold = true;
		} else if (!fold || !blank || kept) {
			buf_char(&b, field.p[i]);
			fold = false;
		}
	}
	buf_str(&b, "\r\n");
	return buf_span(&b);
}

/* The same with folds after so many columns, as software folds anew. */
static struct span
folded(struct span field, size_t columns, const char *blank, struct arena *a)
{
	struct span line = joined(field, false, a), rest = field_chomp(line);
	struct buf b = BUF(a);
	size_t column = 0;

	while (rest.len) {
		size_t n = 1 + span_find(span_from(rest, 1), ' ');

		if (column + n > columns && column) {
			buf_str(&b, "\r\n");
			buf_str(&b, blank);
			rest = span_from(rest, 1);
			n--;
			column = 0;
		}
		buf_add(&b, span_upto(rest, n));
		column += n;
		rest = span_from(rest, n);
	}
	buf_str(&b, "\r\n");
	return buf_span(&b);
}

static void
folds_of_known_signers_are_restored(void **state)
{
	static const struct span fields[] = {
	    S(OPENDKIM), S(DKIMPY), S(DKIM_SIGN), S(MAIL_DKIM)};
	struct arena *a = *state;
	struct span rest = SPAN(F);

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct span original = ARENA_JOIN(a, fields[i], rest);

		check(i, original,
		    ARENA_JOIN(a, joined(fields[i], true, a), rest), SPAN_NONE,
		    i == 1 ? "signature-folded" : "signature-unfolded", a);
		check(10 + i, original,
		    ARENA_JOIN(a, joined(fields[i], false, a), rest), SPAN_NONE,
		    "signature-folded", a);
		check(20 + i, original,
		    ARENA_JOIN(a, folded(fields[i], 60, "\t", a), rest),
		    SPAN_NONE, "signature-folded", a);
		check(30 + i, original,
		    ARENA_JOIN(a, folded(fields[i], 50, "  ", a), rest),
		    SPAN_NONE, "signature-folded", a);
	}
}

#define SIMPLE(name, rest) \
	name " v=1; a=rsa-sha256; c=simple; d=example.org; s=one; " rest F

static void
the_signature_field_is_restored(void **state)
{
	static const struct {
		struct span original, received;
		const char *ids;
	} c[] = {
	    /* other blanks at folds */
	    {S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one;\r\n"
	       "\tbh=" BH ";\r\n\th=From; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one;\r\n"
		  "        bh=" BH ";\r\n        h=From; b=YWJj\r\n" F),
		"signature-unfolded"},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one;\r\n"
	       "        bh=" BH ";\r\n        h=From; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one;\r\n"
		  " bh=" BH ";\r\n\th=From; b=YWJj\r\n" F),
		"signature-unfolded"},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one;\n"
	       " bh=" BH ";\n h=From; b=YWJj\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one; \n"
		  "\tbh=" BH ";\n\th=From; b=YWJj\n" F),
		"signature-unfolded"},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one; "
	       "bh=" BH "; h=From; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one;\r\n"
		  " bh=" BH ";\r\n h=From; b=YW\r\n Jj\r\n" F),
		"signature-unfolded"},
	    /* b= may be folded in any way: nothing differs */
	    {S(SIMPLE("DKIM-Signature:", "bh=" BH "; h=From; b=YWJj\r\n")),
		S(SIMPLE(
		    "dkim-signature:", "bh=" BH "; h=From; b=Y\r\n WJj\r\n")),
		"signature-name"},
	    {S(SIMPLE("Dkim-Signature:", "bh=" BH "; h=From; b=YWJj\r\n")),
		S(SIMPLE("DKIM-Signature:", "bh=" BH "; h=From; b=YWJj\r\n")),
		"signature-name"},
	    {S(SIMPLE("dkim-signature:", "bh=" BH "; h=From; b=YWJj\r\n")),
		S(SIMPLE("DKIM-SIGNATURE:", "bh=" BH "; h=From; b=YWJj\r\n")),
		"signature-name"},
	    /* blanks between tags, and around "=" */
	    {S("DKIM-Signature: v=1;a=rsa-sha256;c=relaxed;d=example.org;s=one;"
	       "bh=" BH ";h=From;b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
		  " s=one; bh=" BH "; h=From; b=YWJj\r\n" F),
		"signature-blanks"},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
	       " s=one; bh=" BH "; h=From; b=YWJj\r\n" F),
		S("DKIM-Signature:v = 1; a = rsa-sha256; c = relaxed; d = "
		  "example.org; s = one; bh = " BH
		  "; h = From; b = YWJj\r\n" F),
		"signature-blanks"},
	    {S("DKIM-Signature:v=1; a=rsa-sha256; c=simple; d=example.org;"
	       " s=one; bh=" BH "; h=From; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=simple; d=example.org;"
		  " s=one; bh=" BH "; h=From; b=YWJj\r\n" F),
		"signature-blanks"},
	    /* blanks inside values, which matter to relaxed, too */
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
	       " s=one; bh=" BH "; h=From:To:Cc:Subject; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
		  " s=one; bh=47DEQpj8HBSa+/TImW+5JCeuQe\r\n Rkm5NMpJWZG3hSuFU="
		  "; h=From:To:\r\n\tCc:Subject; b=YWJj\r\n" F),
		"signature-blanks"},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
	       " s=one; bh=" BH "; h=From: To: Cc: Subject; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
		  " s=one; bh=" BH "; h=From:To:Cc:Subject; b=YWJj\r\n" F),
		"signature-blanks"},
	    /* names in h= */
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
	       " s=one; bh=" BH "; h=From:To:Mime-Version; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
		  " s=one; bh=" BH "; h=from:to:mime-version; b=YWJj\r\n" F),
		"signature-names"},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
	       " s=one; bh=" BH "; h=from:to; b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
		  " s=one; bh=" BH "; h=From:To; b=YWJj\r\n" F),
		"signature-names"},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
	       " s=one; bh=" BH "; h=FROM :To; b=YWJj\r\nFROM: a\r\nTo: b\r\n"),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
		  " s=one; bh=" BH
		  "; h=From :To; b=YWJj\r\nFROM: a\r\nTo: b\r\n"),
		"signature-names"},
	    /* two at once */
	    {S("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one;\r\n"
	       "\tbh=" BH ";\r\n\th=From; b=YWJj\r\n" F),
		S("dkim-signature: v=1; a=rsa-sha256; d=example.org; s=one;\r\n"
		  "  bh=" BH ";\r\n  h=From; b=YWJj\r\n" F),
		"signature-name signature-unfolded"},
	    {S("DKIM-Signature:v=1;a=rsa-sha256;c=relaxed;d=example.org;s=one;"
	       "bh=" BH ";h=From:To;b=YWJj\r\n" F),
		S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org;"
		  " s=one; bh=" BH "; h=from:to; b=YWJj\r\n" F),
		"signature-names signature-blanks"},
	    /* another header was signed */
	    {S(SIMPLE("DKIM-Signature:", "bh=" BH "; h=From; b=YWJj\r\n")),
		S(SIMPLE("DKIM-Signature:",
		    "bh=" BH "; h=From; b=YWJj\r\n"
		    "From: b\r\n")),
		"none"},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		check(i, c[i].original, c[i].received, SPAN_NONE, c[i].ids,
		    *state);
}

#define WITH_BH(bh)                                                         \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; s=on" \
	"e; h=From; bh=" bh "; b=YWJj\r\n" F
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct span hash_of_nothing = {
    "\343\260\304\102\230\374\034\024\232\373\364\310\231\157\271\044"
    "\047\256\101\344\144\233\223\114\244\225\231\033\170\122\270\125",
    32};

static void
the_hash_of_the_body_is_restored(void **state)
{
	static const struct {
		struct span original, received;
		const char *ids;
	} c[] = {
	    {S(WITH_BH(BH)), S(WITH_BH(ZEROS)), "signature-bh"},
	    {S(WITH_BH("47DEQpj8HBSa+/TImW+5JCeu\r\n QeRkm5NMpJWZG3hSuFU=")),
		S(WITH_BH("AAAAAAAAAAAAAAAAAAAAAAAA\r\n AAAAAAAAAAAAAAAAAAA=")),
		"signature-bh"},
	    {S(WITH_BH(BH)),
		S(WITH_BH("AAAAAAAAAAAAAAAAAAAAAAAA\r\n AAAAAAAAAAAAAAAAAAA=")),
		"signature-bh"},
	    {S(WITH_BH(BH)),
		S("DKIM-Signature: v=1;a=rsa-sha256;c=relaxed;d=example.org;"
		  "s=one;h=From;bh=" ZEROS ";b=YWJj\r\n" F),
		"signature-bh signature-blanks"},
	    /* another body */
	    {S(WITH_BH("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
		S(WITH_BH(ZEROS)), "none"},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		check(i, c[i].original, c[i].received, hash_of_nothing,
		    c[i].ids, *state);
	check(99, c[0].original, c[0].received, SPAN_NONE, "none", *state);
}

/* z= of From: a, To: b, Subject: c and the like */
#define COPIED(canon, z)                                                  \
	"DKIM-Signature: v=1; a=rsa-sha256; c=" canon "; d=example.org; " \
	"s=one; h=From:To:To:Subject:Cc; z=" z "; bh=" BH "; b=YWJj\r\n"
#define Z3 COPIED("relaxed", "From:=20a|To:=20b|\r\n Subject:=20c=20=3Bd")
#define ZS COPIED("simple", "From:=20a|To:=20b|Subject:=20c=0D=0A=20d")
#define Z2 COPIED("relaxed", "From:=20a|To:=20b|To:=20c|Subject:=20d")

static void
fields_are_restored_from_their_copies(void **state)
{
	static const struct {
		struct span original, received;
		const char *ids;
	} c[] = {
	    {S(Z3 "From: a\r\nTo: b\r\nSubject: c ;d\r\n"),
		S(Z3 "From: a\r\nTo: b\r\nSubject: x\r\n"), "field-changed"},
	    {S(Z3 "From: a\r\nTo: b\r\nSubject: c ;d\r\n"),
		S(Z3 "From: x\r\nTo: y\r\nSubject: z\r\n"),
		"field-changed field-changed field-changed"},
	    {S(Z3 "From: a\r\nTo: b\r\nSubject: x\r\n"),
		S(Z3 "From: x\r\nTo: b\r\nSubject: x\r\n"), "field-changed"},
	    {S(Z3 "From: x\r\nTo: b\r\nSubject: c ;d\r\n"),
		S(Z3 "From: x\r\nTo: y\r\nSubject: x\r\n"),
		"field-changed field-changed"},
	    /* lines of the field */
	    {S(ZS "From: a\r\nTo: b\r\nSubject: c\r\n d\r\n"),
		S(ZS "From: a\r\nTo: b\r\nSubject: c d\r\n"), "field-changed"},
	    {S(ZS "From: a\nTo: b\nSubject: c\n d\n"),
		S(ZS "From: a\nTo:b\nSubject: c\n  d\n"),
		"field-changed field-changed"},
	    {S(ZS "From: a\r\nTo: b\r\nSubject: c\r\n d\r\n"),
		S(ZS "From: a\r\nTo: b\r\n"), "field-lost"},
	    {S(Z3 "From: a\r\nTo: b\r\nSubject: c ;d\r\n"),
		S(Z3 "From: x\r\nTo: b\r\n"), "field-changed field-lost"},
	    {S(Z3 "From: a\r\nTo: b\r\nSubject: c ;d\r\n"), S(Z3 "From: a\r\n"),
		"field-lost field-lost"},
	    /* two of one name, copied from the bottom up, or from the top */
	    {S(Z2 "From: a\r\nTo: c\r\nTo: b\r\nSubject: d\r\n"),
		S(Z2 "From: a\r\nTo: x\r\nTo: y\r\nSubject: d\r\n"),
		"field-changed field-changed"},
	    {S(Z2 "From: a\r\nTo: b\r\nTo: c\r\nSubject: d\r\n"),
		S(Z2 "From: a\r\nTo: x\r\nTo: y\r\nSubject: d\r\n"),
		"field-changed field-changed"},
	    {S(Z2 "From: a\r\nTo: b\r\nTo: c\r\nSubject: d\r\n"),
		S(Z2 "From: a\r\nTo: x\r\nTo: c\r\nSubject: d\r\n"),
		"field-changed"},
	    /* the copy is of another header, malformed, or of nothing signed */
	    {S(Z3 "From: a\r\nTo: x\r\nSubject: c ;d\r\n"),
		S(Z3 "From: a\r\nTo: y\r\nSubject: c ;d\r\n"), "none"},
	    {S(COPIED("relaxed", "From:=2|To|:|=20a|From:=0Aa") "From: a\r\n"),
		S(COPIED(
		    "relaxed", "From:=2|To|:|=20a|From:=0Aa") "From: b\r\n"),
		"none"},
	    {S(COPIED("relaxed", "X:=20a") "From: a\r\nX: b\r\n"),
		S(COPIED("relaxed", "X:=20a") "From: b\r\nX: b\r\n"), "none"},
	    {S(COPIED("relaxed", "") "From: a\r\n"),
		S(COPIED("relaxed", "") "From: b\r\n"), "none"},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		check(i, c[i].original, c[i].received, SPAN_NONE, c[i].ids,
		    *state);
}

#define ZT COPIED("relaxed", "From:=20one=20a|To:=20two=20a|Subject:=20c")

/* Each field that was replaced is told, with all of its value; of many, the
 * first ones, and how many others there are. */
static void
fields_are_told_one_by_one(void **state)
{
	struct arena *a = *state;
	struct budget budget = full_budget();
	struct header_found found = search_with(header_signature_repairs,
	    receive(SPAN(ZT "From: one b\r\nTo: two b\r\nSubject: c\r\n"), a),
	    digest_of(SPAN(ZT "From: one a\r\nTo: two a\r\nSubject: c\r\n"), a),
	    SPAN_NONE, &budget, a);

	assert_int_equal(found.nrepairs, 2);
	assert_true(span_eq(found.repairs[0].name, SPAN("From")));
	assert_true(span_eq(found.repairs[0].before, SPAN("one a")));
	assert_true(span_eq(found.repairs[0].after, SPAN("one b")));
	assert_true(span_eq(found.repairs[1].name, SPAN("To")));
	assert_true(span_eq(found.repairs[1].before, SPAN("two a")));
	assert_int_equal(found.repairs[1].others, 0);
}

static void
of_many_fields_some_are_told(void **state)
{
	struct arena *a = *state;
	struct buf z = BUF(a), one = BUF(a), other = BUF(a);
	struct budget budget = full_budget();
	struct header_found found;

	buf_str(&z,
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "
	    "s=one; bh=" BH "; b=YWJj; h=From:A:B:C:D:E:F:G; z=From:x");
	for (char c = 'A'; c <= 'G'; c++) {
		buf_printf(&z, "|%c:x", c);
		buf_printf(&one, "%c:x\r\n", c);
		buf_printf(&other, "%c:y\r\n", c);
	}
	buf_str(&z, "\r\nFrom:x\r\n");
	found = search_with(header_signature_repairs,
	    receive(ARENA_JOIN(a, buf_span(&z), buf_span(&other)), a),
	    digest_of(ARENA_JOIN(a, buf_span(&z), buf_span(&one)), a),
	    SPAN_NONE, &budget, a);
	assert_int_equal(found.nrepairs, HEADER_ALIKE);
	assert_int_equal(found.repairs[HEADER_ALIKE - 1].others, 2);
}

/* What is proposed for a header that has no sign of an alteration. */
static size_t
proposals(struct span header, struct span body, struct arena *a)
{
	struct received *r = receive(header, a);
	struct header h = header_of(r, a);
	struct header_proposals p = {.arena = a, .most = 1000};

	h.body = body;
	for (const struct header_repair *t = header_signature_repairs;
	     t->kind.id; t++)
		for (size_t i = 0; i < r->m.nfields; i++)
			if (t->whole && !i)
				t->whole(&h, &p);
			else if (t->field && i != r->index)
				t->field(&h, i, r->m.fields[i].raw, &p);
	return p.n;
}

static void
nothing_is_proposed_without_a_sign(void **state)
{
	assert_int_equal(
	    proposals(SPAN(WITH_BH(BH)), hash_of_nothing, *state), 0);
	assert_int_equal(proposals(SPAN(WITH_BH(BH)), SPAN_NONE, *state), 0);
	assert_int_equal(
	    proposals(SPAN(Z3 "From: a\r\nTo: b\r\nSubject: c ;d\r\n"),
		SPAN_NONE, *state),
	    0);
}

static void
many_copies_take_little(void **state)
{
	struct arena *a = *state;
	struct buf b = BUF(a);
	struct header_found found;
	struct budget budget = full_budget();
	struct received *r;

	buf_str(&b,
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.o"
	    "rg; s=one; bh=" BH "; b=YWJj; h=From:To; z=");
	for (unsigned i = 0; i < 9000; i++)
		buf_str(&b, "To:=20|");
	buf_str(&b, "To:x\r\n");
	for (unsigned i = 0; i < 90000; i++)
		buf_printf(&b, "To: %u\r\n", i);
	r = receive(buf_span(&b), a);
	found = search_with(header_signature_repairs, r,
	    (struct span){"0123456789abcdef0123456789abcdef", 32}, SPAN_NONE,
	    &budget, a);
	assert_false(found.is_found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(folds_of_known_signers_are_restored),
	    TEST(the_signature_field_is_restored),
	    TEST(the_hash_of_the_body_is_restored),
	    TEST(fields_are_restored_from_their_copies),
	    TEST(fields_are_told_one_by_one),
	    TEST(of_many_fields_some_are_told),
	    TEST(nothing_is_proposed_without_a_sign),
	    TEST(many_copies_take_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
