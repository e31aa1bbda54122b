# reports.awk: writes aggregate reports, DIR/REPORTER-DAY.xml, with -v dir=DIR.
# A line is a record; the records of a day and a reporter are a report: the day
# (0 is 2026-11-01), reporter, source, messages, disposition, DKIM, SPF (pass or
# fail), d=, selector, policy, header_from. "-" is absent, "_" a blank.
function element(name, text) {
	if (text == "-")
		return ""
	gsub(/_/, " ", text)
	return "<" name ">" text "</" name ">"
}
function begin(file, day, reporter, policy) {
	print "<feedback><report_metadata>" element("org_name", reporter) \
	    element("email", "dmarc@example.net") \
	    element("report_id", "r" (day + 1000)) "<date_range>" \
	    element("begin", (20758 + day) * 86400) \
	    element("end", (20758 + day) * 86400 + 86399) \
	    "</date_range></report_metadata><policy_published>" \
	    element("domain", "example.org") element("p", policy) \
	    "</policy_published>" >file
	close(file)
}
# Each is closed again: few files may be open at once.
{
	file = dir "/" $2 "-" ($1 + 1000) ".xml"
	if (!(file in files))
		begin(file, $1, $2, $10)
	files[file]
	print "<record><row>" element("source_ip", $3) element("count", $4) \
	    "<policy_evaluated>" element("disposition", $5) \
	    element("dkim", $6) element("spf", $7) \
	    "</policy_evaluated></row><identifiers>" \
	    element("header_from", $11) "</identifiers><auth_results>" \
	    ($8 == "-" ? "" : "<dkim>" element("domain", $8) \
	    element("selector", $9) element("result", "pass") "</dkim>") \
	    "</auth_results></record>" >>file
	close(file)
}
END {
	for (file in files) {
		print "</feedback>" >>file
		close(file)
	}
}
