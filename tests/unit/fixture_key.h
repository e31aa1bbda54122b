/* fixture_key: texts with keys. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_KEY_H
#define FIXTURE_KEY_H

#include "unit.h"

#include "base/buf.h"

/* Keys of tests/data, in base64. */
static const struct {
	const char *name, *text;
} fixture_keys[] = {
    {"rsa2048",
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtzYVsV7IUM7o7txn"
	"yNO+ZNe7mQcTNOm6rAr8D4sfCsVwqO7/3m1rq3PMKN0WYSJEPyNLRRmgcQqQ"
	"OlTD9aR5+xLEZL1eMJxYWOh+9A14x3tWZqpusBGossU2VKkdomNlaUaNMwx+"
	"GlNWU4HTHjeT7+hDQUL1bvAAIYD+NpaH1tdX4crTGhOPObQAfmA0uaSl8a3C"
	"egZ5pc5u8ONZ847k7VfemNEHtUge0DBlfK5WB7n5ZSXveF6HRVVcHrn7S0iu"
	"0n4C7iorT0kDfAoBuGGzVNXPZcqwCB7e1yAyIqBba9MhNDqyrEBb4xE1zMMX"
	"Ia48dMj2EvS0ppC9Rx2lYBE1PwIDAQAB"},
    {"rsa2048-bare",
	"MIIBCgKCAQEAtzYVsV7IUM7o7txnyNO+ZNe7mQcTNOm6rAr8D4sfCsVwqO7/"
	"3m1rq3PMKN0WYSJEPyNLRRmgcQqQOlTD9aR5+xLEZL1eMJxYWOh+9A14x3tW"
	"ZqpusBGossU2VKkdomNlaUaNMwx+GlNWU4HTHjeT7+hDQUL1bvAAIYD+NpaH"
	"1tdX4crTGhOPObQAfmA0uaSl8a3CegZ5pc5u8ONZ847k7VfemNEHtUge0DBl"
	"fK5WB7n5ZSXveF6HRVVcHrn7S0iu0n4C7iorT0kDfAoBuGGzVNXPZcqwCB7e"
	"1yAyIqBba9MhNDqyrEBb4xE1zMMXIa48dMj2EvS0ppC9Rx2lYBE1PwIDAQAB"},
    {"rsa1024",
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDBsElSE7iq5H0S6rRlAfIq"
	"pXG6GjI3q6y78Y7u4yzzsKFJgdFmDgXRgm40CnoMQlijQe0bQzefXOZx8wKo"
	"I5spOXWDDlBbbxyDoKr1Pu3GDEx6uKgQGTRz4MHyAENnFOGua7fDuHVR+YOv"
	"kJC2+qqmN/X8/vnAG7QagLb1U6ZThQIDAQAB"},
    {"rsa512",
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALgR4PuOuia2fqQRgW5CkocSB6JI"
	"gIVbutwibnmTWiA7UI4gaa+4DJei7KLFr2XraSq9i2P1yAqy1IG0l+8eLqkC"
	"AwEAAQ=="},
    {"rsa8193",
	"MIIEIjANBgkqhkiG9w0BAQEFAAOCBA8AMIIECgKCBAEBT85l0ZYYtBDcfPX/"
	"HYFn5rFcpCVgtosVkBYcKIvUZpfxf+IKVApsIneSkTKT52LAPoINgANNCQbX"
	"yg5jC/bV3EaQ30VLEOhSkUuzkorbMShSfoXn7Zns4RXE2swQT5Gok3P6LmVr"
	"kjqIHFVoigJkLxj+nRDfLyAO6jDKBuqiwj2oHmogvawL6Qrvl4hPArVAx+QR"
	"/lo+gVffU1deGqmrI+EhCSNO6JqiGbgRya9v4R8IujmMtBDS0SZhfRE7o7l9"
	"il2Ck4YG/71JvjNvDzw2IbIE3Y0W9yWriOj8YYp8TVNb61GXGZV2Z3nug5VR"
	"QXQQf6aqn2sjykgz5VIOuJ6fblaRAY+UDzS6IQ7TlEwHShJYYxKTHs424Knu"
	"AkjUwCiUZIC72csQ9+oeRNXLPtb7OoqwPoME5VDrRkcf10yu1Og7aeeZLU9O"
	"6boh7kkrI3Cuqm8IOvQ1YXmfBaMMHQjKWGgufNAqfnStONAtKa9owFTNHnSA"
	"YSnEcOGwrOLXuU6/5Ir+lYHGm97p4jjfwWCUrts3M8ZNf5rqCobAGV1G9WyI"
	"aC3MLBUFTC1tJ2YbPsZXhtNcp6FRio3fSoxWUNReemQBWimfLZbUUIAdlj4z"
	"A6VUvtuCPOcqaxvUYjbsaf1xaKtoK3EreljrqPBJJ1AG9KcHvss5zi61QfCk"
	"BfTSHKXI1pwkGxCae5M3NJSr4Z9hgCLj8gKAzwWk1eiavnNak8DQCDRPib+V"
	"4ApWnImP90q2rYPOVxfJpRPJ8IMeKyCCWBR7cGuZD+1T+9Nr4iSEojbWVct9"
	"wMwKjJRTdo74PRQLLlYJGWIXR8WnbrcRDaZV15e5CYLnBAw6zgY03WAvWVZQ"
	"TOS4rMstdx94lLQmzdkbp+KsBcBZiqx9dht5rW0dzbjlVO3G3+eU/8PbAAG4"
	"DlWqFWhb4VXGpqhevJVf5Kc7sbOQnYtm55zbWMVfQ9NxmYVEV4KSZGjP+3X4"
	"jEhdu3rCdP1XWYek5E+oBmHjWwSJUobxBAtsR3joWwI/TogdyVx6MODRNi7L"
	"ORUycv0bNOn1kXX4CodQdn1CHj4W3FkW7G4lTPmtr5dG+8c0wSMxv9ZRmLhX"
	"LjMmeLKe2j0cdWe/dipE5CEJ4qUmh3CzTCG5aMXDUxD5a0MvOG+yWTQBlYNH"
	"K4OO/q9NDr1mzxBXBFtkGxYXnCu6JGE7EuIaNawfCbA0w0GlCsxV3picdKlt"
	"TR+SH56Snaqm28FDPGBLBPf2sXQeRExugnlNVA4a9NdEztCll9D0UnVjuitU"
	"OrT8Ta3amDyRUItL407YqONlqWpaRaHNeTeCKvp9MeXQ88BjVV+j8VXFTp9M"
	"TXWtv1PF+KovAU0CDHZhQRPHcCP9vwIDAQAB"},
    {"e1",
	"MIGdMA0GCSqGSIb3DQEBAQUAA4GLADCBhwKBgQDBsElSE7iq5H0S6rRlAfIq"
	"pXG6GjI3q6y78Y7u4yzzsKFJgdFmDgXRgm40CnoMQlijQe0bQzefXOZx8wKo"
	"I5spOXWDDlBbbxyDoKr1Pu3GDEx6uKgQGTRz4MHyAENnFOGua7fDuHVR+YOv"
	"kJC2+qqmN/X8/vnAG7QagLb1U6ZThQIBAQ=="},
    {"ed", "JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM="},
    {"ed-spki", "MCowBQYDK2VwAyEAJgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM="},
    {"ed-one", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    {"p256",
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8THYriGDcwLskyuEG74yw79F"
	"+xcEwwDQU91OeGfX3n9wU57Lp+ooAy56MD5Td/PKtH4sbANLk7M6XtmSoL53"
	"AQ=="},
    {"pkcs1",
	"MIICXQIBAAKBgQDBsElSE7iq5H0S6rRlAfIqpXG6GjI3q6y78Y7u4yzzsKFJ"
	"gdFmDgXRgm40CnoMQlijQe0bQzefXOZx8wKoI5spOXWDDlBbbxyDoKr1Pu3G"
	"DEx6uKgQGTRz4MHyAENnFOGua7fDuHVR+YOvkJC2+qqmN/X8/vnAG7QagLb1"
	"U6ZThQIDAQABAoGBAIGQq3t8NcwbjI9a8dGfu59LjQgw/ea/sI0IydSDo05g"
	"mYPSk4DxYHMGDTJCz+Hjf+e18iaKkGrKel0/ckeHigKfwewsTNztGLxIMe1U"
	"yd7qchP//d+6R3cDuInouDVWFh/qJ7tzJw0Xd3KDZJ6KWi5aIjIu3QSL9FLZ"
	"mI+bqp8BAkEA39UYnDKgqtGgil7GVJLHptgtD8lLcU7FcqDSCBrh/oehZ70E"
	"HTmZImo1qrCdNZp+6CnD7TISpVtX0WRgp0c2swJBAN2GL4BbtrDrWJ4QEziD"
	"zSIVwrdXS52T7Adzo1NVkJbYbW8xd1In6c56NkjG3PPSKIBI+W/ejFXf3kJQ"
	"2GLIKOcCQAjGKK3Oyj+H8hwadPnRuyPOK44H3P43EURaC4Gn1B4PIQOZBDVF"
	"EbyonyvuumrkgH8HTBfbM6Hpv7qEjclg4EMCQDjam45h+31kqZXHomc6zIcW"
	"9qZ/bRTARi+TajOVHkrYuR10oJ8hR0yK6Su8fjDFm0dxczNW9sWDc1Op1B9m"
	"J7kCQQCmMxiofQwAH91SmugKItz+nJ/y82b586EUI27GQAGSQrjB4YMa4Z57"
	"DKjFB1kLN5mePYkDCqH3Po8JnNPmL/6y"},
    {"pkcs8",
	"MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMGwSVITuKrk"
	"fRLqtGUB8iqlcboaMjerrLvxju7jLPOwoUmB0WYOBdGCbjQKegxCWKNB7RtD"
	"N59c5nHzAqgjmyk5dYMOUFtvHIOgqvU+7cYMTHq4qBAZNHPgwfIAQ2cU4a5r"
	"t8O4dVH5g6+QkLb6qqY39fz++cAbtBqAtvVTplOFAgMBAAECgYEAgZCre3w1"
	"zBuMj1rx0Z+7n0uNCDD95r+wjQjJ1IOjTmCZg9KTgPFgcwYNMkLP4eN/57Xy"
	"JoqQasp6XT9yR4eKAp/B7CxM3O0YvEgx7VTJ3upyE//937pHdwO4iei4NVYW"
	"H+onu3MnDRd3coNknopaLloiMi7dBIv0UtmYj5uqnwECQQDf1RicMqCq0aCK"
	"XsZUksem2C0PyUtxTsVyoNIIGuH+h6FnvQQdOZkiajWqsJ01mn7oKcPtMhKl"
	"W1fRZGCnRzazAkEA3YYvgFu2sOtYnhATOIPNIhXCt1dLnZPsB3OjU1WQltht"
	"bzF3Uifpzno2SMbc89IogEj5b96MVd/eQlDYYsgo5wJACMYorc7KP4fyHBp0"
	"+dG7I84rjgfc/jcRRFoLgafUHg8hA5kENUURvKifK+66auSAfwdMF9szoem/"
	"uoSNyWDgQwJAONqbjmH7fWSplceiZzrMhxb2pn9tFMBGL5NqM5UeSti5HXSg"
	"nyFHTIrpK7x+MMWbR3FzM1b2xYNzU6nUH2YnuQJBAKYzGKh9DAAf3VKa6Aoi"
	"3P6cn/LzZvnzoRQjbsZAAZJCuMHhgxrhnnsMqMUHWQs3mZ49iQMKofc+jwmc"
	"0+Yv/rI="},
    {"ed-pkcs8",
	"MC4CAQAwBQYDK2VwBCIEIAQ6jji/8lF5hdONf4KvzfLutDV4oDqIsYdJIbsO"
	"kesl"},
};

static inline struct span
fixture_key(struct span name)
{
	for (size_t i = 0; i < COUNT(fixture_keys); i++)
		if (span_eq(name, span_of(fixture_keys[i].name)))
			return span_of(fixture_keys[i].text);
	return SPAN_NONE;
}

/*
 * Returns a text with keys for @NAME@. @NAME:N@ are the first N octets of one,
 * @NAME+N@ all after them.
 */
static inline struct span
with_keys(const char *text, struct arena *a)
{
	struct buf b = BUF(a);
	struct span rest = span_of(text);

	while (rest.p) {
		struct span word, key;
		size_t at;
		uint64_t n;

		buf_add(&b, span_cut(&rest, '@'));
		if (!rest.p)
			break;
		word = span_cut(&rest, '@');
		at = span_find(word, ':');
		if (at == word.len)
			at = span_find(word, '+');
		key = fixture_key(span_upto(word, at));
		if (!key.p) {
			/* No name of a key: an address of a record. */
			buf_char(&b, '@');
			buf_add(&b, word);
			buf_str(&b, rest.p ? "@" : "");
			continue;
		}
		if (at < word.len) {
			assert_true(
			    span_number(span_from(word, at + 1), key.len, &n));
			key = word.p[at] == ':' ? span_upto(key, (size_t)n)
						: span_from(key, (size_t)n);
		}
		buf_add(&b, key);
	}
	return arena_span(a, buf_span(&b));
}

#endif
