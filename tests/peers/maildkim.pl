#!/usr/bin/perl
# Signs and verifies with Mail::DKIM.
#	maildkim.pl verify KEYS LIST
#	maildkim.pl sign KEYS LIST
# LIST has lines, columns separated by tabs. For verify: FILE; prints FILE and
# the results of its signatures, from the top. For sign: FILE, OUTPUT, header
# and body canonicalization, selector, key file, field names to sign; writes
# the signed message. KEYS has lines NAME, blank, TXT record. A message with LF
# is given CRLF, as it travels.
use strict;
use warnings;
use Mail::DKIM::PrivateKey;
use Mail::DKIM::Signer;
use Mail::DKIM::Verifier;
use Net::DNS;

my %record;

# What Mail::DKIM queries instead of a resolver.
package Keys;

sub new         { return bless {}, shift }
sub errorstring { return 'NOERROR' }

sub send {
	my ($self, $name, $type) = @_;
	my $packet = Net::DNS::Packet->new($name, $type);
	my $text = $record{lc $name};

	$packet->header->rcode($text ? 'NOERROR' : 'NXDOMAIN');
	$packet->push(answer => Net::DNS::RR->new(
		name => $name, type => 'TXT',
		txtdata => [unpack '(a255)*', $text])) if $text;
	return $packet;
}

package main;

sub slurp {
	my ($path) = @_;

	open my $in, '<:raw', $path or die "$path: $!\n";
	local $/ = undef;
	my $text = <$in>;
	close $in;
	return $text;
}

sub feed {
	my ($dkim, $text) = @_;

	$text =~ s/(?<!\r)\n/\r\n/g;
	$dkim->PRINT($text);
	$dkim->CLOSE;
	return;
}

sub verify {
	my ($file) = @_;
	my $dkim = Mail::DKIM::Verifier->new;

	feed($dkim, slurp($file));
	print join("\t", $file, map { $_->result } $dkim->signatures), "\n";
	return;
}

sub sign {
	my ($file, $output, $header, $body, $selector, $key, $names) = @_;
	my $text = slurp($file);
	my $eol = $text =~ /\A[^\n]*\r\n/ ? "\r\n" : "\n";
	my $dkim = Mail::DKIM::Signer->new(
		Algorithm => 'rsa-sha256', Method => "$header/$body",
		Domain => 'example.org', Selector => $selector,
		KeyFile => $key, Headers => $names);

	feed($dkim, $text);
	my $field = $dkim->signature->as_string . "\n";
	$field =~ s/\r?\n/$eol/g;
	open my $out, '>:raw', $output or die "$output: $!\n";
	print $out $field, $text;
	close $out;
	return;
}

my ($verb, $keys, $list) = @ARGV;
for (split /\n/, slurp($keys)) {
	my ($name, $text) = split / /, $_, 2;
	$record{$name} = $text;
}
Mail::DKIM::DNS::resolver(Keys->new);
for (split /\n/, slurp($list)) {
	my @column = split /\t/;

	eval { $verb eq 'sign' ? sign(@column) : verify(@column); 1 }
		or warn "$column[0]: $@";
}
