/* dns_json: write answers of the DNS in JSON. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_json.h"

json_t *
dns_answer_json(const struct dns_answer *answer, struct arena *a)
{
	json_t *records = json_array();

	for (size_t i = 0; i < answer->nrecords; i++)
		json_array_append_new(
		    records, json_text(dns_rr_text(&answer->records[i], a), a));
	return json_pack("{s:o, s:s, s:s, s:o}",
	    JSON_MEMBER("name", json_text(answer->name, a)),
	    JSON_MEMBER("type", dns_type_name(answer->type, a)),
	    JSON_MEMBER("status", dns_status_words(answer->status)),
	    JSON_MEMBER("records", records));
}
