/* floor: cmd - one request, and the document that answers it. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include "serve.h"

struct tctl_asked {
	struct tctl_serve *serve;
	struct MHD_Connection *connection;
	const char *url;
	const char *body; /* NULL: there is none */
	size_t length;
};

/* Fill in the page; rest is what follows the route's path. */
typedef void tctl_make_fn(const struct tctl_asked *asked, const char *rest,
    struct tctl_answer_page *page);

/* A document is kept until the store changes, and found again by: */
enum tctl_kept {
	TCTL_KEPT_NOT,
	TCTL_KEPT_BY_PATH,    /* what stands behind it changes nothing */
	TCTL_KEPT_BY_ADDRESS, /* with its parameters */
};

struct tctl_route {
	const char *path; /* ends with /: and what follows */
	tctl_make_fn *make;
	enum tctl_kept kept;
	bool is_open; /* without the token */
};
extern const struct tctl_route tctl_routes[]; /* ends with NULL */

/* Make the document and send it, or the one that is kept. */
enum MHD_Result tctl_serve_answer(const struct tctl_asked *asked,
    tctl_make_fn *make, const char *rest, enum tctl_kept kept);

#endif
