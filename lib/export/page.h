/* floor: export - what a page holds beside its chart: page.css, page.js. */
#ifndef EXPORT_PAGE_H
#define EXPORT_PAGE_H

extern const char tctl_page_css[];
extern const char tctl_page_js[];

#endif
