/* floor: cmd - text files built into the program. */
#ifndef TASKCTL_ASSET_H
#define TASKCTL_ASSET_H

struct tctl_asset {
	const char *name; /* the file's name, without its folder */
	const char *text;
};

/* What cmd/taskctl/asset/ holds; ends with a row of NULLs. */
extern const struct tctl_asset tctl_asset[];

#endif
