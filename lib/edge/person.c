#include "edge/person.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

const char *person_name(void)
{
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	const struct passwd *who = sudo && sudo[0] ? getpwnam(sudo) : getpwuid(getuid());

	return who ? who->pw_name : "somebody";
}
