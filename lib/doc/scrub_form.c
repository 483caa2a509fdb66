#include "doc/scrub_form.h"

#include <arpa/inet.h>
#include <ctype.h>

static unsigned char byte_at(struct str s, size_t at)
{
	return at < s.n ? (unsigned char)s.p[at] : 0;
}

size_t form_ipv4(struct str text, size_t at)
{
	unsigned part[4];
	size_t n = at;

	for (int i = 0; i < 4; i++) {
		size_t start = n;

		if (i && byte_at(text, n++) != '.')
			return 0;
		start = n;
		for (part[i] = 0; n < start + 3 && isdigit(byte_at(text, n)); n++)
			part[i] = part[i] * 10 + (unsigned)(text.p[n] - '0');
		if (n == start || part[i] > 255)
			return 0;
	}
	if (isalnum(byte_at(text, n)) || byte_at(text, n) == '_' ||
		(byte_at(text, n) == '.' && isdigit(byte_at(text, n + 1))) ||
		((byte_at(text, n) == '-' || byte_at(text, n) == '+') &&
			isalpha(byte_at(text, n + 1))))
		return 0;
	if (part[0] == 127 || part[0] + part[1] + part[2] + part[3] == 0 ||
		part[0] + part[1] + part[2] + part[3] == 4 * 255)
		return 0;
	return n - at;
}

size_t form_ipv6(struct str text, size_t at)
{
	char copy[46];
	unsigned char address[16];
	size_t n = 0, colons = 0;

	while (n < 45 && (isxdigit(byte_at(text, at + n)) || byte_at(text, at + n) == ':' ||
				 byte_at(text, at + n) == '.')) {
		copy[n] = text.p[at + n];
		colons += copy[n++] == ':';
	}
	while (n && (copy[n - 1] == '.' || (copy[n - 1] == ':' && n > 1 && copy[n - 2] != ':')))
		n--; /* of the sentence */
	copy[n] = '\0';
	if (colons < 2 || n < 4 || isalnum(byte_at(text, at + n)) ||
		inet_pton(AF_INET6, copy, address) != 1)
		return 0;
	return n;
}

size_t form_mac(struct str text, size_t at)
{
	char separator = (char)byte_at(text, at + 2);
	bool telling = false;

	if (separator == ':' || separator == '-') {
		for (size_t i = 0; i < 17; i++) {
			unsigned char c = byte_at(text, at + i);

			if (i % 3 == 2 ? c != (unsigned char)separator : !isxdigit(c))
				return 0;
			telling = telling || (i % 3 != 2 && tolower(c) != 'f' && c != '0');
		}
		return telling && !isalnum(byte_at(text, at + 17)) &&
				       byte_at(text, at + 17) != (unsigned char)separator
			       ? 17
			       : 0;
	}
	if (byte_at(text, at + 4) != '.')
		return 0;
	for (size_t i = 0; i < 14; i++)
		if (i % 5 == 4 ? byte_at(text, at + i) != '.' : !isxdigit(byte_at(text, at + i)))
			return 0;
	return isalnum(byte_at(text, at + 14)) || byte_at(text, at + 14) == '.' ? 0 : 14;
}

/* Whether what ends here goes on as something else: "52" of "52:54:00", "10" of "10.0.0.5". */
static bool goes_on(struct str text, size_t end)
{
	return memchr(":.-/", byte_at(text, end), 4) && isalnum(byte_at(text, end + 1));
}

/*
 * Groups of digits, as many as a number may have; the last one is left out when it begins
 * something else.
 */
size_t form_phone(struct str text, size_t at)
{
	size_t n = at + 1, digits = 0, any = 0, best = 0;
	bool bracket = false;

	if (byte_at(text, at) != '+' || byte_at(text, n) < '1' || byte_at(text, n) > '9')
		return 0;
	for (; n < at + 24; n++) {
		unsigned char c = byte_at(text, n), next = byte_at(text, n + 1);

		if (isdigit(c)) {
			if (++digits > 15)
				break;
			if (digits >= 7 && !isalnum(next)) {
				any = n + 1;
				best = goes_on(text, n + 1) ? best : n + 1;
			}
		} else if (c == '(' && !bracket) {
			bracket = true;
		} else if (!memchr(" .-)", c, 4) ||
			   !(isdigit(byte_at(text, n - 1)) || byte_at(text, n - 1) == ')')) {
			break;
		}
	}
	return best ? best - at : any ? any - at : 0;
}

static bool is_luhn(const char *digits, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(digits[n - 1 - i] - '0');

		d = i % 2 ? (d > 4 ? 2 * d - 9 : 2 * d) : d;
		sum += d;
	}
	return sum % 10 == 0;
}

/* 3, 4, 5, 6 and 2221 to 2720 begin cards; a time in microseconds begins with 1. */
static bool is_issued(const char *digits)
{
	int four = (digits[0] - '0') * 1000 + (digits[1] - '0') * 100 + (digits[2] - '0') * 10 +
		   (digits[3] - '0');

	return (four >= 2221 && four <= 2720) || (four >= 3000 && four < 7000);
}

static bool is_card(const char *digits, size_t n)
{
	bool same = true;

	if (n < 13 || n > 19)
		return false;
	for (size_t i = 1; i < n; i++)
		same = same && digits[i] == digits[0];
	return !same && is_issued(digits) && is_luhn(digits, n);
}

/* Another number may follow after a blank: each end of a group can be its end. */
size_t form_card(struct str text, size_t at)
{
	char digits[20] = "";
	size_t n = at, count = 0, end = 0;

	for (; n < at + 40 && count < 20; n++) {
		unsigned char c = byte_at(text, n);

		if (isdigit(c)) {
			digits[count++] = (char)c;
			continue;
		}
		if (!isalpha(c) && c != '_' && is_card(digits, count))
			end = n;
		if ((c != ' ' && c != '-') || !isdigit(byte_at(text, n + 1)) || count < 4)
			break;
	}
	return end ? end - at : 0;
}

size_t form_iban(struct str text, size_t at)
{
	char flat[40];
	size_t n = at, count = 0;
	unsigned rest = 0;

	while (n < at + 44 && count < 35) {
		unsigned char c = byte_at(text, n);

		if (isupper(c) || isdigit(c))
			flat[count++] = (char)c;
		else if (c != ' ' || count % 4 ||
			 !(isupper(byte_at(text, n + 1)) || isdigit(byte_at(text, n + 1))))
			break;
		n++;
	}
	if (count < 15 || count > 34 || !isupper((unsigned char)flat[0]) ||
		!isupper((unsigned char)flat[1]) || !isdigit((unsigned char)flat[2]) ||
		!isdigit((unsigned char)flat[3]) || isalnum(byte_at(text, n)))
		return 0;
	for (size_t i = 0; i < count; i++) {
		char c = flat[(i + 4) % count];

		rest = c <= '9' ? (rest * 10 + (unsigned)(c - '0')) % 97
				: (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest == 1 ? n - at : 0;
}
