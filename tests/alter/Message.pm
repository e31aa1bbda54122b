# Message: what alterations of a message need: its fields and body, canonical
# forms (RFC 6376 3.4), encodings. Core modules only, and nothing of the
# toolkit: tests compare what it finds with what was done here.
# SPDX-License-Identifier: ISC
package Message;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(parse octets name body_of fields find get put add drop
	address canon_header canon_body tags signed_header fold pick chance
	parts part_header type_of param b64 qp unqp text_eol shuffle);
use MIME::Base64 qw(encode_base64 decode_base64);

# A message has CRLF everywhere: {fields => [raw ...], body => octets}.
sub parse {
	my ($octets) = @_;
	$octets =~ s/(?<!\r)\n/\r\n/g;
	my ($h, $b) = $octets =~ /\A((?:[^\r\n][^\n]*\n)*)(?:\r\n)?(.*)\z/s;
	return {fields => [$h =~ /([^ \t][^\n]*\n(?:[ \t][^\n]*\n)*)/g],
		body => $b};
}

sub octets {
	my ($m, $lf) = @_;
	my $all = join('', @{$m->{fields}}) . "\r\n" . $m->{body};
	$all =~ s/\r\n/\n/g if $lf;
	return $all;
}

sub name { return $_[0] =~ /^([^: \t]+)/ ? lc $1 : '' }
sub body_of { return $_[0] =~ /^[^:]*:[ \t]*(?:\r\n[ \t]+)?(.*?)[ \t]*\r\n\z/s ? $1 : '' }

# Indices of the fields of a name, from the top.
sub fields {
	my ($m, $name) = @_;
	return grep { name($m->{fields}[$_]) eq lc $name } 0 .. $#{$m->{fields}};
}

sub find { return (fields(@_))[-1] }
sub get { my $i = find(@_); return defined $i ? body_of($_[0]{fields}[$i]) : undef }

# Gives a field another value; its name, and what follows the colon, stay.
sub put {
	my ($m, $name, $value) = @_;
	my $i = find($m, $name);
	return if !defined $i;
	my ($head) = $m->{fields}[$i] =~ /^([^:]*:[ \t]?)/;
	my $new = "$head$value\r\n";
	return if $new eq $m->{fields}[$i];
	$m->{fields}[$i] = $new;
	return 1;
}

# Adds a field above all, or below.
sub add {
	my ($m, $name, $value, $below) = @_;
	my $raw = "$name: $value\r\n";
	if ($below) { push @{$m->{fields}}, $raw }
	else { unshift @{$m->{fields}}, $raw }
	return 1;
}

sub drop {
	my ($m, $name) = @_;
	my $i = find($m, $name);
	return if !defined $i;
	return splice @{$m->{fields}}, $i, 1;
}

# Name and address of a mailbox.
sub address {
	my ($s) = @_;
	return ($1, $2) if $s =~ /^(.*?)\s*<([^<>]*)>$/s;
	return ($2, $1) if $s =~ /^(\S+)\s*\((.*)\)$/s;
	return ('', $s);
}

sub canon_header {
	my ($c, $raw) = @_;
	return $raw if $c eq 'simple';
	my ($value) = $raw =~ /:(.*)/s;
	$value =~ s/\r\n//g;
	$value =~ s/[ \t]+/ /g;
	$value =~ s/^ | $//g;
	return name($raw) . ":$value\r\n";
}

sub canon_body {
	my ($c, $body) = @_;
	if ($c eq 'relaxed') {
		$body =~ s/[ \t]+(?=\r\n|\z)//g;
		$body =~ s/[ \t]+/ /g;
	}
	$body .= "\r\n" if $body ne '' && $body !~ /\r\n\z/;
	$body =~ s/(?:\r\n)+\z/\r\n/;
	return $c eq 'relaxed' ? '' : "\r\n" if $body eq '' || $body eq "\r\n";
	return $body;
}

sub tags {
	my ($field) = @_;
	$field =~ s/^[^:]*:|[ \t\r\n]+//g;
	return map { /^(\w+)=(.*)$/ ? ($1, $2) : () } split /;/, $field;
}

