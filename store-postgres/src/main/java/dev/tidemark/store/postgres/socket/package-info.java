/** What the driver makes by name, and nobody else uses. */
@NullMarked
package dev.tidemark.store.postgres.socket;

import org.jspecify.annotations.NullMarked;
