# cases.awk: the interpreter of case files: compares what they want with what
# was got, and writes a line for each case, as tally() of lib.sh takes them.
# cases.sh, which calls it, has the formats. The variable form is
#	table	for TABLE ROWS: each row of the first against that of the second
#	cases	for FILE RS='\001' OUTS ERRS: each case against its run, as
#		record() has it
#	usage	the same for a file of invalid use of the tool
# and the variable how, if any, is added to the titles.
BEGIN { FS = "\t" }
FNR == 1 { file++ }

function report(good, name) {
	print (good ? 0 : 1) "\t" name
	return good
}

function remark(text) {
	text = substr(text, 1, 4000)
	gsub(/\n/, "\n#\t", text)
	print "#\t" text
}

# --- tables ---

# name_columns COLUMNS: those that the first line has, which begins with "#"
function name_columns(columns, n, i, word) {
	if (columns["named"]++)
		return
	n = split(substr($0, 2), word)
	for (i = 1; i <= n; i++)
		columns[i] = word[i]
}

function matches(want, got, subject) {
	if (want == "=")
		want = subject
	if (want ~ /^~/)
		return got ~ substr(want, 2)
	if (want ~ /^!/)
		return index(" " got " ", " " substr(want, 2) " ") == 0
	return want == "*" || got == "*" || want == got
}

# compare_row ROW: of the table, with the one that was got
function compare_row(row, n, i, j, want, differs) {
	n = split(row, want)
	for (i = 1; i <= NF; i++) {
		for (j = n; j && wanted[j] != got[i]; j--)
			;
		if (!j || !matches(want[j], $i, want[2]))
			differs = differs got[i] ": " $i "\n"
	}
	if (!report(NF && !differs, want[1] (how ? ", " how : "") ": " want[n]))
		remark(differs "wanted: " row)
}

form == "table" && /^#/ {
	if (file == 1)
		name_columns(wanted)
	else
		name_columns(got)
	next
}
form == "table" && file == 1 { rows[++cases] = $0 }
form == "table" && file == 2 && ++runs <= cases { compare_row(rows[runs]) }

# --- runs ---

file == 1 && /^(#.*)?$/ { next }

form == "usage" && file == 1 {
	named[++cases] = $1
	title[cases] = "64, and a line that names " $1 ": " $2
	texts[cases, "args"] = $2 "\n"
	status[cases] = 64
}

form == "cases" && file == 1 {
	key = value = $0
	sub(/:.*/, "", key)
	sub(/^[a-z]*: ?/, "", value)
	if (key == "case")
		title[++cases] = value
	else if (key == "status")
		status[cases] = value
	else if (key ~ /^(args|has|lacks|err|out|stdin|mail)$/)
		texts[cases, key] = texts[cases, key] value \
		    ($0 == "out:" ? "" : "\n")
	else
		report(0, "the cases have a line: " $0)
}

# Outputs, each after that of the run before and its status.
form != "table" && file == 2 && FNR % 2 { out[++runs] = $0 }
form != "table" && file == 2 && FNR % 2 == 0 { exits[runs] = $0 }
form != "table" && file == 3 { err[FNR] = $0 }

# has_texts TEXT LIST: how many of the texts, one a line, it has not
function lacking(text, list, n, i, part, found) {
	n = split(list, part, "\n") - 1
	for (i = 1; i <= n; i++)
		found += index(text, part[i]) > 0
	return n > 0 ? n - found : 0
}

function is_as_wanted(c, r) {
	return exits[r] == status[c] &&
	    (!((c, "out") in texts) || out[r] == texts[c, "out"]) &&
	    ((c, "err") in texts || err[r] == "") &&
	    !lacking(out[r], texts[c, "has"]) &&
	    !lacking(err[r], texts[c, "err"]) &&
	    lacking(out[r], texts[c, "lacks"]) == \
	    gsub(/\n/, "&", texts[c, "lacks"])
}

# is_refused NAME R: in one printable line of the tool that has the name
function is_refused(name, r, line) {
	line = err[r]
	return exits[r] == 64 && out[r] == "" && sub(/\n$/, "", line) &&
	    index(line, tool ": ") == 1 && line !~ /[^ -~]/ &&
	    index(line, name)
}

function compare_run(c, r, good) {
	if (form == "usage")
		good = report(is_refused(named[c], r), title[c])
	else
		good = report(is_as_wanted(c, r), title[c])
	if (!good)
		remark("status " exits[r] ": " texts[c, "args"] out[r] err[r])
}

END {
	for (c = 1; form != "table" && c <= cases; c++)
		if (c in status)
			compare_run(c, ++ran)
	report(runs && runs == (form == "table" ? cases : ran),
	    "all of them ran" (how ? ", " how : ""))
}
