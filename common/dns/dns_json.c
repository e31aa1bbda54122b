#include "dns/dns_json.h"

json_t *
dns_answer_json(const struct dns_answer *answer, struct arena *a)
{
	json_t *object = json_object(), *records = json_array();

	for (size_t i = 0; i < answer->nrecords; i++)
		json_array_append_new(
		    records, json_text(dns_rr_text(&answer->records[i], a), a));
	json_object_set_new(object, "name", json_text(answer->name, a));
	json_object_set_new(
	    object, "type", json_string(dns_type_name(answer->type, a)));
	json_object_set_new(
	    object, "status", json_string(dns_status_words(answer->status)));
	json_object_set_new(object, "records", records);
	return object;
}