# The octets that the lowest signature signs.
sub signed_header {
	my ($m) = @_;
	my $field = $m->{fields}[find($m, 'dkim-signature')];
	my %tag = tags($field);
	my ($c) = split m{/}, $tag{c} || 'simple/simple';
	my @rest = grep { $_ ne $field } reverse @{$m->{fields}};
	my $out = '';
	for my $name (map { lc } split /:/, $tag{h}) {
		my ($i) = grep { name($rest[$_]) eq $name } 0 .. $#rest;
		$out .= canon_header($c, splice @rest, $i, 1) if defined $i;
	}
	$field =~ s/((?:^[^:]*:|;)\s*b\s*=)[^;]*/$1/s;
	$field .= "\r\n" if $field !~ /\r\n\z/;
	return $out . canon_header($c, $field) =~ s/\r\n\z//r;
}

# Folds a value at the last blank before a column.
sub fold {
	my ($name, $value, $column, $with) = @_;
	return '' if $value eq '';
	my ($out, $line) = ('', "$name:");
	for my $word (split / +/, $value) {
		if (length("$line $word") > $column && $line ne "$name:") {
			$out .= "$line\r\n";
			$line = ($with || '') . ($with ? '' : ' ') . $word;
		} else { $line .= " $word" }
	}
	return "$out$line" =~ s/^\Q$name\E: //r;
}

sub pick { return $_[rand @_] }
sub chance { return rand() < $_[0] }
sub shuffle { my @l = @_; for my $i (reverse 1 .. $#l) { my $k = int rand $i + 1; @l[$i, $k] = @l[$k, $i] } return @l }

sub type_of { return ($_[0] =~ /^content-type:\s*([^\s;]+)/mi)[0] || 'text/plain' }
sub param { return $_[0] =~ /\b\Q$_[1]\E="?([^";\r\n]+)/i ? $1 : undef }

# The leaf parts of a message: where header and content begin, and the content
# ends. The message itself if it is no multipart: its header is undef.
sub parts {
	my ($m) = @_;
	my $head = join '', grep { /^content-/i } @{$m->{fields}};
	return leaves($m->{body}, $head, 0, length $m->{body}, undef);
}

sub leaves {
	my ($body, $head, $from, $to, $at) = @_;
	my $text = substr $body, $from, $to - $from;
	my $boundary = param($head, 'boundary');
	return {header => $at, head => $head, from => $from, to => $to}
		if type_of($head) !~ m{^multipart/}i || !defined $boundary;
	my ($start, @out);
	while ($text =~ /(?:\A|\r\n)--\Q$boundary\E(--)?[ \t]*(?:\r\n|\z)/g) {
		my ($begin, $end, $last) = ($-[0], $+[0], $1);
		if (defined $start) {
			my $part = substr $text, $start, $begin > $start ? $begin - $start : 0;
			my ($h) = "$part\r\n" =~ /\A((?:[^\r\n][^\n]*\n)*\r\n)/;
			push @out, leaves($body, $h, $from + $start + length $h,
				$from + $begin, $from + $start);
		}
		$start = $end;
		pos($text) = $end - 2 if !$last;
		last if $last;
	}
	return @out;
}

# Gives a part another header and content: those later in the body first.
sub part_header {
	my ($m, $p, $head, $content) = @_;
	substr $m->{body}, $p->{from}, $p->{to} - $p->{from}, $content
		if defined $content;
	substr $m->{body}, $p->{header}, $p->{from} - $p->{header}, $head
		if defined $head && defined $p->{header};
}

sub b64 { my ($s, $n) = @_; return encode_base64($s, '') =~ s/(.{1,$n})/$1\r\n/gr }

# Quoted-printable as Python's email package writes it: lines of at most 76.
sub qp {
	my ($s, $width) = @_;
	$width ||= 76;
	my @out;
	for my $line (split /\r\n/, $s, -1) {
		my @units = map { /[\x21-\x3c\x3e-\x7e \t]/ ? $_ : sprintf '=%02X', ord }
			split //, $line;
		$units[-1] = sprintf '=%02X', ord $units[-1]
			if @units && $units[-1] =~ /^[ \t]$/;
		my $text = '';
		while (@units) {
			my $rest = 0;
			$rest += length for @units;
			if (length($text) + $rest <= $width) { $text .= join '', @units; last }
			if (length($text) + length($units[0]) > $width - 1) {
				push @out, "$text=";
				$text = '';
			}
			$text .= shift @units;
		}
		push @out, $text;
	}
	return join "\r\n", @out;
}

sub unqp {
	my ($s) = @_;
	$s =~ s/[ \t]+\r\n/\r\n/g;
	$s =~ s/=\r\n//g;
	$s =~ s/=([0-9A-Fa-f]{2})/chr hex $1/ge;
	return $s;
}

1;
