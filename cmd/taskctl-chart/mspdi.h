/* floor: cmd - elements of Microsoft Project's XML, as its schema spells what
 * they hold. */
#ifndef TASKCTL_CHART_MSPDI_H
#define TASKCTL_CHART_MSPDI_H

#include <libxml/xmlwriter.h>
#include <stdint.h>

void tctl_mspdi_open(xmlTextWriterPtr xml, const char *name);
void tctl_mspdi_close(xmlTextWriterPtr xml);
void tctl_mspdi_text(xmlTextWriterPtr xml, const char *name, const char *text);
void tctl_mspdi_number(xmlTextWriterPtr xml, const char *name, int64_t number);

/* Without a zone: Project knows none. */
void tctl_mspdi_instant(xmlTextWriterPtr xml, const char *name, int64_t ms);
void tctl_mspdi_duration(xmlTextWriterPtr xml, const char *name, int64_t ms);

#endif
