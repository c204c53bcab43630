/* floor: cmd - what the pages hold beside their data: asset/. */
#ifndef SERVE_PAGE_H
#define SERVE_PAGE_H

extern const char tctl_serve_css[];
extern const char tctl_serve_js[];

#endif
