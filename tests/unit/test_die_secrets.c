/* test_die_secrets: PINs in error messages. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <stdio.h>

#include "base/die.h"

#define URL "pkcs11:token=x;object=y"

static const struct {
	struct span text;
	const char *shown;
} cases[] = {
    {S(""), ""},
    {S("plain text: of two parts"), "plain text: of two parts"},
    {S(": "), ": "},
    {S("x:"), "x:"},
    {S("a\0\033b"), "a\\x00\\x1bb"},
    {S(URL ": not found"), URL ": not found"},
    {S(URL "?pin-value=S3CRET: not found"), URL "?pin-value=***"},
    {S(URL "?pin-value=S3CRET"), URL "?pin-value=***"},
    {S(URL "?pin-value="), URL "?pin-value="},
    {S(URL "?PIN-Value=S3CRET: x"), URL "?PIN-Value=***"},
    {S("PKCS11:object=y?pin-value=S3CRET"), "PKCS11:object=y?pin-value=***"},
    /* a PIN may look like this program's own words */
    {S(URL "?pin-value=S3: CRET"), URL "?pin-value=***"},
    {S(URL "?pin-value=S3\nCRET: &module-name=CRET"), URL "?pin-value=***"},
    /* p11-kit removes blanks from names and values */
    {S(URL "?pin -value=S3CRET"), URL "?pin -value=***"},
    {S(URL "?pin-value=S3 CRET"), URL "?pin-value=***"},
    {S("pkcs11:object=y: z?pin-value=S3CRET"),
	"pkcs11:object=y: z?pin-value=***"},
    {S(URL "?pin-value=S3CRET&module-name=softhsm2: x"), URL "?pin-value=***"},
    {S(URL "?module-path=/a/b.so&pin-source=file:/p&pin-value=S3CRET: x"),
	URL "?module-path=/a/b.so&pin-source=file:/p&pin-value=***"},
    {S(URL "?module-path=/a/b.so&pin-source=file:/p: not found"),
	URL "?module-path=/a/b.so&pin-source=file:/p: not found"},
    {S(URL "?module-name=x;pin-value=S3CRET"),
	URL "?module-name=x;pin-value=***"},
    {S(URL "?x-vendor-pin=S3CRET"), URL "?x-vendor-pin=***"},
    {S(URL "?x-pin=S3CRET&x-pin=S3CRET"), URL "?x-pin=***"},
    {S(URL "?pin-value=a?b=S3CRET"), URL "?pin-value=***"},
    {S(URL "?pin-value=a;b=S3CRET"), URL "?pin-value=***"},
    {S(URL "?S3CRET"), URL "?***"},
    {S(URL "?&&"), URL "?&&"},
    {S(URL "?pin-value=a=S3CRET"), URL "?pin-value=***"},
    {S(URL "?pin%2Dvalue=S3CRET"), URL "?pin%2Dvalue=***"},
    {S("-k e=" URL "?pin-value=S3CRET: no selector: -s"),
	"-k e=" URL "?pin-value=***"},
    {S("a: " URL "?pin-value=S3CRET: b: " URL "?pin-value=S3CRET: c"),
	"a: " URL "?pin-value=***"},
    /* not in a query, or not in a URL of pkcs11 */
    {S("pkcs11:token=x;pin-value=S3CRET;object=y: x"),
	"pkcs11:token=x;pin-value=***"},
    {S("pin-value=S3CRET: No such file"), "pin-value=***"},
    {S("token=x?pin-value=S3CRET&a=b: x"), "token=x?pin-value=***"},
    {S("tpmkey:uuid=x;pin=S3: CRET"), "tpmkey:uuid=x;pin=***"},
    {S("tpmkey:file=x?Pin - Value =S3CRET"), "tpmkey:file=x?Pin - Value =***"},
    {S("x-key:pin%2dvalue=S3CRET"), "x-key:pin%2dvalue=***"},
    {S("system:x;user-pin=S3CRET: x"), "system:x;user-pin=***"},
    /* attributes of other names are shown */
    {S("pin-source=file:/p: x"), "pin-source=file:/p: x"},
    {S("pink=1: pin"), "pink=1: pin"},
    {S("pin-"), "pin-"},
};

static void
secrets_are_hidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = NULL;
		size_t len = 0;
		FILE *to = open_memstream(&text, &len);

		die_show(cases[i].text, to);
		fclose(to);
		same(cases[i].text.p, (struct span){text, len}, cases[i].shown);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(secrets_are_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
