/** What was measured, and how it is told: JSON, a table in Markdown, a page in HTML. */
@NullMarked
package io.kvd.bench.report;

import org.jspecify.annotations.NullMarked;
