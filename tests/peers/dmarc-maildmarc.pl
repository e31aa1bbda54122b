#!/usr/bin/perl
# Evaluates DMARC with Mail::DMARC.
#	dmarc-maildmarc.pl PORT SUFFIXES LIST
# See dmarc-authheaders.py. Instead of the policy: the disposition.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use AskOnce;
use Mail::DMARC::PurePerl;

my ($port, $suffixes, $list) = @ARGV;
my $resolver = AskOnce->new($port);

# The value of the last From field, unfolded.
sub from_field {
	my ($path) = @_;

	open my $in, '<:raw', $path or die "$path: $!\n";
	local $/ = undef;
	my ($header) = split /\n\n/, <$in>, 2;
	close $in;
	$header =~ s/\n(?=[ \t])//g;
	my @from = $header =~ /^From[ \t]*:(.*)$/mig;
	return $from[-1];
}

sub judge {
	my ($path, $author, $results) = @_;
	my $dmarc = Mail::DMARC::PurePerl->new;
	my (@dkim, @spf);

	$dmarc->{config} = { dns => { timeout => 5,
		public_suffix_list => $suffixes } };
	$dmarc->set_resolver($resolver);
	if ($author =~ /:/) {
		$dmarc->header_from_raw(from_field($path));
	} else {
		$dmarc->header_from($author);
	}
	for (grep { $_ ne '-' } split /,/, $results) {
		my ($mechanism, $result, $domain) = /^(.*)=(.*):(.*)$/;
		push @dkim, { domain => $domain, selector => 's',
			result => $result } if $mechanism eq 'dkim';
		push @spf, { domain => $domain, scope => 'mfrom',
			result => $result } if $mechanism eq 'spf';
	}
	$dmarc->dkim(\@dkim);
	$dmarc->spf(\@spf);
	my $result = $dmarc->validate;
	my $published = eval { $result->published };
	my @reasons = map { $_->comment // '' } @{ $result->reason || [] };
	return ($result->result, $result->disposition,
		$published ? $published->domain : 'none', "@reasons");
}

binmode STDOUT, ':raw';
$SIG{__WARN__} = sub { };
open my $in, '<:raw', $list or die "$list: $!\n";
while (my $line = <$in>) {
	chomp $line;
	my @row = eval { judge(split /\t/, $line) };
	@row = ('crash', '-', '-', "$@") if @row == 0;
	$row[3] = '-' if not length $row[3];
	s/([^ -~]|\\)/sprintf '\\x%02x', ord $1/ge for @row;
	print join("\t", @row), "\n";
}
