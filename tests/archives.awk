# archives.awk: the aggregate reports that a table of data/archives describes,
# one file each. archives.sh, which calls it, has the format of the tables.
# -v to=FOLDER: where NUMBER.xml is written; -v at=TIME: the first second, if not
# that of the table; on stdout a line for each report:
# number, form, file name, reporter, domain, report id, day.
BEGIN { FS = "\t" }
/^#/ || !NF { next }
$1 == "domain" { domain = $2; first = at ? at : $3; days = $4; next }
$1 == "policy" { policies++; policy_day[policies] = $2; p[policies] = $3; next }
$1 == "reporter" {
	n = ++reporters
	org[n] = $2; email[n] = $3; form[n] = $4; schema[n] = $5; weight[n] = $6
	on(reporter_on, reporter_off, n, $7)
	weights += $6
	next
}
$1 == "source" {
	n = ++sources
	address[n] = $2; addresses[n] = $3; on(source_on, source_off, n, $4)
	count[n] = $5; from[n] = $6; spf[n] = $7; dkim[n] = $8; reason[n] = $9
	only[n] = $10
	next
}
{ print "archives.awk: unknown: " $0 >"/dev/stderr"; exit 1 }
END {
	for (day = 1; day <= days; day++)
		for (r = 1; r <= reporters; r++)
			if (day >= reporter_on[r] && day <= reporter_off[r])
				report(day, r)
}

# on FIRST-LAST: days from 1; "-" is all of them
function on(begin, end, n, text,    part) {
	split(text, part, "-")
	begin[n] = part[1] == "" ? 1 : part[1] + 0
	end[n] = part[2] == "" ? 9999 : part[2] + 0
}

# The i-th of the addresses: "*" is a number of its own for each octet.
function nth(text, i) {
	sub(/\*/, i * 37 % 250 + 1, text)
	sub(/\*/, i * 101 % 250 + 1, text)
	sub(/#/, i + 1, text)
	return text
}

function within(name, org) {
	return name == org ||
	    substr(name, length(name) - length(org)) == "." org
}

function element(name, text, indent) {
	if (text != "")
		printf "%s<%s>%s</%s>\n", indent, name, text, name >file
}

function policy_of(day,    i, found) {
	for (i = 1; i <= policies; i++)
		if (day >= policy_day[i])
			found = p[i]
	return found
}

function report(day, r,    begin, id, name, i) {
	begin = first + (day - 1) * 86400
	id = begin "." r
	name = org[r] "!" domain "!" begin "!" begin + 86399
	number++
	file = to "/" number ".xml"
	print number, form[r], name, org[r], email[r], domain, id, day
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" >file
	print "<feedback" (schema[r] == 9990 ? \
	    " xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"" : "") ">" >file
	print "<report_metadata>" >file
	element("org_name", org[r], "  ")
	element("email", email[r], "  ")
	element("report_id", id, "  ")
	print "  <date_range><begin>" begin "</begin><end>" begin + 86399 \
	    "</end></date_range>" >file
	print "</report_metadata>\n<policy_published>" >file
	element("domain", domain, "  ")
	element("p", policy_of(day), "  ")
	print "</policy_published>" >file
	for (i = 1; i <= sources; i++)
		if (day >= source_on[i] && day <= source_off[i] &&
		    (only[i] == "" || only[i] == org[r]))
			source(day, r, i)
	print "</feedback>" >file
	close(file)
}

# Messages of a source: fewer on each seventh day, some more or less on others.
function source(day, r, i,    n, share, k) {
	n = count[i] * (80 + (day * 7 + i * 13) % 41) / 100
	if (day % 7 == 1)
		n /= 3
	if (only[i] == "")
		n *= weight[r] / weights
	for (k = 0; k < addresses[i]; k++) {
		# What is lost by rounding on one day is added on another.
		share = int(n * (k + 1) / addresses[i] + day % 10 / 10)
		share -= int(n * k / addresses[i] + day % 10 / 10)
		if (share)
			record(nth(address[i], k), share, day, i)
	}
}

function results(i, what, text,    list, part, n, k, domain) {
	aligned[what] = "fail"
	results_text = ""
	if (text == "-")
		return
	n = split(text, list, ",")
	for (k = 1; k <= n; k++) {
		split(list[k], part, "[=/]")
		domain = part[1]
		if (what == "dkim")
			results_text = results_text "    <dkim><domain>" domain \
			    "</domain><selector>" part[2] "</selector><result>" \
			    part[3] "</result></dkim>\n"
		else
			results_text = results_text "    <spf><domain>" domain \
			    "</domain><result>" part[2] "</result></spf>\n"
		if (list[k] ~ /=pass$/ && (within(domain, from[i]) ||
		    within(from[i], domain)))
			aligned[what] = "pass"
	}
}

function record(ip, n, day, i,    dkim_text, spf_text, why, disposition) {
	results(i, "dkim", dkim[i])
	dkim_text = results_text
	results(i, "spf", spf[i])
	spf_text = results_text
	split(reason[i], why, "/")
	disposition = policy_of(day)
	if (aligned["dkim"] == "pass" || aligned["spf"] == "pass" ||
	    reason[i] != "-")
		disposition = "none"
	print "<record>\n  <row>" >file
	element("source_ip", ip, "    ")
	element("count", n, "    ")
	print "    <policy_evaluated>" >file
	element("disposition", disposition, "      ")
	element("dkim", aligned["dkim"], "      ")
	element("spf", aligned["spf"], "      ")
	if (reason[i] != "-")
		print "      <reason><type>" why[1] "</type><comment>" why[2] \
		    "</comment></reason>" >file
	print "    </policy_evaluated>\n  </row>\n  <identifiers>" >file
	element("header_from", from[i], "    ")
	print "  </identifiers>\n  <auth_results>" >file
	printf "%s%s", dkim_text, spf_text >file
	print "  </auth_results>\n</record>" >file
}
