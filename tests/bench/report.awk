# report.awk: an aggregate report of -v records=N records, of the kind that
# large reporters send: 20 senders, one or two signatures.
BEGIN {
	print "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<feedback>"
	print "  <report_metadata>\n    <org_name>example.net</org_name>"
	print "    <email>dmarc@example.net</email>"
	print "    <report_id>" records ".1</report_id>\n    <date_range>"
	print "      <begin>1793491200</begin>\n      <end>1793577599</end>"
	print "    </date_range>\n  </report_metadata>\n  <policy_published>"
	print "    <domain>example.org</domain>\n    <adkim>r</adkim>"
	print "    <aspf>r</aspf>\n    <p>none</p>\n    <sp>none</sp>"
	print "    <pct>100</pct>\n  </policy_published>"
	for (i = 0; i < records; i++)
		record(i)
	print "</feedback>"
}
function signature(domain, selector, result) {
	print "      <dkim>\n        <domain>" domain "</domain>"
	print "        <selector>" selector "</selector>"
	print "        <result>" result "</result>\n      </dkim>"
}
function record(i,    result, sender) {
	result = i % 7 ? "pass" : "fail"
	sender = "mail" i % 20 ".example.com"
	print "  <record>\n    <row>"
	print "      <source_ip>192.0." int(i / 256) % 256 "." i % 256 \
	    "</source_ip>"
	print "      <count>" i % 90 + 1 "</count>\n      <policy_evaluated>"
	print "        <disposition>none</disposition>"
	print "        <dkim>" result "</dkim>\n        <spf>fail</spf>"
	print "      </policy_evaluated>\n    </row>\n    <identifiers>"
	print "      <header_from>example.org</header_from>"
	print "      <envelope_from>" sender "</envelope_from>"
	print "    </identifiers>\n    <auth_results>"
	signature("example.org", "s2026", result)
	if (i % 2)
		signature(sender, "k1", "pass")
	print "      <spf>\n        <domain>" sender "</domain>"
	print "        <scope>mfrom</scope>\n        <result>pass</result>"
	print "      </spf>\n    </auth_results>\n  </record>"
}
