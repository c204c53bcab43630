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

struct tctl_route {
	const char *path; /* ends with /: and what follows */
	tctl_make_fn *make;
	bool is_open; /* without the token */
	bool fresh;   /* never kept */
};
extern const struct tctl_route tctl_routes[]; /* ends with NULL */

/* Make the document and send it; keep: or the one that was made before, while
 * the store has not changed. */
enum MHD_Result tctl_serve_answer(const struct tctl_asked *asked,
    tctl_make_fn *make, const char *rest, bool keep);

#endif
